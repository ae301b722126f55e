package io.pgring.proxy.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What makes two prepared statements the same on a server: text, declared parameter types, and the settings under which
 * the text was parsed. Immutable; the arrays must not be changed.
 */
public final class StatementKey {
    private final byte[] text;
    private final int[] parameterTypeOids;
    private final String parseContext;
    private final int hash;

    /**
     * @param text SQL, UTF-8, without a terminating zero
     * @param parameterTypeOids as in Parse: 0 is unspecified
     * @param parseContext {@link SessionVariables#parseContext()}
     */
    public StatementKey(byte[] text, int[] parameterTypeOids, String parseContext) {
        this.text = text;
        this.parameterTypeOids = parameterTypeOids;
        this.parseContext = parseContext;
        this.hash = 31 * (31 * Arrays.hashCode(text) + Arrays.hashCode(parameterTypeOids)) + parseContext.hashCode();
    }

    /** The SQL. */
    public byte[] text() {
        return text;
    }

    /** The declared parameter types. */
    public int[] parameterTypeOids() {
        return parameterTypeOids;
    }

    /** The same with another text. */
    public StatementKey with(byte[] otherText) {
        return new StatementKey(otherText, parameterTypeOids, parseContext);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StatementKey that
                && hash == that.hash
                && Arrays.equals(text, that.text)
                && Arrays.equals(parameterTypeOids, that.parameterTypeOids)
                && parseContext.equals(that.parseContext);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
