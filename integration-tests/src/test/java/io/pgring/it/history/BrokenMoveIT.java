package io.pgring.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.history.Violation.Kind;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.KnownTopology;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.reshard.MovePoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The history test finds what it looks for: with the fence or the outbox taken away the same events that are harmless otherwise make violations.
 * They are taken away on the servers, behind the proxies' backs: the proxies have no switch for it.
 */
@ExtendWith(SharedServers.class)
class BrokenMoveIT {
    /** Who does not know the new topology is not kept away any more. */
    private static final String NO_FENCE = """
            CREATE OR REPLACE FUNCTION pgring.expel(version bigint, acknowledged uuid[]) RETURNS bigint
            LANGUAGE sql AS 'SELECT 0::bigint'""";

    /** What was written since rows were copied is forgotten. */
    private static final String NO_OUTBOX = """
            DO $$ DECLARE outbox text; BEGIN
                FOR outbox IN SELECT oid::regclass FROM pg_class
                    WHERE relnamespace = 'pgring'::regnamespace AND relkind = 'r' AND relname ~ '^outbox_' LOOP
                    EXECUTE 'DELETE FROM ' || outbox;
                END LOOP;
            END $$""";

    private static final String FORGET =
            "DROP TABLE IF EXISTS kv CASCADE;" + " DROP SCHEMA IF EXISTS pgring_gather, pgring_visible, pgring CASCADE";
    private static final List<String> KEYS =
            IntStream.range(0, 30).mapToObj(i -> "key-" + i).toList();
    private static final int FROZEN = 1;
    /** What is fenced can't be done as long as the catalog gives no answer. */
    private static final int FENCED_SECONDS = 2;

    private static final int UNFENCED_SECONDS = 60;
    /** A pause that fails on a busy machine is tried again, later each time. */
    private static final Duration MOVE = Duration.ofMinutes(5);

    private final Servers servers;
    private final History history = new History();
    private final AtomicLong numbers = new AtomicLong();

    @TempDir
    private Path folder;

    BrokenMoveIT(Servers servers) {
        this.servers = servers;
    }

    @BeforeEach
    void define() throws SQLException {
        KnownTopology.forget(servers);
        servers.executeEverywhere(FORGET + "; CREATE TABLE kv (key text PRIMARY KEY, value text)");
    }

    @AfterEach
    void forget() throws SQLException {
        servers.executeEverywhere(FORGET);
    }

    private Session session(Proxies proxies, int proxy) throws SQLException {
        return new Session(DriverManager.getConnection(proxies.url(proxy)), history, "client of proxy " + proxy);
    }

    private void append(Session session) throws SQLException {
        for (String key : KEYS) {
            session.insert(numbers.incrementAndGet(), List.of(key));
        }
    }

    private static void read(Session session) throws SQLException {
        for (String key : KEYS) {
            session.read(Set.of(key));
        }
    }

    private List<Kind> found(Ring ring) throws SQLException {
        return HistoryChecker.check(history.operations(), List.of(), ring.rows()).stream()
                .map(Violation::kind)
                .distinct()
                .toList();
    }

    /** A proxy sleeps while all rows of a shard's share move, and wakes up with statements to make and no word from the catalog. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProxyThatHasSleptThroughAMove(boolean fenced) throws Exception {
        try (Proxies proxies = Proxies.start(servers, folder, 2)) {
            Ring ring = new Ring(servers, proxies.configuration());
            Session awake = session(proxies, 0);
            Session asleep = session(proxies, FROZEN);
            append(awake);
            read(asleep);
            if (!fenced) {
                servers.execute(0, NO_FENCE);
                servers.execute(1, NO_FENCE);
            }
            proxies.freeze(FROZEN);
            proxies.age(FROZEN);
            ring.change(new Random());
            Eventually.holds("rows move", MOVE, ring::isCalm);
            append(awake);
            wake(proxies, asleep, fenced ? FENCED_SECONDS : UNFENCED_SECONDS);
            Eventually.succeeds(() -> {
                try (Connection later = DriverManager.getConnection(proxies.url(FROZEN))) {
                    read(new Session(later, history, "later client"));
                }
            });

            if (fenced) {
                assertThat(found(ring)).isEmpty();
                Eventually.holds("nothing is left", () -> ring.leftovers().isEmpty());
            } else {
                assertThat(found(ring)).contains(Kind.LOST, Kind.DOUBLED_ROW);
            }
            awake.connection().close();
            asleep.connection().close();
        }
    }

    /**
     * The catalog gives no answer until the client has done its work, or waits for that answer itself.
     *
     * @param most how long
     */
    private void wake(Proxies proxies, Session asleep, int most) throws Exception {
        CompletableFuture<Boolean> work = new CompletableFuture<>();
        Thread client = new Thread(() -> work.complete(readAndAppend(asleep)), "client");
        try (Connection catalog = servers.connect(0)) {
            catalog.setAutoCommit(false);
            Sql.execute(catalog, "LOCK TABLE pgring.topology IN ACCESS EXCLUSIVE MODE");
            client.start();
            proxies.thaw(FROZEN);
            work.completeOnTimeout(false, most, TimeUnit.SECONDS).join();
        }
        client.join();
    }

    /** @return false if the session was lost */
    private boolean readAndAppend(Session asleep) {
        try {
            read(asleep);
            append(asleep);
            return true;
        } catch (SQLException e) {
            // It has been written down.
            return false;
        }
    }

    /** Rows are written after they were compared, and before the pause. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rowsThatAreWrittenWhileTheyMove(boolean captured) throws Exception {
        try (Proxies proxies = Proxies.start(servers, folder, 2)) {
            Ring ring = new Ring(servers, proxies.configuration());
            Session session = session(proxies, 0);
            append(session);
            proxies.hold(MovePoint.CHUNK_VERIFIED);
            ring.change(new Random());
            Eventually.holds("rows are compared", () -> proxies.held() != null);
            append(session);
            if (!captured) {
                servers.execute(Objects.requireNonNull(proxies.held()).source(), NO_OUTBOX);
            }
            proxies.release();
            Eventually.holds("rows move", MOVE, ring::isCalm);
            read(session);
            append(session);

            if (captured) {
                assertThat(found(ring)).isEmpty();
                Eventually.holds("nothing is left", () -> ring.leftovers().isEmpty());
            } else {
                assertThat(found(ring)).contains(Kind.LOST);
            }
            session.connection().close();
        }
    }
}
