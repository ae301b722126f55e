package io.pgring.proxy.topology;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** From the object identifiers of one server to those of another. Immutable; looks up without allocation. */
final class OidMap {
    static final OidMap EMPTY = new OidMap(new TreeMap<>());

    private final int[] from;
    private final int[] to;

    private OidMap(SortedMap<Integer, Integer> pairs) {
        this.from = pairs.keySet().stream().mapToInt(Integer::intValue).toArray();
        this.to = pairs.values().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Of what has the same name on both. */
    static OidMap between(Map<String, Integer> from, Map<String, Integer> to) {
        SortedMap<Integer, Integer> pairs = new TreeMap<>();
        from.forEach((name, oid) -> {
            Integer there = to.get(name);
            if (there != null) {
                pairs.put(oid, there);
            }
        });
        return new OidMap(pairs);
    }

    /** The counterpart; 0 when there is none. */
    int get(int oid) {
        int index = Arrays.binarySearch(from, oid);
        return index < 0 ? 0 : to[index];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OidMap that && Arrays.equals(from, that.from) && Arrays.equals(to, that.to);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(from) + Arrays.hashCode(to);
    }
}
