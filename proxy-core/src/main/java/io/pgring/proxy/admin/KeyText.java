package io.pgring.proxy.admin;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text between HTTP and PostgreSQL: UTF-8 to the letter, where {@link String} would put a substitute and so mean another key. */
final class KeyText {
    private KeyText() {}

    /**
     * The bytes of a text that is to be stored or sought.
     *
     * @param what its name in an error
     * @throws RequestRefused (400) when PostgreSQL can't store it: it has a NUL, or an unpaired surrogate
     */
    static byte[] encode(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw RequestRefused.badRequest(
                    what + " contains the character U+0000", "PostgreSQL has no text with that character.");
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw RequestRefused.badRequest(
                    what + " contains an unpaired surrogate", "Escapes from \\ud800 to \\udfff come in pairs.");
        }
    }

    /** @throws CharacterCodingException when it is not UTF-8 */
    static String decode(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }
}
