package io.pgring.proxy.admin;

import io.netty.util.AsciiString;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What an {@code Authorization: Basic} header says (RFC 7617, charset UTF-8). */
record BasicCredentials(String user, String password) {
    private static final String SCHEME = "Basic ";

    /** Null when it is not of this form. */
    static @Nullable BasicCredentials parse(String authorization) {
        if (!AsciiString.regionMatches(authorization, true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        try {
            String text = KeyText.decode(Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip()));
            int colon = text.indexOf(':');
            return colon < 0 ? null : new BasicCredentials(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "BasicCredentials[user=" + user + ", hidden]";
    }
}
