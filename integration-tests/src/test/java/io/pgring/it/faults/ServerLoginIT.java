package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.wire.RawClient;
import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy logs in to servers in every way that they ask for, with and without TLS. */
class ServerLoginIT {
    private static final String TABLE = "CREATE TABLE IF NOT EXISTS kv (key text PRIMARY KEY, value text)";
    private static final String PASSWORD = "pass'wörd";

    private static Servers servers;

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(1);
        servers.execute(0, TABLE);
        secret("scram-sha-256", "scram_user");
        secret("md5", "md5_user");
        write("pg_hba.conf", """
                host all postgres all trust
                hostssl all tls_user all scram-sha-256
                hostnossl all tls_user all reject
                host all plain_user all password
                host all md5_user all md5
                host all all all scram-sha-256""");
        secret("scram-sha-256", "plain_user");
        secret("scram-sha-256", "tls_user");
        servers.value(0, "SELECT pg_reload_conf()");
    }

    private static void secret(String encryption, String user) throws SQLException {
        servers.execute(
                0,
                "SET password_encryption = '" + encryption + "'; CREATE ROLE " + user + " SUPERUSER LOGIN PASSWORD '"
                        + PASSWORD.replace("'", "''") + "'");
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain_user", "md5_user", "scram_user"})
    void byAnyKindOfPassword(String user) throws Exception {
        try (Cluster cluster = start(user, PASSWORD, TlsMode.PREFER)) {
            serves(cluster, user);
        }
        assertThatThrownBy(() -> start(user, "wrong", TlsMode.PREFER))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("shard-0")
                .hasMessageNotContaining("wrong");
        assertThatThrownBy(() -> start(user, null, TlsMode.PREFER)).isInstanceOf(StartupException.class);
    }

    @Test
    void tlsThatTheServerDoesNotHaveIsAskedForInVain() {
        assertThatThrownBy(() -> start("scram_user", PASSWORD, TlsMode.REQUIRE))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("shard-0")
                .hasMessageMatching("(?s).*(SSL|TLS).*");
    }

    @Test
    void tlsIsUsedWhenTheServerHasIt() throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        write("server.crt", certificate.getCertificatePathPEM());
        write("server.key", certificate.getPrivateKeyPEM());
        ssl("on");
        try {
            for (TlsMode mode : new TlsMode[] {TlsMode.PREFER, TlsMode.REQUIRE}) {
                try (Cluster cluster = start("tls_user", PASSWORD, mode);
                        RawClient client = RawClient.connect(cluster.port())) {
                    serves(cluster, "tls_user");
                    assertThat(client.value("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                            .isEqualTo("t");
                }
            }
            try (Cluster cluster = start("scram_user", PASSWORD, TlsMode.DISABLE);
                    RawClient client = RawClient.connect(cluster.port())) {
                assertThat(client.value("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                        .isEqualTo("f");
            }
            assertThatThrownBy(() -> start("tls_user", PASSWORD, TlsMode.DISABLE))
                    .isInstanceOf(StartupException.class);
        } finally {
            ssl("off");
        }
    }

    private static void ssl(String value) throws SQLException {
        servers.execute(0, "ALTER SYSTEM SET ssl = " + value);
        servers.value(0, "SELECT pg_reload_conf()");
        Eventually.holds(
                "the server has read it", () -> servers.value(0, "SHOW ssl").equals(value));
    }

    /** The server writes the file itself, so that it is its own and nobody else can read it. */
    private static void write(String file, String text) throws SQLException {
        servers.execute(
                0,
                "COPY (SELECT unnest(string_to_array('" + text.replace("\r", "").strip() + "', E'\\n'))) TO PROGRAM"
                        + " 'umask 077; cat > " + file + "'");
    }

    private static Cluster start(String user, @Nullable String password, TlsMode tls) throws Exception {
        return Cluster.start(plan -> plan.on(new WithoutDdl(servers))
                .threads(1)
                .shard(shard -> new ShardConfiguration(
                        shard.name(),
                        shard.host(),
                        shard.port(),
                        shard.database(),
                        user,
                        password,
                        ShardTls.of(tls),
                        shard.weight())));
    }

    private static void serves(Cluster cluster, String user) throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.value("SELECT session_user")).isEqualTo(user);
            client.query("INSERT INTO kv VALUES ('" + user + "', 'x') ON CONFLICT DO NOTHING");
            assertThat(client.value("SELECT value FROM kv WHERE key = '" + user + "'"))
                    .isEqualTo("x");
        }
    }
}
