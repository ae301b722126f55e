package io.pgring.proxy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.proxy.routing.PlannedStatement.Administer;
import io.pgring.proxy.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of create_distributed_table and its relatives, and of definitions that would break what they have made. */
class TablePlansTest {
    private static final Administer.Argument KV = new Administer.Argument.Constant("kv");
    private static final Administer.Argument KEY = new Administer.Argument.Constant("key");

    private final Topology topology = Topologies.ofShards(3);
    private final Planner planner = new Planner(() -> topology, 100);

    private PlannedStatement plan(String sql) {
        byte[] text = sql.getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(planner.plan(text, 0, text.length).single());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT create_distributed_table('kv', 'key')",
                "select CREATE_DISTRIBUTED_TABLE('kv'::regclass, 'key'::text);",
                "SELECT pg_catalog.create_distributed_table(CAST('kv' AS regclass), $$key$$)",
                "SELECT create_distributed_table(distribution_column => 'key', table_name := regclass 'kv')",
                "SELECT create_distributed_table('kv', distribution_column => E'k\\x65y')",
            })
    void aCallIsTheProxysToRun(String sql) {
        assertThat(plan(sql)).isEqualTo(new Administer(TableVerb.DISTRIBUTE, KV, KEY, TableVerb.DISTRIBUTE.function()));
    }

    @Test
    void theValuesAreNoPartOfWhatIsRemembered() {
        plan("SELECT undistribute_table('other') AS done");
        assertThat(plan("SELECT undistribute_table('kv') AS done"))
                .isEqualTo(new Administer(TableVerb.UNDISTRIBUTE, KV, null, "done"));
    }

    @Test
    void argumentsMayBeParameters() {
        assertThat(plan("SELECT create_distributed_table($2, $1::varchar)"))
                .isEqualTo(new Administer(
                        TableVerb.DISTRIBUTE,
                        new Administer.Argument.Parameter(1),
                        new Administer.Argument.Parameter(0),
                        "create_distributed_table"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT create_reference_table('kv') WHERE true",
                "SELECT create_reference_table('kv'), 1",
                "SELECT * FROM create_reference_table('kv')",
                "SELECT DISTINCT create_reference_table('kv')",
                "SELECT create_reference_table('kv') LIMIT 1",
                "WITH w AS (SELECT create_reference_table('kv')) SELECT 1",
                "SELECT \"create_reference_table\"('kv') UNION SELECT 1",
                "EXPLAIN SELECT create_reference_table('kv')",
                "PREPARE p AS SELECT create_reference_table('kv')",
                "INSERT INTO notes SELECT create_reference_table('kv')",
                "SELECT 1; SELECT create_reference_table('kv')",
                "SELECT app.create_reference_table('kv')",
                "SELECT create_reference_table('kv' || '')",
                "SELECT create_distributed_table('kv', 'key', shard_count => 3)",
                "CREATE FUNCTION create_reference_table() RETURNS void LANGUAGE sql AS ''",
            })
    void anythingElseIsRefused(String sql) {
        assertThat(plan(sql))
                .isInstanceOfSatisfying(
                        PlannedStatement.Refused.class,
                        refused -> assertThat(refused.error().sqlState()).isEqualTo("0A000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE kv ADD FOREIGN KEY (value) REFERENCES short (code)",
                "ALTER TABLE kv ADD FOREIGN KEY (key) REFERENCES short",
                "ALTER TABLE kv ADD CONSTRAINT f FOREIGN KEY (key, value) REFERENCES short (value, code)",
                "ALTER TABLE kv ADD COLUMN c text REFERENCES short (code)",
                "ALTER TABLE kv ADD FOREIGN KEY (key) REFERENCES short (code) ON DELETE SET NULL",
                "ALTER TABLE kv ADD FOREIGN KEY (key) REFERENCES notes (key)",
                "ALTER TABLE kv INHERIT short",
                "ALTER TABLE kv ATTACH PARTITION notes DEFAULT",
                "ALTER TABLE kv ALTER COLUMN key TYPE text COLLATE other",
                "ALTER TABLE kv SET SCHEMA app",
                "CREATE TABLE copies (LIKE kv INCLUDING ALL)",
                "CREATE TABLE children () INHERITS (kv)",
                "CREATE RULE r AS ON INSERT TO kv DO NOTHING",
                "CREATE TRIGGER t AFTER INSERT ON kv EXECUTE FUNCTION count_kv()",
                "DROP TYPE mood CASCADE",
                "DROP SCHEMA public CASCADE",
            })
    void whatWouldBreakAPromiseIsNotDefined(String sql) {
        assertThat(plan(sql)).isInstanceOf(PlannedStatement.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE kv ADD FOREIGN KEY (key) REFERENCES short (code) ON DELETE CASCADE",
                "ALTER TABLE kv ADD FOREIGN KEY (value, key) REFERENCES short (value, code) MATCH FULL ON UPDATE NO ACTION",
                "ALTER TABLE kv NO INHERIT short",
                "ALTER TABLE kv ADD COLUMN c text UNIQUE, ADD PRIMARY KEY (key)",
            })
    void theOthersRunEverywhereOrAreRefusedForAnotherReason(String sql) {
        boolean everywhere = plan(sql) instanceof PlannedStatement.Everywhere;
        assertThat(everywhere).isEqualTo(!sql.contains("UNIQUE"));
    }
}
