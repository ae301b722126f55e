package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Idleness;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A transaction on several shards is one transaction: savepoints, errors and settings concern all of its parts, whenever they join. */
@ExtendWith(SharedCluster.class)
class SpreadTransactionIT {
    private static final int FAILURES = 300;
    private static final int ROWS = 60;

    private final Cluster cluster;
    private final EventRows rows;
    private RawClient client;

    SpreadTransactionIT(Cluster cluster) {
        this.cluster = cluster;
        this.rows = new EventRows(cluster);
    }

    @BeforeEach
    void fill() throws Exception {
        rows.fill(ROWS, "'old'");
        client = RawClient.connect(cluster.port());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        client.close();
        Idleness.comes(cluster);
    }

    /** A changed parameter may be reported with any of the next answers. */
    private void does(String sql, String... answer) throws IOException {
        assertThat(client.answer(sql))
                .as(sql)
                .filteredOn(text -> !text.startsWith("S "))
                .containsExactly(answer);
    }

    private void fails(String sql, String sqlState, String status) throws IOException {
        List<String> answer = client.answer(sql);
        assertThat(answer.get(answer.size() - 2)).as(sql).contains(" " + sqlState + " ");
        assertThat(answer).last().isEqualTo("Z " + status);
    }

    private long idOn(int shard) {
        return LongStream.rangeClosed(1, ROWS)
                .filter(id -> cluster.shardOf(id) == shard)
                .findFirst()
                .orElseThrow();
    }

    private String update(int shard, String note) {
        return "UPDATE events SET note = '" + note + "' WHERE id = " + idOn(shard);
    }

