package io.pgring.it.gather;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.config.TableConfiguration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the catalog says of the types of columns, and when two servers disagree on them. */
@ExtendWith(SharedServers.class)
class ColumnTypesIT {
    private final Servers servers;

    private final WatchedServers watched;

    ColumnTypesIT(Servers servers) {
        this.servers = servers;
        this.watched = new WatchedServers(servers, List.of(TableConfiguration.parse("things", "id")));
    }

    @AfterEach
    void dropTable() throws Exception {
        servers.executeEverywhere(
                "DROP TABLE IF EXISTS things; DROP TYPE IF EXISTS mood; DROP COLLATION IF EXISTS english");
    }

    private TableClass.Sharded things() {
        return watched.catalog(0).sharded().get(0).definition();
    }

    @Test
    void columnsHaveTheirTypes() throws Exception {
        servers.execute(0, """
                CREATE TABLE things (id bigint, gone text, s smallint, i integer, n numeric(10,2), r real,
                    d double precision, b boolean, y bytea, u uuid, day date, t time(3), ts timestamp,
                    tz timestamptz(3), j jsonb, a integer[], c char(3), ttz timetz, x name);
                ALTER TABLE things DROP COLUMN gone
                """);

        TableClass.Sharded table = things();

        assertThat(table.columns()).startsWith("id", "s").hasSameSizeAs(table.types());
        assertThat(table.types())
                .containsExactly(
                        ColumnType.BIGINT,
                        ColumnType.SMALLINT,
                        ColumnType.INTEGER,
                        ColumnType.NUMERIC,
                        ColumnType.REAL,
                        ColumnType.DOUBLE_PRECISION,
                        ColumnType.BOOLEAN,
                        ColumnType.BYTEA,
                        ColumnType.UUID,
                        ColumnType.DATE,
                        ColumnType.TIME,
                        ColumnType.TIMESTAMP,
                        ColumnType.TIMESTAMPTZ,
                        ColumnType.OTHER,
                        ColumnType.OTHER,
                        ColumnType.OTHER,
                        ColumnType.OTHER,
                        ColumnType.OTHER);
    }

    /** The database of the embedded servers has the locale C.UTF-8. */
    @Test
    void textIsOrderedByBytesWhenItsCollationSaysSo() throws Exception {
        servers.execute(0, """
                CREATE COLLATION english (provider = icu, locale = 'en');
                CREATE TABLE things (id text, c varchar(5) COLLATE "C", p text COLLATE "POSIX",
                    b text COLLATE ucs_basic, e text COLLATE english, u text COLLATE "und-x-icu")
                """);

        assertThat(things().types())
                .containsExactly(
                        ColumnType.TEXT_BY_BYTES,
                        ColumnType.TEXT_BY_BYTES,
                        ColumnType.TEXT_BY_BYTES,
                        ColumnType.TEXT_BY_BYTES,
                        ColumnType.TEXT,
                        ColumnType.TEXT);
    }

    @Test
    void aTypeOfTheUserIsNotTakenForOneOfPostgresql() throws Exception {
        servers.execute(0, "CREATE TABLE things (id uuid); CREATE SCHEMA other; CREATE DOMAIN other.text AS text");
        try {
            servers.execute(0, "ALTER TABLE things ADD v other.text");

            assertThat(things().types()).containsExactly(ColumnType.UUID, ColumnType.OTHER);
        } finally {
            servers.execute(0, "DROP SCHEMA other CASCADE");
        }
    }

    @Test
    void tablesOfOneDefinitionDoNotDiffer() throws Exception {
        servers.executeEverywhere("""
                CREATE TYPE mood AS ENUM ('glad', 'sad');
                CREATE TABLE things (id text, m mood, l mood[], g integer GENERATED ALWAYS AS (1 + 1) STORED)
                """);

        assertThat(watched.catalog(1).differenceTo(watched.catalog(0))).isEmpty();
    }

    @Test
    void theTypesOfAColumnMustBeTheSame() throws Exception {
        servers.execute(0, "CREATE TABLE things (id text, v varchar(10))");
        servers.execute(1, "CREATE TABLE things (id text, v text)");

        assertThat(watched.catalog(1).differenceTo(watched.catalog(0)))
                .startsWith("table public.things is not defined as on the other shards: its column v text collation");
    }

    @Test
    void theirCollationsMustBeTheSame() throws Exception {
        servers.execute(0, "CREATE TABLE things (id text, v text)");
        servers.execute(1, "CREATE TABLE things (id text, v text COLLATE \"und-x-icu\")");

        assertThat(watched.catalog(1).differenceTo(watched.catalog(0))).contains("its column v text collation und-x");
    }

    @Test
    void theValuesOfAnEnumMustHaveOneOrder() throws Exception {
        servers.execute(0, "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TABLE things (id text, m mood)");
        servers.execute(1, "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE things (id text, m mood)");

        assertThat(watched.catalog(1).differenceTo(watched.catalog(0))).contains("with the values 'sad', 'glad'");
    }

    @Test
    void theOrderOfColumnsMustBeTheSame() throws Exception {
        servers.execute(0, "CREATE TABLE things (id text, a text, b text)");
        servers.execute(1, "CREATE TABLE things (id text, b text, a text)");

        assertThat(watched.catalog(1).differenceTo(watched.catalog(0))).contains("another order of them");
    }
}
