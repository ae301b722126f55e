package io.pgring.it.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.hashring.Arcs;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.gather.GatherObjects;
import io.pgring.proxy.topology.Gathering;
import io.pgring.proxy.topology.Membership;
import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.MovePhase;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.Topology;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The home shard of three sees the rows of all of them. */
@ExtendWith(SharedServers.class)
class GatherObjectsIT {
    private static final String CLEAN = """
            DROP SCHEMA IF EXISTS pgring_gather, pgring_remote, pgring_visible CASCADE;
            DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS "Odd.schema" CASCADE;
            CREATE TABLE kv (key text PRIMARY KEY, value text);
            CREATE TABLE orders (id bigint PRIMARY KEY, kv_key text, total numeric(10,2));
            """;

    private final Servers servers;

    private WatchedServers watched;

    GatherObjectsIT(Servers servers) {
        this.servers = servers;
        this.watched = new WatchedServers(
                servers, List.of(TableConfiguration.parse("kv", "key"), TableConfiguration.parse("orders", "id")));
    }

    /** Shard s has the keys s*10 to s*10+4, and orders of keys on the next shard. */
    @BeforeEach
    void tables() throws Exception {
        servers.executeEverywhere(CLEAN);
        for (int shard = 0; shard < 3; shard++) {
            servers.execute(
                    shard,
                    "INSERT INTO kv SELECT 'k' || n, 'v' || n FROM generate_series(" + shard * 10 + ", "
                            + (shard * 10 + 4) + ") n; INSERT INTO orders SELECT 100 + n, 'k' || (n + 10) % 30, n"
                            + " FROM generate_series(" + shard * 10 + ", " + (shard * 10 + 4) + ") n");
        }
    }

    private Gathering ensure() {
        return ensure(WatchedServers.ACCESS, watched.topology());
    }

    private static Gathering ensure(ShardAccess access, Topology topology) {
        return new GatherObjects(access, PoolConfiguration.DEFAULT).ensure(topology);
    }

    private List<String> home(String sql) throws SQLException {
        try (Connection connection = servers.connect(0)) {
            return Sql.column(connection, sql).stream().map(String::valueOf).toList();
        }
    }

    @Test
    void aggregatesSeeTheRowsOfAllShards() throws Exception {
        assertThat(ensure().unavailable()).isNull();

        assertThat(home("SELECT count(*) || ' ' || sum(total) FROM pgring_gather.orders"))
                .containsExactly("15 180.00");
        assertThat(home("SELECT key FROM pgring_gather.kv WHERE value > 'v20' ORDER BY key DESC LIMIT 4"))
                .containsExactly("k4", "k3", "k24", "k23");
    }

    @Test
    void tablesJoinAcrossShards() throws Exception {
        ensure();

        assertThat(home("SELECT o.id || kv.value FROM pgring_gather.orders o JOIN pgring_gather.kv ON kv.key = o.kv_key"
                        + " ORDER BY 1 LIMIT 2"))
                .containsExactly("100v10", "101v11");
        assertThat(home("SELECT count(*) FROM pgring_gather.orders o JOIN pgring_gather.kv ON kv.key = o.kv_key"))
                .containsExactly("15");
    }

    @Test
    void aFilterReachesTheIndexesOfAllShards() throws Exception {
        ensure();

        String plan = String.join("\n", home("EXPLAIN (VERBOSE) SELECT * FROM pgring_gather.kv WHERE key = 'k1'"));

        assertThat(plan)
                .contains("on public.kv", "Foreign Scan on pgring_remote.\"shard-1.kv\"")
                .contains("WHERE ((key = 'k1'))")
                .doesNotContain("Function Scan");
    }

