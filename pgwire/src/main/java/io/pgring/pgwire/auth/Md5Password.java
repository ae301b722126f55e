package io.pgring.pgwire.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * PostgreSQL's md5 authentication: a server keeps {@code "md5" + hex(md5(password + user))} and asks for {@code "md5" +
 * hex(md5(that hex + salt))} (manual, "Start-up", AuthenticationMD5Password; md5_common.c). The stored form is as good as the
 * password, so every method takes either.
 */
public final class Md5Password {
    private static final String PREFIX = "md5";
    private static final int STORED_CHARS = 35;

    private Md5Password() {}

    /** Whether the text has the stored form. */
    public static boolean isStored(String text) {
        return text.length() == STORED_CHARS
                && text.startsWith(PREFIX)
                && text.chars().skip(PREFIX.length()).allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** The stored form of a password; one that has it already is returned as it is. */
    public static String stored(String user, String password) {
        return isStored(password) ? password : PREFIX + md5Hex(utf8(password), utf8(user));
    }

    /** The answer to AuthenticationMD5Password with this salt, for PasswordMessage. */
    public static String hash(String user, String password, byte[] salt) {
        String hex = stored(user, password).substring(PREFIX.length());
        return PREFIX + md5Hex(utf8(hex), salt);
    }

    /** Whether an answer is the right one, compared in constant time. */
    public static boolean fits(String user, String password, byte[] salt, byte[] answer) {
        return MessageDigest.isEqual(utf8(hash(user, password, salt)), answer);
    }

    private static String md5Hex(byte[] first, byte[] second) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(first);
            return HexFormat.of().formatHex(md5.digest(second));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
