package io.pgring.hashring;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of tokens, as ascending ranges that neither overlap nor touch. Immutable; {@link #contains} is one binary search and allocates
 * nothing.
 */
public final class Arcs {
    /** No token. */
    public static final Arcs NONE = new Arcs(new long[0]);

    /** All tokens. */
    public static final Arcs ALL = new Arcs(new long[] {0, Token.RING_SIZE});

    private static final Pattern RANGE = Pattern.compile("\\[(\\d{1,10}),(\\d{1,10})\\)");

    /** The first token of each range, and the token after its last. */
    private final long[] bounds;

    private Arcs(long[] bounds) {
        this.bounds = bounds;
    }

    /** The tokens that lie in any of the ranges. */
    public static Arcs of(Collection<? extends TokenRange> ranges) {
        List<? extends TokenRange> sorted = ranges.stream()
                .sorted(Comparator.comparingLong(TokenRange::from))
                .toList();
        long[] bounds = new long[2 * sorted.size()];
        int n = 0;
        for (TokenRange range : sorted) {
            if (n > 0 && range.from() <= bounds[n - 1]) {
                bounds[n - 1] = Math.max(bounds[n - 1], range.to());
            } else {
                bounds[n++] = range.from();
                bounds[n++] = range.to();
            }
        }
        return new Arcs(Arrays.copyOf(bounds, n));
    }

    /**
     * Reads PostgreSQL's text of an {@code int8multirange}, as {@link #toString} and the server write it.
     *
     * @throws IllegalArgumentException if it is none, or leaves the ring
     */
    public static Arcs parse(String multirange) {
        String inner = multirange.strip();
        if (!inner.startsWith("{") || !inner.endsWith("}")) {
            throw new IllegalArgumentException("not a multirange: " + multirange);
        }
        inner = inner.substring(1, inner.length() - 1);
        long[] bounds = new long[inner.length()];
        int n = 0;
        Matcher range = RANGE.matcher(inner);
        int at = 0;
        while (at < inner.length()) {
            if (!range.find(at) || range.start() != at) {
                throw new IllegalArgumentException("not a multirange of tokens: " + multirange);
            }
            long from = Long.parseLong(range.group(1));
            long to = Long.parseLong(range.group(2));
            Token.checkRange(from, to);
            if (n > 0 && from <= bounds[n - 1]) {
                throw new IllegalArgumentException("ranges are not in order: " + multirange);
            }
            bounds[n++] = from;
            bounds[n++] = to;
            at = range.end();
            if (at < inner.length() && inner.charAt(at++) != ',') {
                throw new IllegalArgumentException("not a multirange of tokens: " + multirange);
            }
        }
        return new Arcs(Arrays.copyOf(bounds, n));
    }

    /** Whether a token is among them. */
    public boolean contains(int token) {
        int found = Arrays.binarySearch(bounds, Token.toUnsigned(token));
        // The insertion point, or the bound itself, is behind an odd number of bounds inside of a range.
        return found >= 0 ? (found & 1) == 0 : (-found - 1 & 1) == 1;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** How many ranges there are. */
    public int ranges() {
        return bounds.length / 2;
    }

    /** Takes a range, {@code [from, to)}. */
    public interface RangeConsumer {
        void accept(long from, long to);
    }

    /** All ranges, in ascending order. */
    public void forEach(RangeConsumer consumer) {
        for (int i = 0; i < bounds.length; i += 2) {
            consumer.accept(bounds[i], bounds[i + 1]);
        }
    }

    /** The part of the ring that they cover, 0 to 1. */
    public double share() {
        long tokens = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            tokens += bounds[i + 1] - bounds[i];
        }
        return (double) tokens / Token.RING_SIZE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Arcs arcs && Arrays.equals(bounds, arcs.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** As text of PostgreSQL's type {@code int8multirange}, without quotes: see {@link TokenRange#toMultirange}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "[" : ",[")
                    .append(bounds[i])
                    .append(',')
                    .append(bounds[i + 1])
                    .append(')');
        }
        return text.append('}').toString();
    }
}
