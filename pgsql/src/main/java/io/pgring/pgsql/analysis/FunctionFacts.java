package io.pgring.pgsql.analysis;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known about PostgreSQL's own functions that matters to shards, by name. */
final class FunctionFacts {
    /** They run SQL, or read a table, that stands in an argument. */
    private static final Set<String> DYNAMIC_SQL = Set.of(
            "query_to_xml",
            "query_to_xmlschema",
            "query_to_xml_and_xmlschema",
            "table_to_xml",
            "table_to_xmlschema",
            "table_to_xml_and_xmlschema",
            "schema_to_xml",
            "schema_to_xmlschema",
            "schema_to_xml_and_xmlschema",
            "database_to_xml",
            "database_to_xmlschema",
            "database_to_xml_and_xmlschema",
            "cursor_to_xml",
            "cursor_to_xmlschema",
            "ts_stat",
            "ts_rewrite",
            "dblink",
            "dblink_exec",
            "dblink_open",
            "dblink_fetch",
            "dblink_send_query",
            "dblink_get_result",
            "dblink_build_sql_insert",
            "dblink_build_sql_update",
            "dblink_build_sql_delete",
            "crosstab",
            "crosstab2",
            "crosstab3",
            "crosstab4",
            "crosstabn",
            "connectby",
            "xpath_table");

    private static final Set<String> SEQUENCES = Set.of("nextval", "currval", "lastval", "setval");

    /** Advisory locks until the end of the transaction. */
    private static final Set<String> TRANSACTION_LOCKS = Set.of(
            "pg_advisory_xact_lock",
            "pg_advisory_xact_lock_shared",
            "pg_try_advisory_xact_lock",
            "pg_try_advisory_xact_lock_shared");

    private static final Map<String, SessionState> STATES = Map.ofEntries(
            Map.entry("set_config", SessionState.SET_CONFIG),
            Map.entry("pg_advisory_lock", SessionState.ADVISORY_LOCK),
            Map.entry("pg_advisory_lock_shared", SessionState.ADVISORY_LOCK),
            Map.entry("pg_try_advisory_lock", SessionState.ADVISORY_LOCK),
            Map.entry("pg_try_advisory_lock_shared", SessionState.ADVISORY_LOCK),
            Map.entry("pg_advisory_unlock", SessionState.ADVISORY_LOCK),
            Map.entry("pg_advisory_unlock_shared", SessionState.ADVISORY_LOCK),
            Map.entry("pg_advisory_unlock_all", SessionState.ADVISORY_LOCK),
            Map.entry("currval", SessionState.SEQUENCE_VALUE),
            Map.entry("lastval", SessionState.SEQUENCE_VALUE),
            Map.entry("pg_listening_channels", SessionState.LISTEN),
            Map.entry("pg_my_temp_schema", SessionState.TEMPORARY_TABLE),
            Map.entry("setseed", SessionState.OTHER),
            Map.entry("dblink_connect", SessionState.OTHER),
            Map.entry("dblink_connect_u", SessionState.OTHER),
            Map.entry("dblink_disconnect", SessionState.OTHER),
            Map.entry("dblink_get_connections", SessionState.OTHER),
            Map.entry("pg_replication_origin_session_setup", SessionState.OTHER),
            Map.entry("pg_replication_origin_session_reset", SessionState.OTHER));

    private FunctionFacts() {}

    static boolean runsSql(String name) {
        return DYNAMIC_SQL.contains(name);
    }

    static boolean usesSequence(String name) {
        return SEQUENCES.contains(name);
    }

    static boolean locksInTransaction(String name) {
        return TRANSACTION_LOCKS.contains(name);
    }

    static @Nullable SessionState state(String name) {
        return STATES.get(name);
    }

    static boolean isTemporarySchema(String name) {
        return name.equals("pg_temp") || name.startsWith("pg_temp_");
    }
}
