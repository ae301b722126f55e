package io.pgring.proxy.topology;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.UUID;

/**
 * What keeps a proxy with an old topology from a shard. A server connection is attached once, after its login, and never asked again; before
 * rows go elsewhere, the connections of proxies that have not said that they know of it are ended:
 *
 * <pre>
 *   proxy   SELECT pgring.attach(proxy, version)     refused when version is below pgring.fence.lowest
 *                                                    else a row of pgring.sessions says for whom this process works
 *           SELECT pgring.lowest()                   plans by an older version must not be carried out by this process
 *   mover   SELECT pgring.expel(version, proxies)    raises lowest; ends the processes of all other proxies
 * </pre>
 *
 * Attach and expel lock the row of the fence, so that an attach is either over before expel looks for sessions, or sees the new version. A proxy
 * that was frozen is attached by a new version while it still has plans made by an old one; see {@link TopologyView#mayUse}.
 */
public final class ShardFence {
    /** SQLSTATE of an attach that comes with too old a version. */
    public static final String TOO_OLD = "55000";

    /**
     * {@code backend_start} can't be seen by a role that is neither that of the process nor allowed to read all statistics: then the process
     * number alone counts. A process is in pg_stat_activity until its transaction is over.
     */
    static final String DDL = """
            CREATE TABLE IF NOT EXISTS pgring.hidden (
                one boolean PRIMARY KEY DEFAULT true CHECK (one),
                arcs pg_catalog.int8multirange NOT NULL
            );
            COMMENT ON TABLE pgring.hidden IS 'tokens whose rows the views in pgring_visible leave out';
            INSERT INTO pgring.hidden (arcs) VALUES ('{}') ON CONFLICT DO NOTHING;
            CREATE TABLE IF NOT EXISTS pgring.fence (
                one boolean PRIMARY KEY DEFAULT true CHECK (one),
                lowest bigint NOT NULL,
                mover bigint NOT NULL
            );
            COMMENT ON TABLE pgring.fence IS 'lowest version of the topology that is accepted, and the newest mover';
            INSERT INTO pgring.fence (lowest, mover) VALUES (0, 0) ON CONFLICT DO NOTHING;
            CREATE UNLOGGED TABLE IF NOT EXISTS pgring.sessions (
                pid integer PRIMARY KEY,
                backend_start timestamp with time zone,
                proxy uuid NOT NULL
            );
            COMMENT ON TABLE pgring.sessions IS 'processes of this server that work for proxies';
            CREATE OR REPLACE FUNCTION pgring.attach(proxy uuid, version bigint) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $attach$
            DECLARE
                accepted bigint;
            BEGIN
                SELECT f.lowest INTO STRICT accepted FROM pgring.fence f FOR SHARE;
                IF attach.version < accepted THEN
                    RAISE EXCEPTION 'version % of the topology is too old', attach.version
                        USING ERRCODE = 'object_not_in_prerequisite_state',
                              DETAIL = pg_catalog.format('The lowest accepted version is %s.', accepted);
                END IF;
                INSERT INTO pgring.sessions AS s (pid, backend_start, proxy)
                    SELECT pg_catalog.pg_backend_pid(), a.backend_start, attach.proxy
                    FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a
                ON CONFLICT (pid) DO UPDATE SET backend_start = excluded.backend_start, proxy = excluded.proxy;
                -- Now and then, what processes that have ended have left.
                IF pg_catalog.random() < 0.01 THEN
                    DELETE FROM pgring.sessions d WHERE d.pid IN (
                        SELECT s.pid FROM pgring.sessions s WHERE NOT EXISTS (
                            SELECT FROM pg_catalog.pg_stat_activity a
                            WHERE a.pid = s.pid
                              AND (a.backend_start = s.backend_start OR a.backend_start IS NULL OR s.backend_start IS NULL))
                        FOR UPDATE SKIP LOCKED);
                END IF;
            END $attach$;
            CREATE OR REPLACE FUNCTION pgring.lowest() RETURNS bigint
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT f.lowest FROM pgring.fence f';
            CREATE OR REPLACE FUNCTION pgring.expel(version bigint, acknowledged uuid[]) RETURNS bigint
            LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $expel$
            DECLARE
                remaining bigint;
            BEGIN
                UPDATE pgring.fence f SET lowest = expel.version WHERE f.lowest < expel.version;
                DELETE FROM pgring.sessions s WHERE NOT EXISTS (
                    SELECT FROM pg_catalog.pg_stat_activity a
                    WHERE a.pid = s.pid
                      AND (a.backend_start = s.backend_start OR a.backend_start IS NULL OR s.backend_start IS NULL));
                SELECT count(pg_catalog.pg_terminate_backend(s.pid)) INTO remaining
                FROM pgring.sessions s
                WHERE s.proxy <> ALL (expel.acknowledged) AND s.pid <> pg_catalog.pg_backend_pid();
                RETURN remaining;
            END $expel$;
            REVOKE ALL ON FUNCTION pgring.expel(bigint, uuid[]) FROM PUBLIC;
            GRANT USAGE ON SCHEMA pgring TO PUBLIC;
            GRANT SELECT ON pgring.hidden TO PUBLIC;
            """;

