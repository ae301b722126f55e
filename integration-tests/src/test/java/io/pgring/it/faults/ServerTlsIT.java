package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.pgring.it.support.Certificates;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.it.wire.RawClient;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Query;
import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ChannelBindingMode;
import io.pgring.proxy.config.ClientRule;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.ServerUser;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.config.TlsNegotiation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS between the proxy and servers: every mode of libpq, against servers with it, without it and with the wrong one. */
class ServerTlsIT {
    private static final String TABLE = "CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text)";
    private static final String OPEN = "host all all all trust";
    private static final String WITHOUT_TLS = "hostssl all tls_only all trust\nhostnossl all tls_only all reject\n"
            + "hostssl all plain_only all reject\nhostnossl all plain_only all trust\n" + OPEN;

    @TempDir
    static Path folder;

    private static Servers servers;
    private static Certificates known;
    private static Certificates unknown;

    @BeforeAll
    static void start() throws Exception {
        known = Certificates.in(folder, "known");
        unknown = Certificates.in(folder, "unknown");
        servers = Servers.running(1);
        servers.execute(0, TABLE);
        servers.execute(
                0,
                "CREATE ROLE tls_only SUPERUSER LOGIN; CREATE ROLE plain_only SUPERUSER LOGIN;"
                        + " CREATE ROLE scram SUPERUSER LOGIN PASSWORD 'secret'; CREATE ROLE certified SUPERUSER LOGIN");
        write("pg_hba.conf", WITHOUT_TLS);
        server(known.ofThisHost());
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
    }

    /** The server shows this certificate from now on; none at all for null. */
    private static void server(@Nullable X509Bundle bundle) throws Exception {
        if (bundle != null) {
            write("server.crt", bundle.getCertificatePathPEM());
            write("server.key", bundle.getPrivateKeyPEM());
            write("root.crt", known.rootText());
            servers.execute(0, "ALTER SYSTEM SET ssl_ca_file = 'root.crt'");
        }
        String value = bundle == null ? "off" : "on";
        servers.execute(0, "ALTER SYSTEM SET ssl = " + value);
        reload();
        Eventually.holds(
                "the server has read it", () -> servers.value(0, "SHOW ssl").equals(value));
    }

    private static void hba(String first) throws Exception {
        write("pg_hba.conf", first + "\n" + WITHOUT_TLS);
        reload();
        Eventually.holds(
                "the server has read it",
                () -> first.isEmpty()
                        || servers.value(0, "SELECT count(*) FROM pg_hba_file_rules WHERE error IS NULL")
                                .equals(Long.toString(first.lines().count()
                                        + WITHOUT_TLS.lines().count())));
    }

    private static void reload() throws SQLException {
        servers.value(0, "SELECT pg_reload_conf()");
    }

    /** The server writes the file itself, so that it is its own and nobody else can read it. */
    private static void write(String file, String text) throws SQLException {
        servers.execute(
                0,
                "COPY (SELECT unnest(string_to_array('" + text.replace("\r", "").strip() + "', E'\\n'))) TO PROGRAM"
                        + " 'umask 077; cat > " + file + "'");
    }

    private static Cluster start(String host, String user, @Nullable String password, ShardTls tls) throws Exception {
        return Cluster.start(plan -> plan.on(new WithoutDdl(servers))
                .threads(1)
                .shard(shard -> new ShardConfiguration(
                        shard.name(), host, shard.port(), shard.database(), user, password, tls, shard.weight())));
    }

    private static boolean encrypts(String user, ShardTls tls) throws Exception {
        return encrypts("127.0.0.1", user, null, tls);
    }

