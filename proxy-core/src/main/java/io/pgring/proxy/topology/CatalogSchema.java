package io.pgring.proxy.topology;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The proxy's own tables, in schema {@code pgring}.
 *
 * <pre>
 *   home shard     pgring.tables            the tables that were distributed by SQL
 *                  pgring.tables_version    of the rows of pgring.tables, as a hash
 *                  pgring.topology          one row: the version of shards, ring and moves, see {@link TopologyCatalog}
 *                  pgring.shards            where they are, and which arcs of the ring each owns
 *                  pgring.moves             the journal of what has been moved, is moved and will be
 *                  pgring.configured_tables those of the proxies' files, see {@link ConfiguredTables}
 *                  pgring.proxies           those that are alive, and by which versions each plans
 *                  pgring.schema_version    which of the migrations below it has had
 *   other shards   pgring.arrivals          tables whose rows have come, while that is not yet decided
 *   all shards     pgring.commit_log        what became of transactions on several shards that this one decides
 *                  pgring.hidden            one row: the arcs that visible views leave out while rows are moved
 *                  pgring.fence             one row: what is too old to do anything here: see {@link ShardFence}
 *                  pgring.sessions          which server process works for which proxy
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

    /** Advisory lock on the home shard of whoever changes which tables or which shards there are. */
    public static final long ADMINISTRATION_LOCK = 0x7067_7269_6e69L;

    /** Only where there is none: it takes the right to create schemas even if there is one. */
    private static final String SCHEMA = "CREATE SCHEMA IF NOT EXISTS pgring; ";

    /** So that two proxies that start at once don't collide. */
    private static final long ADVISORY_LOCK = 0x7067_7269_6e68L;

    private static final String HOME = """
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
            CREATE TABLE IF NOT EXISTS pgring.arrivals (
                attempt uuid PRIMARY KEY,
                schema_name text NOT NULL,
                table_name text NOT NULL,
                created boolean NOT NULL
            );
            """;

    /** {@code at} is not the time of a transaction's beginning, so that rows become old only after their commit. */
    private static final String COMMIT_LOG = """
            CREATE TABLE IF NOT EXISTS pgring.commit_log (
                gid text PRIMARY KEY,
                committed boolean NOT NULL,
                at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp()
            );
            CREATE INDEX IF NOT EXISTS commit_log_at ON pgring.commit_log (at);
            COMMENT ON TABLE pgring.commit_log IS 'transactions on several shards that this one has decided';
            """;

    /**
     * {@code arcs} of a shard are those that it owns now; {@code position} is its index, of which no other shard ever has the same. A move's
     * {@code mover} is the token of the mover that may change it.
     */
    private static final String TOPOLOGY = """
            CREATE TABLE IF NOT EXISTS pgring.topology (
                one boolean PRIMARY KEY DEFAULT true CHECK (one),
                version bigint NOT NULL,
                points_per_weight integer NOT NULL CHECK (points_per_weight > 0)
            );
            COMMENT ON TABLE pgring.topology IS 'version of pgring.shards and pgring.moves';
            CREATE TABLE IF NOT EXISTS pgring.shards (
                name text PRIMARY KEY,
                position integer NOT NULL UNIQUE CHECK (position >= 0),
                host text NOT NULL,
                port integer NOT NULL,
                database text NOT NULL,
                "user" text NOT NULL,
                password text,
                tls_mode text NOT NULL DEFAULT 'disable',
                tls_root_certificate text,
                tls_certificate text,
                tls_key text,
                tls_negotiation text NOT NULL DEFAULT 'postgres',
                channel_binding text NOT NULL DEFAULT 'prefer',
                weight integer NOT NULL CHECK (weight > 0),
                arcs pg_catalog.int8multirange NOT NULL DEFAULT '{}',
                state text NOT NULL CHECK (state IN ('joining', 'member', 'leaving', 'gone')),
                CHECK (state <> 'gone' OR pg_catalog.isempty(arcs))
            );
            COMMENT ON TABLE pgring.shards IS 'servers, and which tokens each owns';
            CREATE TABLE IF NOT EXISTS pgring.moves (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                source text NOT NULL REFERENCES pgring.shards,
                target text NOT NULL REFERENCES pgring.shards,
                arcs pg_catalog.int8multirange NOT NULL,
                state text NOT NULL DEFAULT 'PLANNED' CHECK (state IN (
                    'PLANNED', 'HIDDEN', 'CAPTURING', 'COPYING', 'CATCHING_UP', 'VERIFYING', 'PAUSED', 'DRAINED',
                    'FLIPPED', 'CLEANING', 'CLOSING', 'DONE', 'ABORTING', 'WITHDRAWING', 'ABORTED')),
                reason text,
                mover bigint NOT NULL DEFAULT 0,
                rows_total bigint,
                rows_copied bigint NOT NULL DEFAULT 0,
                bytes_copied bigint NOT NULL DEFAULT 0,
                rows_deleted bigint NOT NULL DEFAULT 0,
                pause_micros_max bigint NOT NULL DEFAULT 0,
                started timestamp with time zone,
                changed timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
                ended timestamp with time zone,
                CHECK (source <> target),
                CHECK (NOT pg_catalog.isempty(arcs))
            );
            CREATE INDEX IF NOT EXISTS moves_open ON pgring.moves (id) WHERE state NOT IN ('DONE', 'ABORTED');
            COMMENT ON TABLE pgring.moves IS 'journal of the transfers of tokens between servers';
            ALTER TABLE pgring.proxies ADD COLUMN IF NOT EXISTS topology bigint NOT NULL DEFAULT 0;
            INSERT INTO pgring.schema_version VALUES (2) ON CONFLICT DO NOTHING;
            """;

    private static final String CONFIGURED = """
            CREATE TABLE IF NOT EXISTS pgring.configured_tables (
                position integer PRIMARY KEY,
                schema_name text NOT NULL,
                table_name text NOT NULL,
                key_column text
            );
            COMMENT ON TABLE pgring.configured_tables IS 'sharded and reference tables of the configuration files of proxies';
            INSERT INTO pgring.schema_version VALUES (3) ON CONFLICT DO NOTHING;
            """;

    /** {@code configured} stands for the tables of a proxy's configuration file: {@link ConfiguredTables#digest}. */
    private static final String ALIKE = """
            ALTER TABLE pgring.proxies ADD COLUMN IF NOT EXISTS configured text NOT NULL DEFAULT '';
            INSERT INTO pgring.schema_version VALUES (4) ON CONFLICT DO NOTHING;
            """;

    /** Each makes what the one before lacks, and can be run twice. The first is version 1. */
    private static final List<String> MIGRATIONS = List.of(HOME, TOPOLOGY, CONFIGURED, ALIKE);

    private CatalogSchema() {}

    /** Makes on the home shard what is missing. */
    public static void ensureHome(Connection connection) throws SQLException {
        int version = version(connection);
        for (String migration : MIGRATIONS.subList(Math.min(version, MIGRATIONS.size()), MIGRATIONS.size())) {
            execute(connection, migration);
        }
    }

    private static int version(Connection connection) throws SQLException {
        if (!DeclaredTables.exists(connection, "pgring.schema_version")) {
            return 0;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(max(version), 0) FROM pgring.schema_version")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Makes on any shard, the home shard too, what keeps proxies with an old topology from it. */
    public static void ensureFence(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pg_catalog.to_regprocedure('pgring.lowest()') IS NOT NULL")) {
            row.next();
            if (row.getBoolean(1)) {
                return;
            }
        }
        execute(connection, ShardFence.DDL);
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
        if (!DeclaredTables.exists(connection, table)) {
            execute(connection, ddl);
        }
    }

    private static void execute(Connection connection, String ddl) throws SQLException {
        String schema = isThere(connection) ? "" : SCHEMA;
        try (Statement statement = connection.createStatement()) {
            // JDBC would take an empty multirange for an escape.
            statement.setEscapeProcessing(false);
            statement.execute("SELECT pg_catalog.pg_advisory_xact_lock(" + ADVISORY_LOCK + "); " + schema + ddl);
        }
    }

    private static boolean isThere(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pg_catalog.to_regnamespace('" + NAME + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