    /** One transaction, whatever the role's defaults are. Nothing in it must survive a crash of the server. */
    private static final String ATTACH = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE;"
            + " SET LOCAL synchronous_commit = off; SELECT pgring.attach('%s'::pg_catalog.uuid, %d); SELECT pgring.lowest()";

    private static final String EXPEL = "SELECT pgring.expel(?, ?)";

    /**
     * A sentence on sessions that are attached now and that this role may not end, as {@code pg_terminate_backend} would find out; no row
     * when it may end all. Clients that log in to the shards as their own roles have such sessions.
     */
    public static final String MISSING_RIGHT = """
            SELECT CASE WHEN r.rolsuper
                THEN pg_catalog.format('role %I may not end the sessions of superuser %I: only a superuser may', current_user, r.rolname)
                ELSE pg_catalog.format('role %1$I may not end the sessions of role %2$I: GRANT pg_signal_backend TO %1$I', current_user, r.rolname)
                END
            FROM pgring.sessions s
            JOIN pg_catalog.pg_stat_activity a ON a.pid = s.pid
                AND (a.backend_start = s.backend_start OR a.backend_start IS NULL OR s.backend_start IS NULL)
            JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
            JOIN pg_catalog.pg_roles me ON me.rolname = current_user
            WHERE CASE WHEN r.rolsuper THEN NOT me.rolsuper
                ELSE NOT pg_catalog.pg_has_role(r.oid, 'USAGE') AND NOT pg_catalog.pg_has_role('pg_signal_backend', 'USAGE') END
            ORDER BY r.rolsuper DESC, r.rolname LIMIT 1
            """;

    /** The GRANT that this role lacks to end the sessions of any other one; no row when it lacks none. */
    public static final String MISSING_GRANT = """
            SELECT pg_catalog.format('GRANT pg_signal_backend TO %I', current_user)
            WHERE NOT pg_catalog.pg_has_role('pg_signal_backend', 'USAGE')
            """;

    private static final String MAY_NOT = "42501";

    private ShardFence() {}

    /** The text of a simple Query by which a proxy says that a connection is its own. The last row tells the lowest accepted version. */
    public static String attach(UUID proxy, long version) {
        return ATTACH.formatted(proxy, version);
    }

    /**
     * Raises the lowest accepted version and tells the sessions of other proxies to end.
     *
     * @param connection in autocommit mode
     * @param acknowledged the proxies that know the version
     * @return how many sessions of others were there: to be called until there is none
     * @throws SQLException also when this role may not end one of them, and which right is missing
     */
    public static long expel(Connection connection, long version, Collection<UUID> acknowledged) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXPEL)) {
            statement.setLong(1, version);
            statement.setArray(2, connection.createArrayOf("uuid", acknowledged.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw MAY_NOT.equals(e.getSQLState()) ? explained(connection, e) : e;
        }
    }

    private static SQLException explained(Connection connection, SQLException failure) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MISSING_RIGHT)) {
            return row.next() ? new SQLException(row.getString(1), MAY_NOT, failure) : failure;
        }
    }
}
