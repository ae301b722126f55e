package io.pgring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL cursors over one shard and over all, as psql and programs use them. */
@ExtendWith(SharedCluster.class)
class CursorsIT {
    private static final int ROWS = 1_000;

    private final Cluster cluster;

    CursorsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void rows() throws SQLException {
        cluster.truncate();
        try (Connection connection = cluster.connect()) {
            Sql.execute(
                    connection,
                    "INSERT INTO kv VALUES "
                            + IntStream.range(0, ROWS)
                                    .mapToObj(n -> "('c%04d', '%d')".formatted(n, n))
                                    .collect(Collectors.joining(", ")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT key, value FROM kv ORDER BY key",
                "SELECT count(*) FROM kv",
                "SELECT value FROM kv WHERE key = 'c0007'",
                "SELECT a.key FROM kv a JOIN kv b ON a.value = b.value ORDER BY a.key",
                "SELECT key, row_number() OVER (ORDER BY key) FROM kv ORDER BY key",
                "WITH k AS (SELECT key FROM kv) SELECT key FROM k ORDER BY 1 LIMIT 250",
                "SELECT n FROM generate_series(1, 500) AS n",
                "VALUES (1), (2)"
            })
    void psqlFetchesAnyQueryInPieces(String query) throws Exception {
        // Given
        String plain = run(query + ";");

        // When
        String inPieces = run("\\set FETCH_COUNT 100\n" + query + ";");

        // Then
        assertThat(inPieces).isEqualTo(plain);
    }

    @Test
    void psqlFetchesInPiecesWithinATransaction() throws Exception {
        String pieces = run("""
                \\set FETCH_COUNT 100
                BEGIN;
                SELECT count(*) FROM kv;
                SELECT value FROM kv WHERE key = 'c0001';
                UPDATE kv SET value = 'new' WHERE key = 'c0001';
                SELECT value FROM kv WHERE key = 'c0001';
                COMMIT;
                """);
        assertThat(pieces).isEqualTo("BEGIN\n" + ROWS + "\n1\nUPDATE 1\nnew\nCOMMIT\n");
    }

    @Test
    void aCursorKeepsItsRowsWhileTheTransactionWrites() throws Exception {
        List<String> keys = cluster.keyOnEach("c");
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "DECLARE c CURSOR FOR SELECT value FROM kv ORDER BY key");
            assertThat(Sql.column(connection, "FETCH 2 FROM c")).containsExactly("0", "1");
            for (String key : keys) {
                Sql.execute(connection, "INSERT INTO kv VALUES ('" + key + "', 'not seen')");
            }
            assertThat(Sql.column(connection, "FETCH ALL FROM c"))
                    .hasSize(ROWS - 2)
                    .doesNotContain("not seen");
            connection.commit();
        }
    }

    @Test
    void severalCursorsOnSeveralShards() throws Exception {
        List<String> keys = cluster.keyOnEach("each");
        try (Connection connection = cluster.connect()) {
            for (String key : keys) {
                Sql.execute(connection, "INSERT INTO kv VALUES ('" + key + "', 'of " + key + "')");
            }
            connection.setAutoCommit(false);
            for (String key : keys) {
                Sql.execute(
                        connection,
                        "DECLARE \"" + key + "\" CURSOR FOR SELECT value FROM kv WHERE key = '" + key + "'");
            }
            for (String key : keys) {
                assertThat(Sql.column(connection, "FETCH ALL FROM \"" + key + "\""))
                        .containsExactly("of " + key);
            }
            Sql.execute(connection, "CLOSE ALL");
            assertThatThrownBy(() -> Sql.column(connection, "FETCH ALL FROM \"" + keys.get(1) + "\""))
                    .hasMessageContaining("does not exist");
            connection.rollback();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " WITH HOLD"})
    void aNameIsTakenWhereverItsCursorIs(String hold) throws Exception {
        String declare = "DECLARE c CURSOR" + hold + " FOR SELECT n FROM generate_series(1, 3) n";
        for (String key : cluster.keyOnEach("taken")) {
            try (Connection connection = cluster.connect()) {
                connection.setAutoCommit(false);
                Sql.execute(connection, declare);
                Sql.execute(connection, "INSERT INTO kv VALUES ('" + key + "', 'elsewhere')");
                assertThatThrownBy(() -> Sql.execute(connection, declare))
                        .hasMessageContaining("cursor \"c\" already exists");
                connection.rollback();
            }
        }
    }

    @Test
    void theCurrentRowIsChangedOnItsShard() throws Exception {
        String key = cluster.keyOn(2, "current");
        try (Connection connection = cluster.connect()) {
            Sql.execute(connection, "INSERT INTO kv VALUES ('" + key + "', 'old')");
            connection.setAutoCommit(false);
            Sql.execute(connection, "DECLARE c CURSOR FOR SELECT * FROM kv WHERE key = '" + key + "'");
            Sql.execute(connection, "FETCH c");
            Sql.execute(connection, "UPDATE kv SET value = 'new' WHERE CURRENT OF c");
            connection.commit();
        }
        assertThat(cluster.servers().value(2, "SELECT value FROM kv WHERE key = '" + key + "'"))
                .isEqualTo("new");
    }

    @Test
    void aCursorOverAllRowsSeesWhatTheTransactionHasWritten() throws Exception {
        String key = cluster.keyOn(1, "c");
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "INSERT INTO kv VALUES ('" + key + "', 'mine')");
            Sql.execute(connection, "DECLARE c CURSOR FOR SELECT key FROM kv WHERE value = 'mine'");
            assertThat(Sql.column(connection, "FETCH ALL FROM c")).containsExactly(key);
            Sql.execute(connection, "TRUNCATE kv");
            connection.rollback();
        }
    }

    @Test
    void aDefinitionIsRefusedInsteadOfWaitingForACursorForever() throws Exception {
        try (Connection connection = cluster.connect()) {
            connection.setAutoCommit(false);
            Sql.execute(connection, "DECLARE c CURSOR FOR SELECT key FROM kv ORDER BY key");
            Sql.column(connection, "FETCH 1 FROM c");
            assertThatThrownBy(() -> Sql.execute(connection, "TRUNCATE kv"))
                    .hasMessageContaining("can't follow a cursor");
            connection.rollback();
        }
    }

    /** What a script prints, which must not complain. */
    private String run(String text) throws Exception {
        ProgramResult result = cluster.psql().script(text + "\n", "--set", "ON_ERROR_STOP=1", "-At");
        assertThat(result.error()).isEmpty();
        return result.output();
    }
}
