package io.pgring.proxy.copy;

/**
 * Which column of a COPY's rows is the key.
 *
 * @param name for messages
 * @param index from 0, among the columns of the statement
 * @param columnCount of the statement
 * @param forceNotNull csv: the null string without quotes is a value (FORCE_NOT_NULL)
 * @param forceNull csv: the null string in quotes is NULL (FORCE_NULL)
 */
public record CopyKeyColumn(String name, int index, int columnCount, boolean forceNotNull, boolean forceNull) {
    public CopyKeyColumn {
        if (index < 0 || index >= columnCount) {
            throw new IllegalArgumentException("the key column is not among the columns");
        }
    }

    /** A key column that no FORCE option names. */
    public CopyKeyColumn(String name, int index, int columnCount) {
        this(name, index, columnCount, false, false);
    }
}
