package io.pgring.proxy.fanout;

import java.util.List;

/**
 * What is to be run on several shards as one statement.
 *
 * @param statements one for each shard, in the order of the shards
 * @param reply how the replies become one
 * @param description whether the client is told the columns before the rows, and by what
 * @param positions where in the client's text an error is
 * @param begin what a connection is told first that has no part of the transaction yet; empty without a transaction
 */
public record FanOutTask(
        List<ShardStatement> statements,
        Reply reply,
        Description description,
        Positions positions,
        List<String> begin) {
    public FanOutTask {
        statements = List.copyOf(statements);
        begin = List.copyOf(begin);
    }

    /** Where the RowDescription comes from. */
    public sealed interface Description {
        /** The client is told none. */
        record None() implements Description {}

        /**
         * What the shards send, as far as the client sees it.
         *
         * @param late it comes when all shards have done their work, as for RETURNING: an error leaves it out, and the rows
         */
        record OfRows(boolean late) implements Description {}

        /** That of another text, which the first shard describes without running it. */
        @SuppressWarnings("ArrayRecordComponent")
        record OfText(byte[] text, ShardStatement.Input input) implements Description {}
    }

    /** Finds the place in the client's text for one in the text that a server has read; both counted in characters from 1. */
    public interface Positions {
        /** The texts are the same. */
        Positions SAME = position -> position;

        int original(int position);
    }
}
