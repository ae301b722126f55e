package io.pgring.proxy.topology;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The proxy's own tables, in schema {@code pgring}.
 *
 * <pre>
 *   home shard     pgring.tables            the tables that were distributed by SQL
 *                  pgring.tables_version    of the rows of pgring.tables, as a hash
 *                  pgring.proxies           those that are alive, and by which version each plans
 *                  pgring.schema_version    1
 *   other shards   pgring.arrivals          tables whose rows have come, while that is not yet decided
 *   all shards     pgring.commit_log        what became of transactions on several shards that this one decides
 * </pre>
 *
 * {@code state} of a table in pgring.tables, each the outcome of one commit:
 *
 * <pre>
 *   (none) ──► arriving ──► settled ──► leaving ──► left ──► (none)
 *     ▲           │            ▲           │
 *     └───────────┘            └───────────┘      undone after a failure
 * </pre>
 *
 * A table that is arriving or leaving is in use by nobody; one that has left is on the home shard alone, but has rows to be deleted elsewhere.
 */
public final class CatalogSchema {
    /** The schema, of which users make no use. */
    public static final String NAME = "pgring";

    /** So that two proxies that start at once don't collide. */
    private static final long ADVISORY_LOCK = 0x7067_7269_6e68L;

    private static final String HOME = """
            CREATE SCHEMA IF NOT EXISTS pgring;
            CREATE TABLE IF NOT EXISTS pgring.schema_version (version integer PRIMARY KEY);
            INSERT INTO pgring.schema_version VALUES (1) ON CONFLICT DO NOTHING;
            CREATE TABLE IF NOT EXISTS pgring.tables (
                schema_name text NOT NULL,
                table_name text NOT NULL,
                class text NOT NULL CHECK (class IN ('s', 'r')),
                key_column text CHECK ((class = 's') = (key_column IS NOT NULL)),
                state text NOT NULL CHECK (state IN ('arriving', 'settled', 'leaving', 'left')),
                attempt uuid NOT NULL,
                PRIMARY KEY (schema_name, table_name)
            );
            COMMENT ON TABLE pgring.tables IS 'sharded (s) and reference (r) tables';
            CREATE OR REPLACE VIEW pgring.tables_version AS
                SELECT pg_catalog.md5(coalesce(
                    pg_catalog.string_agg(attempt::text || ' ' || state, ',' ORDER BY attempt), '')) AS version
                FROM pgring.tables;
            CREATE TABLE IF NOT EXISTS pgring.proxies (
                id uuid PRIMARY KEY,
                known text NOT NULL,
                heartbeat timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp()
            );
            COMMENT ON TABLE pgring.proxies IS 'proxies that are alive, and the version of the tables that each knows';
            """;

    private static final String OTHERS = """
            CREATE SCHEMA IF NOT EXISTS pgring;
            CREATE TABLE IF NOT EXISTS pgring.arrivals (
                attempt uuid PRIMARY KEY,
                schema_name text NOT NULL,
                table_name text NOT NULL,
                created boolean NOT NULL
            );
            """;

    /** {@code at} is not the time of a transaction's beginning, so that rows become old only after their commit. */
    private static final String COMMIT_LOG = """
            CREATE SCHEMA IF NOT EXISTS pgring;
            CREATE TABLE IF NOT EXISTS pgring.commit_log (
                gid text PRIMARY KEY,
                committed boolean NOT NULL,
                at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp()
            );
            CREATE INDEX IF NOT EXISTS commit_log_at ON pgring.commit_log (at);
            COMMENT ON TABLE pgring.commit_log IS 'transactions on several shards that this one has decided';
            """;

    private CatalogSchema() {}

    /** Makes on the home shard what is missing. */
    public static void ensureHome(Connection connection) throws SQLException {
        ensure(connection, "pgring.proxies", HOME);
    }

    /** Makes on another shard what is missing. */
    public static void ensureOther(Connection connection) throws SQLException {
        ensure(connection, "pgring.arrivals", OTHERS);
    }

    /** Makes on any shard what transactions on several shards need. */
    public static void ensureCommitLog(Connection connection) throws SQLException {
        ensure(connection, "pgring.commit_log", COMMIT_LOG);
    }

    /** In one transaction: several statements in one text are one, unless there is an open one. */
    private static void ensure(Connection connection, String table, String ddl) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!DeclaredTables.exists(connection, table)) {
                statement.execute("SELECT pg_catalog.pg_advisory_xact_lock(" + ADVISORY_LOCK + "); " + ddl);
            }
        }
    }
}