    @Test
    void nothingIsMadeAnewWhenNothingHasChanged() throws Exception {
        ensure();
        List<String> before = home("SELECT oid FROM pg_class WHERE relnamespace::regnamespace::text LIKE 'pgring%'");

        assertThat(ensure().unavailable()).isNull();

        assertThat(home("SELECT oid FROM pg_class WHERE relnamespace::regnamespace::text LIKE 'pgring%'"))
                .isEqualTo(before)
                .hasSizeGreaterThan(8);
    }

    @Test
    void whatAProxyThatKnowsMoreTablesHasMadeStays() throws Exception {
        ensure();

        watched = new WatchedServers(servers, List.of(TableConfiguration.parse("kv", "key")));
        assertThat(ensure().unavailable()).isNull();

        assertThat(home("SELECT count(*) FROM pgring_gather.orders")).containsExactly("15");
    }

    @Test
    void theTableCanBeChangedAndDroppedAsIfTheViewsWereNotThere() throws Exception {
        ensure();
        servers.executeEverywhere(
                "ALTER TABLE kv ADD n integer DEFAULT 7; ALTER TABLE orders DROP kv_key," + " ALTER total TYPE text");
        assertThatThrownBy(() -> home("SELECT * FROM pgring_gather.orders")).isInstanceOf(SQLException.class);

        assertThat(ensure().unavailable()).isNull();

        assertThat(home("SELECT sum(n) FROM pgring_gather.kv")).containsExactly("105");
        assertThat(home("SELECT max(total) FROM pgring_gather.orders")).containsExactly("4.00");
        servers.executeEverywhere("DROP TABLE orders");
        watched = new WatchedServers(servers, List.of(TableConfiguration.parse("kv", "key")));
        assertThat(ensure().unavailable()).isNull();
        for (int shard = 0; shard < 3; shard++) {
            assertThat(servers.value(
                            shard,
                            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
                                    + " WHERE nspname LIKE 'pgring%' AND relname LIKE '%orders'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void namesMayBeOdd() throws Exception {
        String longName = "a_name_of_sixty_characters_and_more_that_is_too_long_with_shard";
        servers.executeEverywhere("CREATE SCHEMA \"Odd.schema\";"
                + " CREATE TABLE \"Odd.schema\".\"T \"\"{d}\" (\"{fn Key}\" text, \"select\" integer, \"a?\" text COLLATE \"C\");"
                + " CREATE TABLE " + longName + " (id bigint);"
                + " INSERT INTO \"Odd.schema\".\"T \"\"{d}\" VALUES ('1', 1, 'o''k'); INSERT INTO " + longName
                + " VALUES (1)");
        watched = new WatchedServers(
                servers,
                List.of(
                        TableConfiguration.parse("\"Odd.schema\".\"T \"\"{d}\"", "\"{fn Key}\""),
                        TableConfiguration.parse(longName, "id")));

        assertThat(ensure().unavailable()).isNull();

        TableClass odd = watched.catalog(0).sharded().get(0).definition();
        TableClass longNamed = watched.catalog(0).sharded().get(1).definition();
        assertThat(home("SELECT sum(\"select\") FROM " + Topology.gatherName(odd)))
                .containsExactly("3");
        assertThat(home("SELECT count(*) FROM " + Topology.gatherName(longNamed)))
                .containsExactly("3");
        assertThat(Topology.gatherName(longNamed)).isEqualTo("\"pgring_gather\".\"" + longName + "\"");
    }

    @Test
    void allTypesAreGathered() throws Exception {
        servers.executeEverywhere("""
                CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
                CREATE TYPE pair AS (a integer, b text);
                CREATE TABLE things (id uuid DEFAULT '00112233-4455-6677-8899-aabbccddeeff', gone text, m mood DEFAULT 'sad',
                    ms mood[] DEFAULT '{sad,glad}', p positive DEFAULT 5, q pair DEFAULT '(1,x)', i integer[] DEFAULT '{1,2}',
                    c char(5) DEFAULT 'ab', v varchar(7) COLLATE "C" DEFAULT 'cd', n numeric(6,3) DEFAULT 1.5,
                    b bit(3) DEFAULT '101', bv varbit(9) DEFAULT '1', x "char" DEFAULT 'z', j jsonb DEFAULT '{"a": [1]}',
                    iv interval day to second (2) DEFAULT '1 day 00:00:01.25', tz timestamptz(3) DEFAULT '2020-01-01Z',
                    y bytea DEFAULT '\\x00ff', r int4multirange DEFAULT '{[1,3)}', net cidr DEFAULT '10.0.0.0/8',
                    o oid DEFAULT 4000000000, nm name DEFAULT 'nm', f real DEFAULT 'NaN', xm text[][] DEFAULT '{{a,NULL}}',
                    ts tsvector DEFAULT 'a:1 b:2', g integer GENERATED ALWAYS AS (2 * 21) STORED);
                ALTER TABLE things DROP gone; INSERT INTO things (m) VALUES (DEFAULT);
                """);
        watched = new WatchedServers(servers, List.of(TableConfiguration.parse("things", "id")));

        assertThat(ensure().unavailable()).isNull();

        List<String> rows = home("SELECT t::text FROM pgring_gather.things t");
        assertThat(rows)
                .hasSize(3)
                .containsOnly(home("SELECT t::text FROM things t").get(0));
        assertThat(home("SELECT count(*) FROM pgring_gather.things WHERE m = 'sad' AND ms[2] = 'glad' AND p = 5"
                        + " AND (q).b = 'x' AND c = 'ab' AND v > 'c' AND b = B'101' AND x = 'z' AND g = 42"))
                .containsExactly("3");
    }

    @Test
    void usersViewsAreGathered() throws Exception {
        servers.execute(0, """
                CREATE TABLE labels (key text, label text); INSERT INTO labels VALUES ('k10', 'ten'), ('k0', 'nought');
                CREATE VIEW plain AS SELECT key, value FROM kv;
                CREATE VIEW labelled AS SELECT p.key, l.label, (SELECT max(total) FROM orders WHERE kv_key = p.key) AS most
                    FROM plain AS p JOIN labels l USING (key);
                CREATE SCHEMA app;
                CREATE VIEW app.totals (k, n) AS SELECT kv.key, count(*) FROM kv CROSS JOIN labels GROUP BY 1;
                CREATE VIEW app.over AS SELECT totals.k FROM app.totals WHERE totals.n = 2;
                """);
        try {
            Gathering gathering = ensure();

            assertThat(gathering.views())
                    .containsExactlyInAnyOrder("public.plain", "public.labelled", "app.totals", "app.over");
            assertThat(home("SELECT label || most FROM pgring_gather.labelled ORDER BY 1"))
                    .containsExactly("nought20.00", "ten0.00");
            assertThat(home("SELECT count(*) FROM pgring_gather.\"app.over\"")).containsExactly("15");
            Topology topology = watched.topology();
            Topology gathered = new Topology(2, topology.shards(), topology.ring(), topology.catalog(), gathering);
            assertThat(gathered.find(null, "plain")).matches(view -> ((TableClass.Hiding) view).gatherable());
        } finally {
            servers.execute(0, "DROP SCHEMA app CASCADE");
        }
    }

    @Test
    void aViewThatIsReplacedIsMadeAnew() throws Exception {
        servers.execute(0, "CREATE VIEW chosen AS SELECT key FROM kv WHERE key < 'k2'");
        ensure();
        assertThat(home("SELECT count(*) FROM pgring_gather.chosen")).containsExactly("7");
        Topology before = watched.topology();

        servers.execute(0, "CREATE OR REPLACE VIEW chosen AS SELECT key FROM kv WHERE key > 'k2'");
        assertThat(watched.catalog(0)).isNotEqualTo(before.catalog());
        ensure();

        assertThat(home("SELECT count(*) FROM pgring_gather.chosen")).containsExactly("7");
        assertThat(home("SELECT min(key) FROM pgring_gather.chosen")).containsExactly("k20");
    }

    @Test
    void aViewThatMightBeWrongIsNotGathered() throws Exception {
        servers.execute(0, """
                CREATE FUNCTION rows_here() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM kv';
                CREATE VIEW by_function AS SELECT rows_here() AS n;
                CREATE VIEW both_ways AS SELECT key, rows_here() AS n FROM kv;
                CREATE VIEW above AS SELECT * FROM both_ways;
                CREATE VIEW whole AS SELECT kv AS r FROM kv;
                CREATE MATERIALIZED VIEW stored AS SELECT key FROM kv;
                """);

        Gathering gathering = ensure();

        assertThat(gathering.unavailable()).isNull();
        assertThat(gathering.views()).isEmpty();
        assertThat(gathering.refused())
                .containsKeys(
                        "public.both_ways", "public.above", "public.whole", "public.stored", "public.by_function");
        assertThat(home("SELECT relname FROM pg_class WHERE relnamespace = 'pgring_gather'::regnamespace ORDER BY 1"))
                .containsExactly("kv", "orders");
    }

    @Test
    void aTableWithRowSecurityIsNotGathered() throws Exception {
        ensure();
        servers.execute(1, "ALTER TABLE kv ENABLE ROW LEVEL SECURITY");

        Gathering gathering = ensure();

        assertThat(gathering.unavailable()).isNull();
        assertThat(gathering.refused()).containsOnlyKeys("public.kv");
        assertThat(home("SELECT count(*) FROM pgring_gather.orders")).containsExactly("15");
        assertThatThrownBy(() -> home("SELECT * FROM pgring_gather.kv")).hasMessageContaining("does not exist");
    }

    /** As on a home shard to whose host the proxy's name for a shard means something else. */
    @Test
    void aShardThatTheHomeShardDoesNotFindIsNotTakenForAnother() throws Exception {
        ShardAccess swapped = (shard, pool) -> {
            boolean second = shard.name().equals(servers.shards().get(1).name());
            return servers.connect(second ? 2 : indexOf(shard));
        };

        assertThat(ensure(swapped, watched.topology()).unavailable()).contains("another server");

        List<Shard> shards = new ArrayList<>(watched.topology().shards());
        ShardConfiguration real = servers.shards().get(1);
        shards.set(
                1,
                new Shard(
                        1,
                        new ShardConfiguration(
                                real.name(), "127.0.0.1", 1, real.database(), real.user(), null, real.tls(), 1)));
        Topology unreachable = new Topology(1, shards, watched.topology().ring(), watched.catalog(0));
        ShardAccess proxies = (shard, pool) -> servers.connect(indexOf(shard));
        assertThat(ensure(proxies, unreachable).unavailable()).contains("could not connect to server");
    }

    private int indexOf(ShardConfiguration shard) {
        List<String> names =
                servers.shards().stream().map(ShardConfiguration::name).toList();
        return names.indexOf(shard.name());
    }

    @Test
    void aRoleThatMayNotPrepareTheHomeShardIsToldSo() throws Exception {
        servers.executeEverywhere("DROP EXTENSION IF EXISTS postgres_fdw CASCADE; DROP ROLE IF EXISTS humble;"
                + " CREATE ROLE humble LOGIN; GRANT CREATE ON DATABASE postgres TO humble;"
                + " GRANT USAGE ON SCHEMA public TO humble; GRANT SELECT ON kv, orders TO humble");
        ShardAccess humble = (shard, pool) -> DriverManager.getConnection(
                "jdbc:postgresql://" + shard.host() + ":" + shard.port() + "/" + shard.database(), "humble", "");
        try {
            assertThat(ensure(humble, watched.topology()).unavailable())
                    .isNotNull()
                    .contains("permission denied to create extension \"postgres_fdw\"");

            servers.execute(
                    0, "CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO humble");
            assertThat(ensure(humble, watched.topology()).unavailable())
                    .isNotNull()
                    .contains("wants a password");
        } finally {
            servers.executeEverywhere("DROP OWNED BY humble CASCADE; DROP ROLE humble");
        }
    }

    @Test
    void aRoleWithAPasswordCanDoIt() throws Exception {
        ShardConfiguration first = servers.shards().get(0);
        assertThat(Objects.requireNonNullElse(first.password(), "")).isEmpty();
        assertThat(ensure().unavailable()).isNull();

        assertThat(home("SELECT umoptions::text FROM pg_user_mappings ORDER BY 1")
                        .get(0))
                .contains("user=postgres", "password_required=false");
    }

    /** Of orders, a column has another type modifier in the other form of the visible view, which so can't be replaced. */
    @Test
    void whatWasGrantedOnViewsStaysWhenTheyAreMadeAnew() throws Exception {
        servers.execute(0, "CREATE VIEW plain AS SELECT id, total FROM orders");
        ensure();
        servers.execute(
                0,
                "CREATE ROLE \"The guest\"; CREATE ROLE nobody_else;"
                        + " GRANT SELECT ON pgring_gather.kv, pgring_gather.plain TO \"The guest\";"
                        + " GRANT SELECT ON pgring_visible.orders TO \"The guest\" WITH GRANT OPTION;"
                        + " GRANT SELECT (id) ON pgring_gather.orders TO PUBLIC");
        try {
            List<String> granted = granted();
            assertThat(granted).hasSize(4);
            String gathered = "SELECT oid FROM pg_class WHERE oid = 'pgring_gather.kv'::regclass";
            List<String> before = home(gathered);

            assertThat(ensure(WatchedServers.ACCESS, moving()).unavailable()).isNull();
            assertThat(granted()).isEqualTo(granted);
            assertThat(home(gathered)).isEqualTo(before);
            assertThat(home("SELECT count(*) FROM pg_proc WHERE pronamespace = 'pgring_visible'::regnamespace"))
                    .containsExactly("0");

            assertThat(ensure().unavailable()).isNull();
            assertThat(granted()).isEqualTo(granted);
            assertThat(home(gathered)).isEqualTo(before);
            assertThat(home("SELECT count(*) FROM pgring_gather.kv")).containsExactly("15");
            assertThat(home("SELECT has_table_privilege('nobody_else', 'pgring_visible.kv', 'SELECT, UPDATE')"
                            + " OR has_table_privilege('nobody_else', 'pgring_visible.orders', 'SELECT, UPDATE')"))
                    .containsExactly("f");
        } finally {
            servers.execute(0, "DROP OWNED BY \"The guest\", nobody_else; DROP ROLE \"The guest\", nobody_else");
        }
    }

    /** While rows are moved, everybody may use visible views as far as he may use the tables. */
    private List<String> granted() throws SQLException {
        return home("""
                SELECT concat_ws(' ', c.oid::regclass, a.attname, x.grantee, x.privilege_type, x.is_grantable)
                FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL,
                LATERAL aclexplode(coalesce(a.attacl, c.relacl)) x
                WHERE c.relnamespace::regnamespace::text IN ('pgring_gather', 'pgring_visible') AND x.grantee <> c.relowner
                  AND (x.grantee <> 0 OR a.attname IS NOT NULL) ORDER BY 1
                """);
    }

    private Topology moving() {
        Topology topology = watched.topology();
        Move move = new Move(1, 1, 2, Arcs.parse("{[5,10)}"), MovePhase.STARTED);
        Placement placement = new Placement(
                0,
                topology.shards(),
                topology.ring(),
                List.of(move),
                topology.shards().stream().map(shard -> Membership.MEMBER).toList());
        return new Topology(2, placement, topology.catalog(), Gathering.unavailable(""), List.of());
    }
}
