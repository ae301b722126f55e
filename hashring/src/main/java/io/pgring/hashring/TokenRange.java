package io.pgring.hashring;

import java.util.Collection;
import java.util.stream.Collectors;

/** A half-open range of tokens {@code [from, to)} on the unsigned scale from 0 to {@link Token#RING_SIZE}; never empty. */
public sealed interface TokenRange permits Arc, ArcChange {

    /** First token of the range, 0 to 2<sup>32</sup>-1. */
    long from();

    /** The token after the last, {@code from} + 1 to 2<sup>32</sup>. */
    long to();

    /** How many tokens the range has. */
    default long size() {
        return to() - from();
    }

    /** The part of the ring that the range covers, above 0 and at most 1. */
    default double share() {
        return (double) size() / Token.RING_SIZE;
    }

    /** Whether the token lies in the range. */
    default boolean contains(int token) {
        long position = Token.toUnsigned(token);
        return from() <= position && position < to();
    }

    /**
     * The ranges as text of PostgreSQL's type {@code int8multirange}, without quotes: {@code {[0,7),[9,12)}}, or {@code {}} for
     * none. A token lies in one of them if {@code token <@ '{...}'::int8multirange}. About 24 bytes for each range (manual,
     * chapter Range Types).
     *
     * <p>Write it into the statement as a literal, or bind it as a parameter of type {@code int8multirange}: the server then parses it
     * once and needs less than a microsecond for each row. A parameter of type text is cast again for every row (1.7 ms for a
     * thousand ranges), and a value of more than 2 kB read from a table is decompressed for every row (45 µs).
     */
    static String toMultirange(Collection<? extends TokenRange> ranges) {
        return ranges.stream()
                .map(range -> "[" + range.from() + "," + range.to() + ")")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
