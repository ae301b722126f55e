package io.pgring.proxy.fanout;

import java.util.List;

/**
 * What is to be run on several shards as one statement.
 *
 * @param statements one for each shard, in the order of the shards
 * @param reply how the replies become one
 * @param describes whether the client wants a RowDescription before the rows
 * @param positions where in the client's text an error is
 * @param begin what a connection is told first that has no part of the transaction yet; empty without a transaction
 */
public record FanOutTask(
        List<ShardStatement> statements, Reply reply, boolean describes, Positions positions, List<String> begin) {
    public FanOutTask {
        statements = List.copyOf(statements);
        begin = List.copyOf(begin);
    }

    /** Finds the place in the client's text for one in the text that a server has read; both counted in characters from 1. */
    public interface Positions {
        /** The texts are the same. */
        Positions SAME = position -> position;

        int original(int position);
    }
}
