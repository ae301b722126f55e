package io.pgring.it.compare;

/** The ways to ask. */
enum Mode {
    /** By the simple query protocol, with literals in place of parameters. */
    SIMPLE,
    /** By the extended query protocol, all values as text. */
    EXTENDED_TEXT,
    /** By the extended query protocol, results in binary format and parameters too, as far as {@link ParameterType} can. */
    EXTENDED_BINARY
}
