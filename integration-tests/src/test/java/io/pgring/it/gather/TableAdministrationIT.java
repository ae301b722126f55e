package io.pgring.it.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.hashring.Token;
import io.pgring.hashring.TokenRange;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.distribution.DistributionException;
import io.pgring.proxy.distribution.DistributionProgress;
import io.pgring.proxy.distribution.DistributionProgress.Step;
import io.pgring.proxy.distribution.TableAdministration;
import io.pgring.proxy.topology.KeyType;
import io.pgring.proxy.topology.Topology;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables become sharded or reference tables with their rows, and home tables again, whatever breaks on the way. */
@ExtendWith(SharedServers.class)
class TableAdministrationIT {
    private static final String SCHEMA = "public";
    private static final int ROWS = 1000;

    private final Servers servers;
    private final WatchedServers watched;
    private final List<String> refused = new ArrayList<>();
    private final TableAdministration administration;

    TableAdministrationIT(Servers servers) {
        this.servers = servers;
        this.watched = new WatchedServers(servers, List.of());
        this.administration = new TableAdministration(
                watched.configuration(), watched::topology, WatchedServers.ACCESS, this::noteRefused);
    }

    /** What the proxies refuse at the time when they all know. */
    private void noteRefused() {
        watched.catalog(0).hiding().forEach(table -> refused.add(table.schema() + "." + table.name()));
    }

    /** The process ends here: nothing is undone, connections break. */
    private static final class Crash extends Error {}

    @BeforeEach
    void tables() throws Exception {
        servers.executeEverywhere(
                "DROP SCHEMA IF EXISTS pgring CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
                        + " DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('glad', 'sad')");
        servers.execute(0, """
                CREATE TABLE events (gone text, user_id bigint NOT NULL, n numeric(10,2) DEFAULT 1.5, m mood[] DEFAULT '{sad}',
                    note text COLLATE "C" CHECK (note <> 'no'), at timestamptz DEFAULT now(), r float8,
                    twice bigint GENERATED ALWAYS AS (user_id * 2) STORED, PRIMARY KEY (user_id)) WITH (fillfactor = 70);
                ALTER TABLE events DROP gone; CREATE INDEX by_note ON events (lower(note)) WHERE n > 0;
                INSERT INTO events (user_id, note, r) SELECT i, E'tab\\t\\\\N ' || i, i / 3.0 FROM generate_series(1, 1000) i;
                CREATE TABLE countries (code char(2) PRIMARY KEY, name text); INSERT INTO countries VALUES ('ch', 'CH'), ('no', NULL)
                """);
    }

    private void distribute(DistributionProgress progress) throws DistributionException {
        administration.distribute(SCHEMA, "events", "user_id", progress);
    }

    private String homeDigest() throws SQLException {
        return servers.value(0, "SELECT count(*) || md5(string_agg(e::text, ',' ORDER BY user_id)) FROM events e");
    }

    private List<Long> rowCounts(String table) throws SQLException {
        List<Long> counts = new ArrayList<>();
        for (int shard = 0; shard < 3; shard++) {
            boolean there = servers.value(shard, "SELECT to_regclass('" + table + "') IS NOT NULL")
                    .equals("t");
            counts.add(there ? Long.parseLong(servers.value(shard, "SELECT count(*) FROM " + table)) : -1);
        }
        return counts;
    }

    private void assertOld(String digest) throws SQLException {
        assertThat(homeDigest()).isEqualTo(digest);
        assertThat(rowCounts("events")).containsExactly((long) ROWS, -1L, -1L);
        assertThat(watched.catalog(0).sharded()).isEmpty();
        assertThat(watched.catalog(0).hiding()).isEmpty();
    }

    private void assertNew() throws SQLException {
        Topology topology = watched.topology();
        assertThat(topology.catalog().sharded())
                .singleElement()
                .matches(table -> table.qualifiedName().equals("public.events"));
        List<Long> counts = rowCounts("events");
        assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(ROWS);
        assertThat(counts).allMatch(count -> count > 100);
        for (int shard = 0; shard < 3; shard++) {
            assertThat(watched.catalog(shard).differenceTo(topology.catalog())).isEmpty();
            String arcs =
                    TokenRange.toMultirange(topology.arcsOf(topology.shards().get(shard)));
            assertThat(servers.value(
                            shard,
                            "SELECT count(*) FROM events WHERE NOT " + KeyType.INTEGER.tokenSql("user_id") + " <@ '"
                                    + arcs + "'::int8multirange"))
                    .isEqualTo("0");
        }
    }

