package io.pgring.proxy.backend;

import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.topology.GatherNames;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the home shard says when it can't read from another one (postgres_fdw), in the words that the proxy has for it. */
public final class GatherErrors {
    /** SQLSTATE of sqlclient_unable_to_establish_sqlconnection. */
    private static final String NOT_CONNECTED = "08001";

    private static final Pattern SERVER = Pattern.compile('"' + GatherNames.server("([^\"]+)") + '"');

    private GatherErrors() {}

    /** The error with the shard's name, if it is that another shard can't be reached; else null. */
    public static @Nullable ErrorResponse named(ErrorResponse error) {
        Matcher server = SERVER.matcher(error.message());
        if (!error.sqlState().equals(NOT_CONNECTED) || !server.find()) {
            return null;
        }
        String reason = error.fields().get(ErrorFields.DETAIL);
        return ServerErrors.unreachable(
                server.group(1), "The home shard reads from it: " + (reason == null ? error.message() : reason));
    }
}
