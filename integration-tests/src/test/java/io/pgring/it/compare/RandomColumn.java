package io.pgring.it.compare;

import java.util.List;

/**
 * A column of a table, or of the result of a query.
 *
 * @param values some that it is compared with and set to; those that come from the data are among them
 */
record RandomColumn(String name, ParameterType type, List<String> values) {
    /** The same under another name. */
    RandomColumn as(String alias) {
        return new RandomColumn(alias, type, values);
    }
}