    @Test
    void theRowsOfATableAreSpread() throws Exception {
        List<Step> steps = new ArrayList<>();

        distribute(new DistributionProgress() {
            @Override
            public void onStep(Step step) {
                steps.add(step);
            }
        });

        assertNew();
        assertThat(steps).containsExactly(Step.values());
        assertThat(refused).contains("public.events");
        int shard = watched.topology().shardOf(Token.ofLong(7));
        assertThat(servers.value(
                        shard,
                        "SELECT note || n || m::text || twice || (r = 7 / 3.0::float8) FROM events WHERE user_id = 7"))
                .isEqualTo("tab\t\\N 71.50{sad}14true");
        assertThat(servers.value(1, "SELECT indexdef FROM pg_indexes WHERE indexname = 'by_note'"))
                .isEqualTo(servers.value(0, "SELECT indexdef FROM pg_indexes WHERE indexname = 'by_note'"));
        assertThat(servers.value(1, "SELECT count(*) FROM pgring.arrivals")).isEqualTo("0");
    }

    @Test
    void aProxyThatStartsKnowsThem() throws Exception {
        distribute(DistributionProgress.NONE);

        try (Cluster cluster = Cluster.start(plan -> plan.on(servers));
                Connection client = cluster.connect()) {
            for (int id = 1; id < 20; id++) {
                assertThat(Sql.value(client, "SELECT twice FROM events WHERE user_id = " + id))
                        .isEqualTo(Integer.toString(2 * id));
            }
        }
    }

    @Test
    void theyComeHomeAgain() throws Exception {
        String digest = homeDigest();
        distribute(DistributionProgress.NONE);

        administration.undistribute("public", "events", DistributionProgress.NONE);

        assertOld(digest);
        assertThat(servers.value(0, "SELECT count(*) FROM pgring.tables")).isEqualTo("0");
        distribute(DistributionProgress.NONE);
        assertNew();
    }

