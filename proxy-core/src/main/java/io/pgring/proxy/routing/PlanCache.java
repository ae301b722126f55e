package io.pgring.proxy.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans by normalised text. An open-addressing table with linear probing, over keys that are compared byte by byte: a lookup
 * allocates nothing. When it is full it starts anew, which costs one parse per text in use.
 *
 * <p>Not thread-safe: belongs to one event loop.
 */
final class PlanCache {
    private static final int SLOTS_PER_ENTRY = 2;
    /** Longer texts are hardly ever the same twice. */
    private static final int KEY_BYTES_MAX = 64 * 1024;

    private final int entriesMax;
    private final int mask;
    private final long[] hashes;
    private final byte[] @Nullable [] keys;
    private final @Nullable Plan[] plans;
    private int entries;
    private long topologyVersion;

    PlanCache(int entriesMax) {
        this.entriesMax = entriesMax;
        int slots = Integer.highestOneBit(Math.max(entriesMax, 1) * SLOTS_PER_ENTRY) * 2;
        this.mask = slots - 1;
        this.hashes = new long[slots];
        this.keys = new byte[slots][];
        this.plans = new Plan[slots];
    }

    /** The plan made for these bytes under this topology; null when there is none. */
    @Nullable
    Plan find(byte[] key, int length, long hash, long version) {
        if (version != topologyVersion) {
            clear();
            topologyVersion = version;
            return null;
        }
        for (int slot = slotOf(hash); plans[slot] != null; slot = (slot + 1) & mask) {
            byte[] candidate = keys[slot];
            if (hashes[slot] == hash
                    && candidate != null
                    && candidate.length == length
                    && Arrays.equals(candidate, 0, length, key, 0, length)) {
                return plans[slot];
            }
        }
        return null;
    }

    /** Remembers a plan for a key that {@link #find} has just not found. */
    void put(byte[] key, int length, long hash, Plan plan) {
        if (length > KEY_BYTES_MAX || plan.topologyVersion() != topologyVersion) {
            return;
        }
        if (entries >= entriesMax) {
            clear();
        }
        int slot = slotOf(hash);
        while (plans[slot] != null) {
            slot = (slot + 1) & mask;
        }
        hashes[slot] = hash;
        keys[slot] = Arrays.copyOf(key, length);
        plans[slot] = plan;
        entries++;
    }

    /** A plan and the key that it was made for. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(byte[] key, Plan plan) {}

    /** All plans, in no order. */
    List<Entry> entries() {
        List<Entry> found = new ArrayList<>(entries);
        for (int slot = 0; slot < plans.length; slot++) {
            byte[] key = keys[slot];
            Plan plan = plans[slot];
            if (key != null && plan != null) {
                found.add(new Entry(key, plan));
            }
        }
        return found;
    }

    private int slotOf(long hash) {
        return (int) (hash ^ (hash >>> 32)) & mask;
    }

    private void clear() {
        Arrays.fill(keys, null);
        Arrays.fill(plans, null);
        entries = 0;
    }
}