    private static boolean encrypts(String host, String user, @Nullable String password, ShardTls tls)
            throws Exception {
        try (Cluster cluster = start(host, user, password, tls);
                RawClient client = RawClient.connect(cluster.port())) {
            return client.value("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                    .equals("t");
        }
    }

    private static ShardTls trusting(TlsMode mode, Certificates authority) {
        return new ShardTls(mode, authority.root(), null, null, TlsNegotiation.POSTGRES, ChannelBindingMode.PREFER);
    }

    @ParameterizedTest
    @CsvSource({
        "DISABLE, postgres, false",
        "ALLOW, postgres, false",
        "PREFER, postgres, true",
        "REQUIRE, postgres, true",
        "ALLOW, tls_only, true",
        "ALLOW, plain_only, false",
        "PREFER, tls_only, true",
        "PREFER, plain_only, false"
    })
    void aServerWithTls(TlsMode mode, String user, boolean encrypted) throws Exception {
        assertThat(encrypts(user, ShardTls.of(mode))).isEqualTo(encrypted);
    }

    @ParameterizedTest
    @CsvSource({"DISABLE, tls_only", "REQUIRE, plain_only"})
    void aServerThatWantsItOtherwise(TlsMode mode, String user) {
        assertThatThrownBy(() -> encrypts(user, ShardTls.of(mode)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("shard-0");
    }

    @ParameterizedTest
    @EnumSource(TlsMode.class)
    void aServerWithoutTls(TlsMode mode) throws Exception {
        server(null);
        try {
            ShardTls tls = mode.verifies() ? trusting(mode, known) : ShardTls.of(mode);
            if (mode.isRequired()) {
                assertThatThrownBy(() -> encrypts("postgres", tls)).hasMessageContaining("SSL");
            } else {
                assertThat(encrypts("postgres", tls)).isFalse();
            }
        } finally {
            server(known.ofThisHost());
        }
    }

    @ParameterizedTest
    @CsvSource({"VERIFY_CA, 127.0.0.1", "VERIFY_FULL, 127.0.0.1", "VERIFY_FULL, localhost"})
    void theRightServerIsBelieved(TlsMode mode, String host) throws Exception {
        assertThat(encrypts(host, "postgres", null, trusting(mode, known))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsMode.class,
            names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
    void anUnknownAuthorityIsNotBelieved(TlsMode mode) throws Exception {
        assertThatThrownBy(() -> encrypts("postgres", trusting(mode, unknown)))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("shard-0")
                .hasMessageContaining("does not come from an authority that is trusted");
        assertThat(encrypts("postgres", trusting(TlsMode.PREFER, unknown))).isFalse();
    }

    @Test
    void anotherHostsCertificateIsRefusedWhenTheHostIsChecked() throws Exception {
        server(known.ofAnotherHost());
        try {
            assertThat(encrypts("postgres", trusting(TlsMode.VERIFY_CA, known))).isTrue();
            for (String host : new String[] {"127.0.0.1", "localhost"}) {
                assertThatThrownBy(() -> encrypts(host, "postgres", null, trusting(TlsMode.VERIFY_FULL, known)))
                        .hasMessageContaining("shard-0")
                        .hasMessageContaining("is not the one of the host");
            }
        } finally {
            server(known.ofThisHost());
        }
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        server(known.expired());
        try {
            assertThatThrownBy(() -> encrypts("postgres", trusting(TlsMode.VERIFY_CA, known)))
                    .hasMessageContaining("shard-0")
                    .hasMessageContaining("expired");
            assertThat(encrypts("postgres", ShardTls.of(TlsMode.REQUIRE))).isTrue();
        } finally {
            server(known.ofThisHost());
        }
    }

    /**
     * The road finds out by itself, with the reason, while the control side has got through. Server processes are gone
     * before the client asks: one that ends with its statement under way takes the client with it.
     */
    @Test
    void clientsAreToldTheReason() throws Exception {
        try (Cluster cluster = start("127.0.0.1", "postgres", null, trusting(TlsMode.VERIFY_FULL, known))) {
            server(known.expired());
            try (RawClient client = RawClient.connect(cluster.port())) {
                String key = cluster.keyOn(0, "expired");
                Eventually.holds("a new connection was needed", () -> {
                    servers.value(
                            0,
                            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                                    + " AND backend_type = 'client backend'");
                    return client.query("SELECT value FROM kv WHERE key = '" + key + "'").stream()
                            .anyMatch(reply -> reply.is(BackendType.ERROR_RESPONSE)
                                    && reply.sqlState().equals("08006")
                                    && String.valueOf(reply.error().fields().detail())
                                            .contains("expired"));
                });
            }
        } finally {
            server(known.ofThisHost());
        }
    }

    @Test
    void theProxyShowsItsCertificateAndBeginsAtOnce() throws Exception {
        hba("hostssl all certified all cert");
        known.write("certified", known.ofClient("certified"));
        ShardTls tls = new ShardTls(
                TlsMode.VERIFY_FULL,
                known.root(),
                folder.resolve("certified.crt"),
                known.key("certified"),
                TlsNegotiation.DIRECT,
                ChannelBindingMode.PREFER);
        assertThat(encrypts("localhost", "certified", null, tls)).isTrue();
        assertThatThrownBy(() -> encrypts("certified", ShardTls.of(TlsMode.REQUIRE)))
                .hasMessageContaining("certificate");
    }

    @ParameterizedTest
    @EnumSource(ChannelBindingMode.class)
    void passwordsAreBoundToTheConnection(ChannelBindingMode mode) throws Exception {
        hba("host all scram all scram-sha-256");
        ShardTls tls = new ShardTls(TlsMode.REQUIRE, null, null, null, TlsNegotiation.POSTGRES, mode);
        assertThat(encrypts("127.0.0.1", "scram", "secret", tls)).isTrue();
    }

    /** What a client has proved to the proxy is as good as a password. */
    @ParameterizedTest
    @EnumSource(ChannelBindingMode.class)
    void keysOfClientsAreBoundToTheConnection(ChannelBindingMode mode) throws Exception {
        hba("host all scram all scram-sha-256");
        ShardTls tls = new ShardTls(TlsMode.REQUIRE, null, null, null, TlsNegotiation.POSTGRES, mode);
        Clients clients = new Clients(
                List.of(ClientRule.forAll(AuthenticationMethod.SCRAM_SHA_256)),
                null,
                Clients.DEFAULT_AUTH_QUERY,
                ServerUser.CLIENT,
                0,
                60_000,
                false);
        try (Cluster cluster = Cluster.start(plan -> plan.on(new WithoutDdl(servers))
                        .threads(1)
                        .clients(clients)
                        .shard(shard -> new ShardConfiguration(
                                shard.name(),
                                "127.0.0.1",
                                shard.port(),
                                shard.database(),
                                "scram",
                                "secret",
                                tls,
                                shard.weight())));
                Connection connection = cluster.connect("user=scram&password=secret")) {
            assertThat(Sql.value(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                    .isEqualTo("t");
        }
    }

    @Test
    void bindingCanNotBeHadWithoutAPasswordOrWithoutTls() {
        ShardTls required =
                new ShardTls(TlsMode.REQUIRE, null, null, null, TlsNegotiation.POSTGRES, ChannelBindingMode.REQUIRE);
        assertThatThrownBy(() -> encrypts("tls_only", required)).isInstanceOf(StartupException.class);
    }

    @ParameterizedTest
    @EnumSource(TlsNegotiation.class)
    void statementsAreCancelledThroughTls(TlsNegotiation negotiation) throws Exception {
        ShardTls tls =
                new ShardTls(TlsMode.VERIFY_FULL, known.root(), null, null, negotiation, ChannelBindingMode.PREFER);
        try (Cluster cluster = start("localhost", "postgres", null, tls);
                RawClient client = RawClient.connect(cluster.port())) {
            client.send(Query.of("SELECT pg_sleep(601)"));
            Eventually.holds(
                    "it runs",
                    () -> !servers.value(
                                    0, "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(601)'")
                            .equals("0"));
            RawClient.cancel(cluster.port(), client.key());
            assertThat(client.readToReady())
                    .anyMatch(reply -> reply.is(BackendType.ERROR_RESPONSE)
                            && reply.sqlState().equals("57014"));
        }
    }
}