    @Test
    void everyShardGetsAReferenceTable() throws Exception {
        administration.makeReference("public", "countries", DistributionProgress.NONE);

        assertThat(rowCounts("countries")).containsExactly(2L, 2L, 2L);
        assertThat(watched.catalog(2).references())
                .singleElement()
                .matches(table -> table.qualifiedName().equals("public.countries"));
        servers.execute(0, "ALTER TABLE events ADD code char(2) REFERENCES countries");
        distribute(DistributionProgress.NONE);
        assertNew();

        assertThatThrownBy(() -> administration.undistribute("public", "countries", DistributionProgress.NONE))
                .hasMessageContaining("goes from sharded table public.events to unsharded table public.countries");
        administration.undistribute("public", "events", DistributionProgress.NONE);
        administration.undistribute("public", "countries", DistributionProgress.NONE);
        assertThat(rowCounts("countries")).containsExactly(2L, -1L, -1L);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aCrashWhileRowsSpreadLeavesTheOldStateOrTheNew(Step at) throws Exception {
        String digest = homeDigest();

        assertThatThrownBy(() -> distribute(crashAt(at))).isInstanceOf(Crash.class);
        assertThat(watched.catalog(0).hiding().isEmpty()).isEqualTo(at.compareTo(Step.DECIDED) >= 0);
        administration.recover();

        if (at.compareTo(Step.DECIDED) >= 0) {
            assertNew();
        } else {
            assertOld(digest);
            distribute(DistributionProgress.NONE);
            assertNew();
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aCrashWhileRowsComeHomeLeavesTheOldStateOrTheNew(Step at) throws Exception {
        String digest = homeDigest();
        distribute(DistributionProgress.NONE);

        assertThatThrownBy(() -> administration.undistribute("public", "events", crashAt(at)))
                .isInstanceOf(Crash.class);
        administration.recover();

        if (at.compareTo(Step.DECIDED) >= 0) {
            assertOld(digest);
        } else {
            assertNew();
            administration.undistribute("public", "events", DistributionProgress.NONE);
            assertOld(digest);
        }
    }

    private static DistributionProgress crashAt(Step at) {
        return new DistributionProgress() {
            @Override
            public void onStep(Step step) {
                if (step == at) {
                    throw new Crash();
                }
            }
        };
    }

    @Test
    void aFailureInTheMidstOfTheRowsIsUndoneAtOnce() throws Exception {
        String digest = homeDigest();
        DistributionProgress failing = new DistributionProgress() {
            @Override
            public void onRows(String shard, long rows) {
                if (shard.equals(servers.shards().get(2).name())) {
                    throw new IllegalStateException("no more");
                }
            }
        };

        assertThatThrownBy(() -> distribute(failing))
                .isInstanceOf(DistributionException.class)
                .hasMessage("no more");

        assertOld(digest);
        distribute(DistributionProgress.NONE);
        assertNew();
    }

    @Test
    void anEqualEmptyTableElsewhereIsUsedAndStaysEmptyWhenItFails() throws Exception {
        servers.execute(1, "CREATE TABLE countries (code char(2) PRIMARY KEY, name text)");

        assertThatThrownBy(() -> administration.makeReference("public", "countries", crashAt(Step.COPIED)))
                .isInstanceOf(Crash.class);
        assertThat(rowCounts("countries")).containsExactly(2L, 2L, 2L);
        administration.recover();
        assertThat(rowCounts("countries")).containsExactly(2L, 0L, -1L);

        administration.makeReference("public", "countries", DistributionProgress.NONE);
        assertThat(rowCounts("countries")).containsExactly(2L, 2L, 2L);
    }

    @Test
    void rowsAndTablesOfOthersAreNotTouched() throws Exception {
        servers.execute(
                1, "CREATE TABLE countries (code char(2) PRIMARY KEY, name text); INSERT INTO countries VALUES ('xx')");
        servers.execute(2, "CREATE TABLE events (user_id text)");

        assertThatThrownBy(() -> administration.makeReference("public", "countries", DistributionProgress.NONE))
                .hasMessage("table \"countries\" of shard \"shard-1\" has rows");
        assertThatThrownBy(() -> distribute(DistributionProgress.NONE))
                .hasMessageContaining("of shard \"shard-2\" is defined otherwise");

        assertThat(rowCounts("countries")).containsExactly(2L, 1L, -1L);
        assertThat(rowCounts("events")).containsExactly((long) ROWS, -1L, 0L);
        assertThat(servers.value(0, "SELECT count(*) FROM pgring.tables")).isEqualTo("0");
    }

    @Test
    void whatCanNotBeKeptIsRefused() throws Exception {
        servers.execute(0, """
                CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE nulls (id int); INSERT INTO nulls VALUES (NULL);
                CREATE TABLE mails (id int, mail text UNIQUE); CREATE TABLE floats (id float8);
                CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TABLE posts (id int, event bigint REFERENCES events); CREATE TABLE triggered (id int); CREATE TRIGGER t BEFORE INSERT ON triggered EXECUTE FUNCTION f()
                """);
        assertThatThrownBy(() -> distribute(DistributionProgress.NONE))
                .hasMessage("foreign key \"posts_event_fkey\" of another table points to table \"events\"");
        servers.execute(0, "DROP TABLE posts");
        distribute(DistributionProgress.NONE);

        assertRefused("parts", "it is not an ordinary table");
        assertRefused("nulls", "contains null values");
        assertRefused("mails", "unique index mails_mail_key does not compare the key column id");
        assertRefused("floats", "has type double precision, but must be one of");
        assertRefused("triggered", "it has triggers");
        assertRefused("missing", "relation \"public.missing\" does not exist");
        assertRefused("events", "is a sharded or reference table already");
        assertThatThrownBy(() -> administration.undistribute("public", "mails", DistributionProgress.NONE))
                .hasMessage("table \"mails\" is no sharded or reference table");
        assertThat(servers.value(0, "SELECT count(*) FROM pgring.tables")).isEqualTo("1");
    }

    private void assertRefused(String table, String message) {
        assertThatThrownBy(() -> administration.distribute("public", table, "id", DistributionProgress.NONE))
                .as(table)
                .isInstanceOf(DistributionException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aTableInUseIsNotTakenFromItsUsers() throws Exception {
        String digest = homeDigest();
        try (Connection user = servers.connect(0)) {
            user.setAutoCommit(false);
            user.createStatement().execute("UPDATE events SET note = note WHERE user_id = 1");

            assertThatThrownBy(() -> distribute(DistributionProgress.NONE)).hasMessageContaining("lock timeout");
        }
        assertOld(digest);
    }

    @Test
    void whatTheConfigurationFileDeclaresStays() {
        TableAdministration configured = new TableAdministration(
                new WatchedServers(servers, List.of(TableConfiguration.parse("events", "user_id"))).configuration(),
                watched::topology,
                WatchedServers.ACCESS,
                () -> {});

        assertThatThrownBy(() -> configured.undistribute("public", "events", DistributionProgress.NONE))
                .hasMessage("table \"events\" is declared in the configuration file");
        assertThatThrownBy(() -> configured.distribute("public", "events", "user_id", DistributionProgress.NONE))
                .hasMessageContaining("already");
    }
}
