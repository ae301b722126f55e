package io.pgring.proxy.routing;

import io.pgring.pgwire.backend.ErrorResponse;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Run-time parameters under which the proxy would misread statements or values. */
public final class UnsupportedSettings {
    /** Encodings in which the bytes of a key are its UTF-8 bytes, or are passed on as they are. */
    private static final Set<String> ENCODINGS = Set.of("utf8", "utf-8", "unicode", "sql_ascii", "sqlascii");

    private UnsupportedSettings() {}

    /**
     * Why a parameter can't have a value.
     *
     * @param name in lower case
     * @param value as written, with or without quotes
     * @return null when it can
     */
    public static @Nullable ErrorResponse refuse(String name, String value) {
        String plain = value.strip().replaceAll("^['\"]|['\"]$", "").toLowerCase(Locale.ROOT);
        if (name.equals("client_encoding") && !ENCODINGS.contains(plain)) {
            return ErrorResponse.error("0A000", "client_encoding \"" + plain + "\" is not supported")
                    .detail("Keys are hashed as UTF-8 text.")
                    .hint("Use client_encoding UTF8.");
        }
        if (name.equals("standard_conforming_strings")
                && !Set.of("on", "true", "1", "yes").contains(plain)) {
            return ErrorResponse.error("0A000", "standard_conforming_strings can't be turned off")
                    .hint("Write strings with backslash escapes as E'...'.");
        }
        return name.equals("search_path") && SearchPath.createsTemporary(value)
                ? ErrorResponse.error("0A000", "a search_path with pg_temp before \"public\" is not supported")
                        .detail("Whatever is created under it is temporary, and not seen to be so.")
                        .hint("Write CREATE TEMPORARY TABLE.")
                : null;
    }
}
