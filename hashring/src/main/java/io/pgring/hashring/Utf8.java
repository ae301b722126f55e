package io.pgring.hashring;

/**
 * UTF-8 (RFC 3629) one code point at a time, without a buffer. Made for hashing: strict, where {@link String#getBytes}
 * would put a question mark and so hash some other key.
 */
final class Utf8 {

    private Utf8() {}

    /**
     * Length of the whole text in bytes.
     *
     * @throws IllegalArgumentException if the text has an unpaired surrogate, or takes 2 GiB or more
     */
    static int lengthOf(String text) {
        long length = 0;
        for (int i = 0, codePoint; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("unpaired surrogate at index " + i + " has no UTF-8 form");
            }
            length += lengthOf(codePoint);
        }
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("text of " + length + " bytes is too long to hash");
        }
        return (int) length;
    }

    /** Length of one code point: 1 to 4 bytes. */
    static int lengthOf(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }

    /** The bytes of one code point, the first one lowest. */
    static int encode(int codePoint) {
        return switch (lengthOf(codePoint)) {
            case 1 -> codePoint;
            case 2 -> (0xc0 | (codePoint >> 6)) | (continuation(codePoint) << 8);
            case 3 ->
                (0xe0 | (codePoint >> 12)) | (continuation(codePoint >> 6) << 8) | (continuation(codePoint) << 16);
            default ->
                (0xf0 | (codePoint >> 18))
                        | (continuation(codePoint >> 12) << 8)
                        | (continuation(codePoint >> 6) << 16)
                        | (continuation(codePoint) << 24);
        };
    }

    private static int continuation(int bits) {
        return 0x80 | (bits & 0x3f);
    }
}