    private List<String> notes() throws IOException {
        List<String> notes = new ArrayList<>();
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            notes.add(client.value("SELECT note FROM events WHERE id = " + idOn(shard)));
        }
        return notes;
    }

    @Test
    void rollbackToASavepointUndoesWhatWasDoneOnAllShardsSince() throws Exception {
        does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
        does(update(1, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        does("SAVEPOINT a", "C SAVEPOINT", "Z IN_TRANSACTION");
        does("UPDATE events SET note = 'second'", "C UPDATE " + ROWS, "Z IN_TRANSACTION");
        does("SAVEPOINT b", "C SAVEPOINT", "Z IN_TRANSACTION");
        does(update(0, "third"), "C UPDATE 1", "Z IN_TRANSACTION");
        assertThat(notes()).containsExactly("third", "second", "second");
        does("ROLLBACK TO b", "C ROLLBACK", "Z IN_TRANSACTION");
        assertThat(notes()).containsExactly("second", "second", "second");
        does("ROLLBACK TO SAVEPOINT a", "C ROLLBACK", "Z IN_TRANSACTION");
        assertThat(notes()).containsExactly("old", "first", "old");
        fails("ROLLBACK TO b", "3B001", "FAILED");
        does("ROLLBACK TO a", "C ROLLBACK", "Z IN_TRANSACTION");
        does("RELEASE a", "C RELEASE", "Z IN_TRANSACTION");
        does("COMMIT", "C COMMIT", "Z IDLE");
        assertThat(notes()).containsExactly("old", "first", "old");
    }

    @Test
    void aShardThatJoinsLateHasTheSavepointsToo() throws Exception {
        does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
        does("SAVEPOINT a", "C SAVEPOINT", "Z IN_TRANSACTION");
        does(update(0, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        does("SAVEPOINT b", "C SAVEPOINT", "Z IN_TRANSACTION");
        does(update(2, "second"), "C UPDATE 1", "Z IN_TRANSACTION");
        does("SAVEPOINT c", "C SAVEPOINT", "Z IN_TRANSACTION");
        does(update(1, "third"), "C UPDATE 1", "Z IN_TRANSACTION");
        does("ROLLBACK TO c", "C ROLLBACK", "Z IN_TRANSACTION");
        assertThat(notes()).containsExactly("first", "old", "second");
        does("ROLLBACK TO b", "C ROLLBACK", "Z IN_TRANSACTION");
        assertThat(notes()).containsExactly("first", "old", "old");
        does("ROLLBACK TO a", "C ROLLBACK", "Z IN_TRANSACTION");
        assertThat(notes()).containsExactly("old", "old", "old");
        does(update(1, "again"), "C UPDATE 1", "Z IN_TRANSACTION");
        does("COMMIT", "C COMMIT", "Z IDLE");
        assertThat(notes()).containsExactly("old", "again", "old");
    }

    /** What was released or rolled back to before a shard joins is no longer a savepoint there either. */
    @Test
    void aShardThatJoinsLateHasNoSavepointsThatAreGone() throws Exception {
        does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
        does(update(0, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        does("SAVEPOINT a", "C SAVEPOINT", "Z IN_TRANSACTION");
        does("SAVEPOINT b", "C SAVEPOINT", "Z IN_TRANSACTION");
        does("RELEASE b", "C RELEASE", "Z IN_TRANSACTION");
        does(update(1, "second"), "C UPDATE 1", "Z IN_TRANSACTION");
        fails("ROLLBACK TO b", "3B001", "FAILED");
        does("ROLLBACK TO a", "C ROLLBACK", "Z IN_TRANSACTION");
        does("SAVEPOINT c", "C SAVEPOINT", "Z IN_TRANSACTION");
        does("ROLLBACK TO a", "C ROLLBACK", "Z IN_TRANSACTION");
        does(update(2, "third"), "C UPDATE 1", "Z IN_TRANSACTION");
        fails("RELEASE c", "3B001", "FAILED");
        does("ROLLBACK", "C ROLLBACK", "Z IDLE");
        assertThat(notes()).containsExactly("old", "old", "old");
    }

    @Test
    void anErrorOnOneShardFailsAllParts() throws Exception {
        does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
        does(update(0, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        does(update(1, "second"), "C UPDATE 1", "Z IN_TRANSACTION");
        fails("UPDATE events SET note = (1 / 0)::text WHERE id = " + idOn(2), "22012", "FAILED");
        fails(update(0, "third"), "25P02", "FAILED");
        fails(update(1, "third"), "25P02", "FAILED");
        fails("SELECT count(*) FROM events", "25P02", "FAILED");
        fails("INSERT INTO events VALUES (-1, 'x'), (-2, 'y'), (-3, 'z'), (-4, 'z')", "25P02", "FAILED");
        fails("SELECT 1", "25P02", "FAILED");
        fails("SAVEPOINT a", "25P02", "FAILED");
        fails("SET work_mem = '1MB'", "25P02", "FAILED");
        does("COMMIT", "C ROLLBACK", "Z IDLE");
        assertThat(notes()).containsExactly("old", "old", "old");
    }

    @Test
    void aStatementThatFailsOnOneShardHasDoneNothingOnTheOthers() throws Exception {
        String split = "INSERT INTO events VALUES (-1, 'new'), (-2, 'new'), (-3, 'new'), (-4, 'new'), (-5, 'new'), ("
                + idOn(2) + ", 'new')";
        fails(split, "23505", "IDLE");
        assertThat(rows.count("note = 'new'")).isZero();
        fails("UPDATE events SET note = 'new', id = id / (id - " + idOn(1) + ") WHERE note = 'old'", "22012", "IDLE");
        fails("UPDATE events SET note = (1 / (id - " + idOn(1) + "))::text || 'new'", "22012", "IDLE");
        assertThat(rows.count("note LIKE '%new'")).isZero();
        does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
        does("SAVEPOINT a", "C SAVEPOINT", "Z IN_TRANSACTION");
        fails(split, "23505", "FAILED");
        does("ROLLBACK TO a", "C ROLLBACK", "Z IN_TRANSACTION");
        does(update(1, "second"), "C UPDATE 1", "Z IN_TRANSACTION");
        assertThat(client.value("SELECT count(*) FROM events")).isEqualTo(Integer.toString(ROWS));
        does("COMMIT", "C COMMIT", "Z IDLE");
        assertThat(notes()).containsExactly("old", "second", "old");
    }

    /** The other shards are told to stop while they may be at any point, the BEGIN that was sent with the statement among them. */
    @Test
    void howeverSoonAShardFailsNothingStaysOnTheOthers() throws Exception {
        String split = "INSERT INTO events VALUES (" + idOn(0)
                + ", 'new'), (-1, 'new'), (-2, 'new'), (-3, 'new'), (-4, 'new'), (-5, 'new')";
        for (int i = 0; i < FAILURES; i++) {
            fails(split, "23505", "IDLE");
        }
        assertThat(rows.count("note = 'new'")).isZero();
    }

    @Test
    void settingsHoldOnAllPartsForAsLongAsTheyShould() throws Exception {
        does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
        does(update(0, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        does(update(1, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        does("SET LOCAL statement_timeout = 54321", "C SET", "Z IN_TRANSACTION");
        does("SET application_name = 'spread'", "C SET", "Z IN_TRANSACTION");
        does(update(2, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        assertThat(settings()).containsOnly("54321ms spread");
        does("COMMIT", "C COMMIT", "Z IDLE");
        assertThat(settings()).containsOnly("0 spread");
        does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
        does("UPDATE events SET note = 'second'", "C UPDATE " + ROWS, "Z IN_TRANSACTION");
        does("SET application_name = 'undone'", "C SET", "Z IN_TRANSACTION");
        does("SET work_mem = '9MB'", "C SET", "Z IN_TRANSACTION");
        assertThat(settings()).containsOnly("0 undone");
        does("ROLLBACK", "C ROLLBACK", "Z IDLE");
        assertThat(settings()).containsOnly("0 spread");
        assertThat(client.value("SHOW work_mem")).isEqualTo("4MB");
    }

    @Test
    void aSettingSinceASavepointIsUndoneWithIt() throws Exception {
        does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
        does(update(0, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        does(update(1, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        does("SAVEPOINT a", "C SAVEPOINT", "Z IN_TRANSACTION");
        does("SET application_name = 'undone'", "C SET", "Z IN_TRANSACTION");
        does("ROLLBACK TO a", "C ROLLBACK", "Z IN_TRANSACTION");
        does(update(2, "first"), "C UPDATE 1", "Z IN_TRANSACTION");
        assertThat(settings()).containsOnly("0 ");
        does("COMMIT", "C COMMIT", "Z IDLE");
        assertThat(settings()).containsOnly("0 ");
    }

    private List<String> settings() throws IOException {
        List<String> settings = new ArrayList<>();
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            settings.add(client.value(
                    "SELECT concat(current_setting('statement_timeout'), ' ', current_setting('application_name'))"
                            + " FROM events WHERE id = " + idOn(shard)));
        }
        return settings;
    }

    @Test
    void commitMakesAllVisibleAndRollbackNothing() throws Exception {
        try (RawClient other = RawClient.connect(cluster.port())) {
            does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
            does("DELETE FROM events WHERE note = 'old'", "C DELETE " + ROWS, "Z IN_TRANSACTION");
            assertThat(client.value("SELECT count(*) FROM events")).isEqualTo("0");
            assertThat(other.value("SELECT count(*) FROM events")).isEqualTo(Integer.toString(ROWS));
            does("ROLLBACK", "C ROLLBACK", "Z IDLE");
            assertThat(other.value("SELECT count(*) FROM events")).isEqualTo(Integer.toString(ROWS));
            does("BEGIN", "C BEGIN", "Z IN_TRANSACTION");
            does("DELETE FROM events WHERE note = 'old'", "C DELETE " + ROWS, "Z IN_TRANSACTION");
            does("COMMIT", "C COMMIT", "Z IDLE");
            assertThat(other.value("SELECT count(*) FROM events")).isEqualTo("0");
        }
    }
}
