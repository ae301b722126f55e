package io.pgring.pgsql.analysis;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Judges by the source of a function or procedure what it may do to its session.
 *
 * <pre>
 *   a statement that begins with SET, RESET, DISCARD, LISTEN, UNLISTEN or LOAD   lasting
 *   set_config, session-level advisory locks, CREATE TEMP without ON COMMIT DROP lasting
 *   EXECUTE of a text that can be read here                                      as that text
 *   EXECUTE of any other, SPI of other languages                                 unknown
 * </pre>
 */
public final class RoutineSource {
    private static final Set<String> LASTING = Set.of("set", "reset", "discard", "listen", "unlisten", "load");

    private static final Pattern CALLS = Pattern.compile(
            "\\bset_config\\b|\\bpg_(try_)?advisory_(un)?lock(_shared|_all)?\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern TEMPORARY = Pattern.compile(
            "\\bcreate\\s+((or\\s+replace|local|global)\\s+)*temp(orary)?\\s(?![^;]*\\bon\\s+commit\\s+drop\\b)",
            Pattern.CASE_INSENSITIVE);

    /** A string of another language that begins with such a statement. */
    private static final Pattern QUOTED_STATEMENT =
            Pattern.compile("[\"'`]\\s*(set|reset|discard|listen|unlisten|load)\\s", Pattern.CASE_INSENSITIVE);

    /** Languages of PostgreSQL itself, whose ways to run SQL are known. */
    private static final Pattern KNOWN = Pattern.compile("pl(python|perl|tcl).*");

    private static final Pattern RUNS_SQL =
            Pattern.compile("\\b(spi_\\w+|execute|prepare|cursor|subtransaction)\\b", Pattern.CASE_INSENSITIVE);

    private RoutineSource() {}

    /**
     * What it may do.
     *
     * @param language its name in pg_language; not c or internal
     */
    public static SessionChange change(String language, String source) {
        if (CALLS.matcher(source).find()) {
            return SessionChange.LASTING;
        }
        if (language.equals("sql") || language.equals("plpgsql")) {
            return ofSql(source);
        }
        if (QUOTED_STATEMENT.matcher(source).find() || TEMPORARY.matcher(source).find()) {
            return SessionChange.LASTING;
        }
        boolean silent =
                KNOWN.matcher(language).matches() && !RUNS_SQL.matcher(source).find();
        return silent ? SessionChange.NONE : SessionChange.UNKNOWN;
    }

    /** Of a source in SQL or PL/pgSQL. */
    static SessionChange ofSql(String source) {
        RoutineTokens tokens = RoutineTokens.of(source);
        if (tokens == null) {
            return SessionChange.UNKNOWN;
        }
        if (tokens.hasStatement(LASTING)) {
            return SessionChange.LASTING;
        }
        String plain = tokens.plain();
        return CALLS.matcher(plain).find() || TEMPORARY.matcher(plain).find()
                ? SessionChange.LASTING
                : DynamicSql.change(tokens);
    }
}
