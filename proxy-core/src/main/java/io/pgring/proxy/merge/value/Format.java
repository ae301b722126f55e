package io.pgring.proxy.merge.value;

/** The format codes of values on the wire (manual, "Formats and Format Codes"). */
public final class Format {
    public static final int TEXT = 0;
    public static final int BINARY = 1;

    private Format() {}
}
