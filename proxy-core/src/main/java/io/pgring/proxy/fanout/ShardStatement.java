package io.pgring.proxy.fanout;

import io.pgring.proxy.topology.Shard;
import org.jspecify.annotations.Nullable;

/**
 * What one shard runs of a statement.
 *
 * @param shard which
 * @param text SQL, UTF-8
 * @param input the values of its parameters; null for a text that is sent as a simple Query, because it may hold several statements
 */
@SuppressWarnings("ArrayRecordComponent")
public record ShardStatement(
        Shard shard, byte[] text, @Nullable Input input) {
    private static final int[] NONE = {};

    /**
     * Parameters, and how the results are wanted; as in Parse and Bind.
     *
     * @param typeOids declared types of the parameters
     * @param formats of the parameters
     * @param values of the parameters
     * @param resultFormats of the columns that the shard sends
     */
    public record Input(int[] typeOids, int[] formats, byte[] @Nullable [] values, int[] resultFormats) {
        /** No parameters, and text. */
        public static final Input PLAIN = new Input(NONE, NONE, new byte[0][], NONE);
    }
}
