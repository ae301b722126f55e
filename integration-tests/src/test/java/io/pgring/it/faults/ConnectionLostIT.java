package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.faults.CuttingRelay.Fault;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The connection to a server is lost at every border of messages of several scripts, in both directions. The client gets whole messages
 * that are also those of the undisturbed run, then one FATAL. It is never told that a commit has succeeded or failed when that is not
 * known.
 */
class ConnectionLostIT {
    /** Every cut takes the time of a new connection: a build runs the first scripts, the nightly run all. */
    private static final int SCRIPTS = Integer.getInteger("pgring.it.lossScripts", 3);

    private static final int[] NONE = {};
    private static final int MESSAGES_MAX = 100;

    private static Servers servers;
    private static CuttingRelay relay;
    private static Cluster cluster;
    private static String key;

    /**
     * What a client does.
     *
     * @param turns what it sends; each is answered up to as many ReadyForQuery as it asks for
     * @param unknown whether the loss of an answer may leave it open what was committed
     */
    private record Script(String name, boolean unknown, List<List<FrontendMessage>> turns) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(1);
        relay = CuttingRelay.to(servers.shards().get(0).port());
        cluster = Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .pool(new PoolConfiguration(1, 10_000, 120_000, 15_000, 600_000, 3_600_000, 60_000, 200))
                .shard(ConnectionLostIT::behindTheRelay));
        key = cluster.keyOn(0, "lost");
    }

    private static ShardConfiguration behindTheRelay(ShardConfiguration shard) {
        return new ShardConfiguration(
                shard.name(),
                shard.host(),
                relay.port(),
                shard.database(),
                shard.user(),
                shard.password(),
                ShardTls.of(TlsMode.DISABLE),
                shard.weight());
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        relay.close();
        servers.close();
    }

    @BeforeEach
    void healthy() {
        relay.renew(new Fault.None());
    }

    static Stream<Script> scripts() {
        String insert = "INSERT INTO kv VALUES ('lost0', 'x')";
        String select = "SELECT key, value FROM kv WHERE key = 'lost0'";
        Stream<Script> all = Stream.of(
                simple("a transaction", true, "BEGIN", insert, select, "COMMIT"),
                new Script("an extended write", true, List.of(extended(insert))),
                simple("copy out", true, "COPY (SELECT generate_series(1, 3)) TO STDOUT"),
                simple("a read", false, select),
                simple("a write", true, insert),
                simple("a transaction that is given up", false, "BEGIN", insert, "SAVEPOINT s", select, "ROLLBACK"),
                simple("a transaction that has failed", false, "BEGIN", insert, insert, "ROLLBACK"),
                simple("several statements in one", true, insert + "; " + select),
                simple("a transaction in one", true, "BEGIN; " + insert + "; COMMIT; " + select),
                new Script("an extended read", false, List.of(extended(select))),
                new Script(
                        "an extended transaction",
                        true,
                        List.of(extended("BEGIN"), extended(insert), extended(select), extended("COMMIT"))),
                new Script(
                        "a pipeline",
                        true,
                        List.of(Stream.of("BEGIN", insert, "COMMIT", select)
                                .flatMap(sql -> extended(sql).stream())
                                .toList())));
        return all.limit(SCRIPTS);
    }

    private static Script simple(String name, boolean unknown, String... queries) {
        return new Script(
                name,
                unknown,
                Stream.of(queries)
                        .map(sql -> List.<FrontendMessage>of(Query.of(sql)))
                        .toList());
    }

    private static List<FrontendMessage> extended(String sql) {
        return List.of(
                new Parse("", sql.getBytes(StandardCharsets.UTF_8), NONE),
                new Bind("", "", NONE, new byte[0][], NONE),
                new Execute("", 0),
                new Sync());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void behindEveryReply(Script script) throws Exception {
        everywhere(script, count -> new Fault.AfterReplies(count, false));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void inTheMiddleOfEveryReply(Script script) throws Exception {
        everywhere(script, count -> new Fault.AfterReplies(count, true));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void beforeEveryRequest(Script script) throws Exception {
        everywhere(script, Fault.AfterRequests::new);
    }

    private static void everywhere(Script script, IntFunction<Fault> fault) throws Exception {
        List<String> undisturbed = texts(run(script, new Fault.None()));
        int losses = 0;
        for (int count = 0; ; count++) {
            assertThat(count).isLessThan(MESSAGES_MAX);
            List<Reply> replies = run(script, fault.apply(count));
            if (!texts(replies).equals(undisturbed)) {
                losses++;
                assertLost(script, undisturbed, replies, script + ", " + fault.apply(count));
            } else if (!relay.hasStruck()) {
                break;
            }
        }
        assertThat(losses).isPositive();
    }

    private static void assertLost(Script script, List<String> undisturbed, List<Reply> replies, String when)
            throws Exception {
        assertThat(replies).as(when).isNotEmpty();
        Reply last = replies.get(replies.size() - 1);
        List<Reply> before = replies.subList(0, replies.size() - 1);
        assertThat(texts(before)).as(when).isEqualTo(undisturbed.subList(0, before.size()));
        assertThat(last.is(BackendType.ERROR_RESPONSE)).as(when + replies).isTrue();
        assertThat(last.error().fields().severity()).as(when).isEqualTo("FATAL");
        assertThat(last.sqlState()).as(when).isIn(script.unknown ? List.of("08006", "08007") : List.of("08006"));
        assertThat(last.error().fields().detail()).as(when).isNotBlank();
        assertThat(last.error().fields().hint()).as(when).isNotBlank();
        boolean acknowledged = committed(script, before);
        if (acknowledged || last.sqlState().equals("08006")) {
            Eventually.holds(
                    "the server's session is over: " + when,
                    () -> servers.value(
                                    0,
                                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgring' AND xact_start IS NOT NULL")
                            .equals("0"));
            assertThat(servers.value(0, "SELECT count(*) FROM kv"))
                    .as(when + ", told " + texts(replies))
                    .isEqualTo(acknowledged ? "1" : "0");
        }
    }

    /** Whether the client knows that its row is there. */
    private static boolean committed(Script script, List<Reply> replies) {
        boolean wrote = false;
        boolean done = false;
        for (Reply reply : replies) {
            wrote |= reply.text().matches("C (INSERT 0|COPY) 1");
            done |= wrote
                    && script.unknown
                    && reply.is(BackendType.READY_FOR_QUERY)
                    && ((ReadyForQuery) reply.decode()).status() == TransactionStatus.IDLE;
        }
        return done;
    }

    private static List<String> texts(List<Reply> replies) {
        return replies.stream().map(Reply::text).toList();
    }

    /** All that the client is told until the end of the script, or of the connection. */
    private static List<Reply> run(Script script, Fault fault) throws Exception {
        servers.execute(0, "TRUNCATE kv");
        relay.renew(fault);
        Eventually.holds(
                "the proxy has connected again",
                () -> cluster.http().get("/health/ready").body().contains("\"state\":\"up\""));
        List<Reply> replies = new ArrayList<>();
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (List<FrontendMessage> turn : script.turns) {
                client.send(turn.toArray(FrontendMessage[]::new));
                long answers = turn.stream()
                        .filter(message -> message instanceof Query || message instanceof Sync)
                        .count();
                for (long answered = 0; answered < answers; ) {
                    Reply reply = client.read();
                    replies.add(reply);
                    answered += reply.is(BackendType.READY_FOR_QUERY) ? 1 : 0;
                }
            }
        } catch (EOFException | SocketException e) {
            return replies;
        } catch (SocketTimeoutException e) {
            throw new AssertionError(script + ": no more than " + replies, e);
        }
        return replies;
    }

    /** What the server said before it went is the last that the client hears, however the proxy learns of the rest. */
    @Test
    void theServersOwnWordsComeFirst() throws Exception {
        relay.renew(new Fault.None());
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("INSERT INTO kv VALUES ('" + key + "', 'x') ON CONFLICT (key) DO NOTHING");
            client.send(Query.of("SELECT pg_terminate_backend(pg_backend_pid()) FROM kv WHERE key = '" + key + "'"));
            List<Reply> replies = client.readToEnd();
            assertThat(replies.stream().filter(reply -> reply.is(BackendType.ERROR_RESPONSE)))
                    .singleElement()
                    .satisfies(error -> assertThat(error.sqlState()).isEqualTo("57P01"));
            assertThat(replies).noneMatch(reply -> reply.is(BackendType.READY_FOR_QUERY));
        }
    }

    /** Nothing of the client's was sent when it is lost: so another connection is taken, and the client hears nothing of it. */
    @Test
    void beforeTheStatementIsSentIsNoLoss() throws Exception {
        String sql = "SELECT count(*) FROM kv WHERE key = '" + key + "'";
        for (boolean half : new boolean[] {true, false}) {
            try (RawClient client = RawClient.connect(cluster.port())) {
                relay.renew(new Fault.AfterReplies(0, half));
                assertThat(client.value(sql)).isIn("0", "1");
            }
            assertThat(relay.hasStruck()).isTrue();
        }
    }

    /** A server that says nothing more is not taken for one that has failed; but who gives up takes the connection along. */
    @Test
    void whoeverWaitsForASilentServerCanLeave() throws Exception {
        String sql = "SELECT value FROM kv WHERE key = '" + key + "'";
        relay.renew(new Fault.Silence(4));
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of(sql));
            Eventually.holds("it is silent", relay::hasStruck);
            client.abort();
        }
        Eventually.succeeds(() -> {
            try (RawClient next = RawClient.connect(cluster.port())) {
                assertThat(next.answer(sql)).endsWith("Z IDLE").noneMatch(text -> text.startsWith("E "));
            }
        });
    }
}
