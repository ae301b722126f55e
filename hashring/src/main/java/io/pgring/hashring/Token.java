package io.pgring.hashring;

/**
 * The token of a key: its position on the ring, an unsigned 32-bit number from 0 to 2<sup>32</sup>-1, held in an {@code
 * int}. It is PostgreSQL's own hash of the key, so that a shard computes the same number in plain SQL:
 *
 * <table>
 *   <caption>Token functions</caption>
 *   <tr><th>key column</th><th>here</th><th>in SQL</th></tr>
 *   <tr><td>text, varchar</td><td>{@link #ofText}</td><td>{@code hashtext(key)::bigint & 4294967295}</td></tr>
 *   <tr><td>smallint, integer, bigint</td><td>{@link #ofLong}</td><td>{@code hashint8(key)::bigint & 4294967295}</td></tr>
 *   <tr><td>uuid</td><td>{@link #ofUuid}</td><td>{@code uuid_hash(key)::bigint & 4294967295}</td></tr>
 * </table>
 *
 * <p>The numbers are those of a server on a little-endian machine with server encoding UTF8; PostgreSQL hashes native
 * words, so a big-endian server has others. A nondeterministic collation hashes sort keys instead of bytes, and {@code
 * char(n)} hashes without its trailing blanks: neither type is covered here. No function allocates.
 *
 * <p>Source: {@code src/common/hashfn.c} and {@code src/backend/access/hash/hashfunc.c} of PostgreSQL.
 */
public final class Token {

    /** How many tokens there are: 2<sup>32</sup>, the end of the last arc. */
    public static final long RING_SIZE = 1L << Integer.SIZE;

    private Token() {}

    /**
     * {@code hashtext} of a text or varchar.
     *
     * @param utf8 holds the key's UTF-8 bytes, which are borrowed and not checked to be well-formed
     * @param from index of the key's first byte
     * @param length of the key, in bytes
     * @throws IndexOutOfBoundsException if the range lies outside the array
     */
    public static int ofText(byte[] utf8, int from, int length) {
        return Lookup3.hashBytes(utf8, from, length);
    }

    /**
     * {@code hashtext} of a text or varchar.
     *
     * @throws IllegalArgumentException if the text has an unpaired surrogate, and so no UTF-8 form
     */
    public static int ofText(String text) {
        return Lookup3.hashUtf8(text);
    }

    /** {@code hashint8}, which gives equal values equal hashes in all of smallint, integer and bigint. */
    public static int ofLong(long value) {
        int low = (int) value;
        int high = (int) (value >>> Integer.SIZE);
        return Lookup3.hashWord(low ^ (value >= 0 ? high : ~high));
    }

    /**
     * {@code uuid_hash}: the hash of the 16 bytes in network order.
     *
     * @param mostSignificantBits the first 8 bytes, as {@link java.util.UUID#getMostSignificantBits} gives them
     * @param leastSignificantBits the last 8 bytes
     */
    public static int ofUuid(long mostSignificantBits, long leastSignificantBits) {
        return Lookup3.hashSixteenBytes(
                Long.reverseBytes(mostSignificantBits), Long.reverseBytes(leastSignificantBits));
    }

    /** The token as a number from 0 to 2<sup>32</sup>-1: what {@code ::bigint & 4294967295} makes of it in SQL. */
    public static long toUnsigned(int token) {
        return Integer.toUnsignedLong(token);
    }

    /** Refuses bounds that make no range of tokens {@code [from, to)}. */
    static void checkRange(long from, long to) {
        if (from < 0 || from >= to || to > RING_SIZE) {
            throw new IllegalArgumentException("[" + from + "," + to + ") is not a range of tokens");
        }
    }
}
