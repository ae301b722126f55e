package io.pgring.proxy.routing;

import io.pgring.pgsql.spread.Gather;
import io.pgring.pgsql.spread.Relay;
import io.pgring.pgsql.spread.Ship;
import io.pgring.pgsql.spread.Splice;
import io.pgring.pgsql.spread.SplitRows;
import io.pgring.pgsql.spread.Spread;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.topology.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The decision for one execution. */
public sealed interface Route {

    /** The shard that holds the rows. */
    record Single(Shard shard) implements Route {}

    /**
     * Rows of several shards.
     *
     * @param shards those that have or may have some
     * @param spread the ways
     */
    record Several(List<Shard> shards, Spread spread) implements Route {}

    /**
     * The home shard, over all rows.
     *
     * @param splices make the text that it runs
     * @param ship how it runs it as a part of a transaction whose other parts it can't see; null if it can't
     */
    record Gathered(
            Shard home, List<Splice> splices, @Nullable Ship ship) implements Route {}

    /** DECLARE of a cursor on the home shard, over rows that are handed to it. */
    record ShippedCursor(String cursor, Ship ship) implements Route {}

    /**
     * An INSERT whose rows go to several shards.
     *
     * @param rowsOf the indexes of its rows by shard, ascending; empty for a shard that gets none
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Split(List<Shard> shards, SplitRows rows, int[][] rowsOf) implements Route {}

    /**
     * A statement whose rows are read first, and then written.
     *
     * @param placement to which shards
     */
    record Relayed(Relay relay, CopyPlacement placement) implements Route {}

    /**
     * Every shard runs it.
     *
     * @param transactional whether it may run in a transaction block
     * @param command the command, if it makes sense in a transaction block alone; else null
     */
    record Everywhere(
            List<Shard> shards,
            boolean transactional,
            @Nullable String command) implements Route {}

    /**
     * COPY of a table from the client, which every shard runs.
     *
     * @param placement which row goes where; null when every shard gets all rows
     */
    record CopyIn(List<Shard> shards, @Nullable CopyPlacement placement) implements Route {}

    /**
     * COPY to the client, which shards run over their rows, or the home shard over all rows.
     *
     * @param gather how the home shard runs it; null when shards run the client's text
     * @param visible make the text for shards that may have rows which count on another one
     * @param namesTypes whether its values may name types in binary format, which are others on each shard
     */
    record CopyOut(List<Shard> shards, @Nullable Gather gather, List<Splice> visible, boolean namesTypes)
            implements Route {}

    /**
     * The plans of a statement.
     *
     * @param route where the statement would go
     * @param reason why not to one shard alone, as a sentence
     */
    record Explained(Route route, PlannedStatement.Explained statement, String reason) implements Route {}

    /** Any shard gives the same answer; the one whose connection is at hand will do. */
    record Any() implements Route {}

    /** No shard: what the client is told instead. */
    record Refuse(ErrorResponse error) implements Route {}
}
