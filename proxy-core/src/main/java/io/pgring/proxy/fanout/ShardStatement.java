package io.pgring.proxy.fanout;

import io.pgring.pgwire.ProtocolViolation;
import io.pgring.proxy.topology.Shard;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;
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

        /** Whether the value of a parameter is binary. */
        public boolean isBinary(int index) {
            return formats.length > 0 && formats[formats.length == 1 ? 0 : index] == 1;
        }

        private int typeOid(int index) {
            return index < typeOids.length ? typeOids[index] : 0;
        }

        /**
         * Some of the parameters, as $1, $2 and so on.
         *
         * @param numbers of the parameters, from 1
         */
        public Input of(Collection<Integer> numbers) {
            int[] some = numbers.stream().mapToInt(number -> number - 1).toArray();
            byte[] @Nullable [] chosen = new byte[some.length][];
            for (int i = 0; i < some.length; i++) {
                if (some[i] >= values.length) {
                    throw ProtocolViolation.inBody("there is no parameter $" + (some[i] + 1));
                }
                chosen[i] = values[some[i]];
            }
            return new Input(
                    IntStream.of(some).map(this::typeOid).toArray(),
                    IntStream.of(some).map(index -> isBinary(index) ? 1 : 0).toArray(),
                    chosen,
                    resultFormats);
        }

        /** The same where more columns come behind those for which the client has named formats, each its own: these as text. */
        public Input withColumns(int count) {
            return resultFormats.length < 2 || count == 0
                    ? this
                    : new Input(typeOids, formats, values, Arrays.copyOf(resultFormats, resultFormats.length + count));
        }

        /** The same with one more parameter, as text, whose type is to be inferred. */
        public Input with(byte[] value) {
            int count = values.length;
            Input all = of(IntStream.rangeClosed(1, count).boxed().toList());
            byte[] @Nullable [] more = Arrays.copyOf(values, count + 1);
            more[count] = value;
            return new Input(
                    Arrays.copyOf(all.typeOids, count + 1), Arrays.copyOf(all.formats, count + 1), more, resultFormats);
        }
    }
}
