package io.pgring.proxy.fanout;

import io.pgring.pgsql.copy.CopyCommand;
import io.pgring.pgsql.spread.Combination;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.routing.CopyPlacement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many replies become one. */
public sealed interface Reply {
    /**
     * Rows.
     *
     * @param limit rows at most; -1 without
     * @param offset rows to leave out before
     */
    record Rows(Combination combination, long limit, long offset) implements Reply {}

    /** The numbers in the tags are added up. RETURNING gives rows in any order. */
    record Counted() implements Reply {}

    /**
     * The numbers in the tags are added up. RETURNING gives rows in the order of the client's rows.
     *
     * @param sources for each row of the client's the index of the statement that has it
     * @param command the client's, as the tag names it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record InOrder(int[] sources, String command) implements Reply {}

    /**
     * Plans.
     *
     * @param header lines before them
     * @param titles a line before the plan of each statement, which is then indented; empty when there is but one plan, which is not
     */
    record Explained(List<String> header, List<String> titles) implements Reply {
        public Explained {
            header = List.copyOf(header);
            titles = List.copyOf(titles);
        }
    }

    /** There are no rows: the text is not run, and a taker is told what the first shard says about it. */
    record Described(Taker taker) implements Reply {
        /** Who wants to know. */
        public interface Taker {
            /**
             * The shard has found nothing wrong with the text.
             *
             * @param parameterTypeOids of its parameters
             * @param columns of its rows; null when it gives none
             */
            void onDescribed(int[] parameterTypeOids, @Nullable RowDescription columns);
        }
    }

    /** All shards say the same: the first one is heard. */
    record Same() implements Reply {}

    /**
     * The shards take copy data, and the numbers in the tags are added up.
     *
     * @param command of the text that they run
     * @param placement which row goes where; null when every shard takes all rows, and the tags must be the same
     * @param rowBytesMax the largest row that is taken
     */
    record CopiedIn(CopyCommand command, @Nullable CopyPlacement placement, int rowBytesMax) implements Reply {}

    /**
     * Copy data of all shards, one shard after the other; the numbers in the tags are added up.
     *
     * @param command of the text that they run; null when there is one shard alone
     */
    record CopiedOut(@Nullable CopyCommand command) implements Reply {}
}
