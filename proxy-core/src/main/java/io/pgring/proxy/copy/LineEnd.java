package io.pgring.proxy.copy;

/** What ends the lines of a COPY; the first line decides for all. */
enum LineEnd {
    UNKNOWN,
    NEWLINE,
    CARRIAGE_RETURN,
    CARRIAGE_RETURN_NEWLINE
}
