package io.pgring.proxy.routing;

import io.pgring.pgwire.backend.ErrorResponse;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells search paths under which an unqualified name may mean another table than the sharded one. Sharded tables are known by their
 * names; with another schema in front of {@code public} a name could be that of a table on the home shard.
 */
public final class SearchPath {
    private static final Pattern STATEMENT =
            Pattern.compile("(?is).*?\\b(?:search_path|schema)\"?\\s*(?:=|\\bto\\b)?\\s*(.*)");

    /** As the proxy writes it for a value that came without a statement. */
    private static final Pattern SET_CONFIG =
            Pattern.compile("(?is).*set_config\\('search_path', '(.*)', (?:true|false)\\)\\s*");

    private SearchPath() {}

    /** Whether this SET statement puts another schema before {@code public}. */
    public static boolean leavesPublic(String setStatement) {
        Matcher configured = SET_CONFIG.matcher(setStatement);
        Matcher matcher = configured.matches() ? configured : STATEMENT.matcher(setStatement);
        if (!configured.matches() && !matcher.matches()) {
            return true;
        }
        for (String element : matcher.group(1).split(",", -1)) {
            String schema = plain(element);
            if (!schema.equals("$user")) {
                return !schema.equals("public") && !schema.equals("default") && !schema.isEmpty();
            }
        }
        return false;
    }

    /** Whether what is created under this list of schemas may be temporary, without being called so. */
    static boolean createsTemporary(String schemas) {
        for (String element : schemas.split(",", -1)) {
            String schema = plain(element);
            if (schema.equals("public") || schema.startsWith("pg_temp")) {
                return !schema.equals("public");
            }
        }
        return false;
    }

    private static String plain(String element) {
        return element.replaceAll("['\"\\s;]", "").toLowerCase(Locale.ROOT);
    }

    /** What a statement on a sharded table is told under such a path. */
    public static ErrorResponse refusal() {
        return ErrorResponse.error("0A000", "a sharded table can't be used with this search_path")
                .detail("Another schema comes before \"public\", so that the name of the table may mean another one.")
                .hint(
                        "Begin search_path with public, for example SET search_path = public, and qualify the names of other"
                                + " tables.");
    }
}
