package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.KeyValue;
import java.util.List;

/**
 * One row of VALUES: its tokens {@code ( ... )} without the comma.
 *
 * @param key the value of its key column
 * @param parameters the numbers of the parameters in it, ascending, each once
 */
public record RowTokens(int fromToken, int toToken, KeyValue key, List<Integer> parameters) {
    public RowTokens {
        parameters = List.copyOf(parameters);
    }
}
