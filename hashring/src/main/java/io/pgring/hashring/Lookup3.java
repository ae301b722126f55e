package io.pgring.hashring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Bob Jenkins' lookup3 as PostgreSQL runs it in {@code hash_bytes} and {@code hash_bytes_uint32} ({@code
 * src/common/hashfn.c}) on a little-endian machine.
 *
 * <p>The state is three words. Input goes in by blocks of 12 bytes, a word to each of a, b and c, followed by a mix. What is
 * left at the end (0 to 11 bytes) is added the same way, except that c keeps its lowest byte free, which Jenkins reserves for the
 * length; then comes the final mix, and c is the hash.
 *
 * <pre>
 *   | a: bytes 0-3 | b: bytes 4-7 | c: bytes 8-11 | mix | a | b | c | mix | ... | a | b | c &lt;&lt; 8 | final
 * </pre>
 *
 * <p>The mix changes all three words, and a Java method can hand back one: it is written out where it is needed, so that
 * the state lives in registers and nothing is allocated.
 */
final class Lookup3 {

    private static final int START = 0x9e3779b9 + 3923095;
    private static final int BLOCK_BYTES = 12;
    private static final VarHandle LITTLE_ENDIAN_WORD =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Lookup3() {}

    /** {@code hash_bytes}. */
    static int hashBytes(byte[] bytes, int from, int length) {
        Objects.checkFromIndexSize(from, length, bytes.length);
        int a = START + length;
        int b = a;
        int c = a;
        int at = from;
        int left = length;
        for (; left >= BLOCK_BYTES; left -= BLOCK_BYTES, at += BLOCK_BYTES) {
            a += (int) LITTLE_ENDIAN_WORD.get(bytes, at);
            b += (int) LITTLE_ENDIAN_WORD.get(bytes, at + 4);
            c += (int) LITTLE_ENDIAN_WORD.get(bytes, at + 8);

            a = (a - c) ^ Integer.rotateLeft(c, 4);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 6);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 8);
            b += a;
            a = (a - c) ^ Integer.rotateLeft(c, 16);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 19);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        a += word(bytes, at, left);
        b += word(bytes, at + 4, left - 4);
        c += word(bytes, at + 8, left - 8) << Byte.SIZE;
        return finish(a, b, c);
    }

    /** The little-endian word at an index of which only {@code left} bytes exist; the missing ones count as zero. */
    private static int word(byte[] bytes, int at, int left) {
        if (left >= 4) {
            return (int) LITTLE_ENDIAN_WORD.get(bytes, at);
        }
        int word = 0;
        for (int i = 0; i < left; i++) {
            word |= (bytes[at + i] & 0xff) << (i * Byte.SIZE);
        }
        return word;
    }

    /** {@code hash_bytes} of a string's UTF-8 form, which is made up word by word and never stored. */
    static int hashUtf8(String text) {
        int a = START + Utf8.lengthOf(text);
        int b = a;
        int c = a;
        long pending = 0;
        int pendingBytes = 0;
        int position = 0;
        for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            pending |= Integer.toUnsignedLong(Utf8.encode(codePoint)) << (pendingBytes * Byte.SIZE);
            pendingBytes += Utf8.lengthOf(codePoint);
            if (pendingBytes < Integer.BYTES) {
                continue;
            }
            int word = (int) pending;
            pending >>>= Integer.SIZE;
            pendingBytes -= Integer.BYTES;
            if (position == 0) {
                a += word;
                position = 1;
            } else if (position == 1) {
                b += word;
                position = 2;
            } else {
                c += word;
                position = 0;

                a = (a - c) ^ Integer.rotateLeft(c, 4);
                c += b;
                b = (b - a) ^ Integer.rotateLeft(a, 6);
                a += c;
                c = (c - b) ^ Integer.rotateLeft(b, 8);
                b += a;
                a = (a - c) ^ Integer.rotateLeft(c, 16);
                c += b;
                b = (b - a) ^ Integer.rotateLeft(a, 19);
                a += c;
                c = (c - b) ^ Integer.rotateLeft(b, 4);
                b += a;
            }
        }
        int rest = (int) pending;
        return finish(
                position == 0 ? a + rest : a,
                position == 1 ? b + rest : b,
                position == 2 ? c + (rest << Byte.SIZE) : c);
    }

    /** {@code hash_bytes_uint32}. */
    static int hashWord(int word) {
        int start = START + Integer.BYTES;
        return finish(start + word, start, start);
    }

    /** {@code hash_bytes} of 16 bytes, given as two little-endian longs: one block, and one word that is left. */
    static int hashSixteenBytes(long first, long second) {
        int a = START + 2 * Long.BYTES;
        int b = a + (int) (first >>> Integer.SIZE);
        int c = a + (int) second;
        a += (int) first;

        a = (a - c) ^ Integer.rotateLeft(c, 4);
        c += b;
        b = (b - a) ^ Integer.rotateLeft(a, 6);
        a += c;
        c = (c - b) ^ Integer.rotateLeft(b, 8);
        b += a;
        a = (a - c) ^ Integer.rotateLeft(c, 16);
        c += b;
        b = (b - a) ^ Integer.rotateLeft(a, 19);
        a += c;
        c = (c - b) ^ Integer.rotateLeft(b, 4);
        b += a;
        return finish(a + (int) (second >>> Integer.SIZE), b, c);
    }

    private static int finish(int first, int second, int third) {
        int a = first;
        int b = second;
        int c = (third ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        return (c ^ b) - Integer.rotateLeft(b, 24);
    }
}
