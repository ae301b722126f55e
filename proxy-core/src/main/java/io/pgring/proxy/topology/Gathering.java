package io.pgring.proxy.topology;

import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the home shard can gather from all shards.
 *
 * @param unavailable why it can't gather at all; null when it can
 * @param refused tables and views that can't be gathered, by {@code schema.name}, with the reason: a sentence for a DETAIL field
 * @param views the users' views over sharded tables that can be gathered, as {@code schema.name}
 */
public record Gathering(@Nullable String unavailable, Map<String, String> refused, Set<String> views) {
    public Gathering {
        refused = Map.copyOf(refused);
        views = Set.copyOf(views);
    }

    /** Nothing can be gathered. */
    public static Gathering unavailable(String reason) {
        return new Gathering(reason, Map.of(), Set.of());
    }

    /** Makes and renews, on the servers, the objects that gathering needs. */
    public interface Maker {
        /** Blocks: for control threads. Fails by saying why. */
        Gathering ensure(Topology topology);

        /**
         * Makes the visible views of all sharded tables such that they can be written through, on the shards on which a move hides rows: nobody
         * names the views of others. When no move is so far yet, on those of all moves that are to come. A shard that can't be reached keeps
         * nobody up, as no statement gets there either. Blocks; to be tried again when it fails.
         *
         * @return false if a shard on which rows are hidden could not be reached: to be tried again when it may be back
         */
        boolean ensureVisible(Topology topology) throws SQLException;
    }
}
