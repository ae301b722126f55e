package io.pgring.it.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What functions set in a session is never met by another client. */
class FunctionSettingsIT extends TwoClients {
    private static final String CREATE = "CREATE FUNCTION %s LANGUAGE plpgsql AS $f$%s$f$";
    private static final String WORK_MEM = "SELECT setting FROM pg_settings WHERE name = 'work_mem'";

    FunctionSettingsIT(Cluster shared) {
        super(shared);
    }

    @BeforeEach
    void make() throws Exception {
        client.query(CREATE.formatted("does(sql text) RETURNS void", "BEGIN EXECUTE sql; END"));
    }

    @AfterEach
    void drop() throws Exception {
        client.query("DROP FUNCTION does(text) CASCADE");
    }

    @Test
    void oneThatSetsBehindACommentOrByExecuteIsRefused() throws Exception {
        for (String body : List.of(
                "BEGIN /* or -- */ SET work_mem = '9MB'; END",
                "BEGIN\n-- first\nSET work_mem = '9MB'; END",
                "BEGIN EXECUTE 'SET work_mem = ''9MB'''; END",
                "BEGIN EXECUTE format('SET work_mem = %L', '9MB'); END")) {
            client.query(CREATE.formatted("hushed() RETURNS void", body));
            assertThat(PinIT.sqlState(client.query("SELECT hushed()"))).as(body).isEqualTo("0A000");
            client.query("DROP FUNCTION hushed()");
        }
        Pins.go(cluster);
        assertThat(Pins.total(cluster)).isZero();
    }

    @Test
    void whatOneMayHaveSetStaysWithItsClient() throws Exception {
        String before = other.value(WORK_MEM);

        assertThat(client.answer("SELECT does('SET work_mem = ''9MB''; SET app.tenant = ''one''')"))
                .endsWith("C SELECT 1", "Z IDLE");

        Pins.come(cluster, 1);
        assertThat(Pins.now(cluster, "settings")).isEqualTo(1);
        assertThat(client.value(WORK_MEM)).isEqualTo("9216");
        assertThat(client.value("SELECT current_setting('app.tenant', true) FROM pg_class LIMIT 1"))
                .isEqualTo("one");
        for (int i = 0; i < 5; i++) {
            assertThat(other.value(WORK_MEM)).isEqualTo(before);
        }
        client.query("DISCARD ALL");
        Pins.go(cluster);
        assertNobodyHas(before);
    }

    @Test
    void theNextClientFindsNothingOfOneThatIsGone() throws Exception {
        String before = other.value(WORK_MEM);
        try (RawClient gone = RawClient.connect(cluster.port())) {
            gone.query("BEGIN");
            gone.query("SELECT does('SET work_mem = ''9MB''; SET app.tenant = ''one''; SET ROLE pg_monitor')");
            gone.query("COMMIT");
            assertThat(gone.value("SELECT current_user FROM pg_class LIMIT 1")).isEqualTo("pg_monitor");
        }
        Pins.go(cluster);
        assertNobodyHas(before);
    }

    @Test
    void functionsThatCallItAndTriggersCount() throws Exception {
        String before = other.value(WORK_MEM);
        client.query("CREATE TABLE watched (script text)");
        client.query(
                CREATE.formatted("on_watched() RETURNS trigger", "BEGIN PERFORM does(NEW.script); RETURN NEW; END"));
        client.query("CREATE TRIGGER watched BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION on_watched()");
        client.query(CREATE.formatted("outer_one(s text) RETURNS void", "BEGIN PERFORM does(s); END"));

        assertThat(client.answer("SELECT count(*) FROM watched")).endsWith("C SELECT 1", "Z IDLE");
        assertThat(client.answer("SELECT outer_one('SELECT 1')")).endsWith("C SELECT 1", "Z IDLE");
        Pins.come(cluster, 1);
        assertThat(other.answer("INSERT INTO watched VALUES ('SET work_mem = ''9MB''')"))
                .endsWith("C INSERT 0 1", "Z IDLE");
        Pins.come(cluster, 2);

        other.query("DISCARD ALL");
        client.query("DISCARD ALL");
        client.query("DROP TABLE watched");
        client.query("DROP FUNCTION on_watched()");
        client.query("DROP FUNCTION outer_one(text)");
        Pins.go(cluster);
        assertNobodyHas(before);
    }

    @Test
    void dynamicSqlThatCanBeReadPinsNobody() throws Exception {
        client.query(CREATE.formatted(
                "counts(t text) RETURNS bigint",
                "DECLARE n bigint; BEGIN EXECUTE format('SELECT count(*) FROM %I', t) INTO n; RETURN n; END"));
        assertThat(client.value("SELECT counts('pg_class') > 0")).isEqualTo("t");
        client.query("DROP FUNCTION counts(text)");
        Pins.go(cluster);
        assertThat(Pins.total(cluster)).isZero();
    }

    /** On neither of the two connections to the home shard. */
    private void assertNobodyHas(String before) throws Exception {
        for (RawClient any : List.of(client, other)) {
            any.query("BEGIN");
            assertThat(any.value(WORK_MEM)).isEqualTo(before);
            assertThat(any.value("SELECT coalesce(current_setting('app.tenant', true), '') FROM pg_class LIMIT 1"))
                    .isEmpty();
            assertThat(any.value("SELECT current_user = session_user FROM pg_class LIMIT 1"))
                    .isEqualTo("t");
        }
        client.query("ROLLBACK");
        other.query("ROLLBACK");
    }
}
