package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.X509Bundle;
import io.pgring.it.support.Certificates;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.support.SqlStates;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.GSSENCRequest;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.SSLRequest;
import io.pgring.proxy.config.AddressRange;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ClientRule;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.ListenTls;
import io.pgring.proxy.config.ServerUser;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.config.TlsVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS between clients and the proxy. */
@ExtendWith(SharedCluster.class)
class ClientTlsIT {
    private final Cluster shared;

    @TempDir
    Path folder;

    private Certificates known;
    private X509Bundle alice;

    ClientTlsIT(Cluster shared) {
        this.shared = shared;
    }

    @BeforeEach
    void certificates() throws Exception {
        known = Certificates.in(folder, "known");
        known.write("proxy", known.ofThisHost());
        alice = known.ofClient("alice");
        known.write("alice", alice);
        known.binaryKey("alice", alice);
        Files.writeString(folder.resolve("users"), "\"alice\" \"wonderland\"\n\"bob\" \"builder\"\n");
    }

    private ListenTls tls(TlsMode mode) {
        return new ListenTls(
                mode, folder.resolve("proxy.crt"), known.key("proxy"), known.root(), TlsVersion.TLS_1_2, List.of());
    }

    private Cluster start(TlsMode mode) throws Exception {
        return Cluster.start(plan -> plan.beside(shared).threads(1).tls(tls(mode)));
    }

    private Cluster startGuarded(TlsMode mode) throws Exception {
        return Cluster.start(plan -> plan.beside(shared)
                .threads(1)
                .tls(tls(mode))
                .clients(new Clients(AuthenticationMethod.SCRAM_SHA_256, folder.resolve("users"), false)));
    }

    private static SSLContext believing() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
    }

    private static RawClient encrypted(int port) throws Exception {
        RawClient plain = RawClient.open(port);
        plain.send(new SSLRequest());
        assertThat(plain.readByte()).isEqualTo((byte) 'S');
        return plain.encrypted(believing().getSocketFactory());
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
    void driversConnectInEveryMode(String sslmode) throws Exception {
        try (Cluster cluster = start(TlsMode.PREFER)) {
            try (Connection connection = cluster.connect("sslmode=" + sslmode + "&sslrootcert=" + known.root())) {
                assertThat(connection.isValid(10)).isTrue();
            }
            ProgramResult psql = cluster.psql()
                    .run(
                            "-d",
                            "sslmode=" + sslmode + " sslrootcert=" + known.root(),
                            "-c",
                            "\\conninfo",
                            "-Atc",
                            "SELECT 1");
            assertThat(psql.output()).contains("\n1\n");
            assertThat(psql.output().contains("SSL connection")).isEqualTo(!sslmode.matches("disable|allow"));
        }
    }

    @Test
    void whoHasToUseTlsIsToldSo() throws Exception {
        try (Cluster cluster = start(TlsMode.REQUIRE)) {
            SQLException refused = SqlStates.failure(() -> cluster.connect("sslmode=disable"));
            assertThat(refused.getSQLState()).isEqualTo("28000");
            assertThat(refused.getMessage()).contains("no encryption", "no pg_hba.conf entry");
            try (Connection connection = cluster.connect("sslmode=allow")) {
                assertThat(connection.isValid(10)).isTrue();
            }
            assertThat(cluster.psql()
                            .run("-d", "sslmode=allow", "-c", "\\conninfo")
                            .output())
                    .contains("SSL connection");
        }
    }

    @Test
    void aProxyThatIsNotTheOneMeantIsFoundOut() throws Exception {
        Certificates unknown = Certificates.in(folder, "unknown");
        try (Cluster cluster = start(TlsMode.PREFER)) {
            assertThat(SqlStates.failure(() -> cluster.connect("sslmode=verify-ca&sslrootcert=" + unknown.root()))
                            .getMessage())
                    .contains("SSL error");
        }
        known.write("proxy", known.ofAnotherHost());
        try (Cluster cluster = start(TlsMode.PREFER)) {
            assertThat(SqlStates.failure(() -> cluster.connect("sslmode=verify-full&sslrootcert=" + known.root()))
                            .getMessage())
                    .contains("hostname");
        }
    }

    @Test
    void clientsAreKnownByTheirCertificates() throws Exception {
        String certificate = "&sslmode=require&sslcert=" + folder.resolve("alice.crt") + "&sslkey="
                + folder.resolve("alice.pk8") + "&user=";
        try (Cluster cluster = startGuarded(TlsMode.VERIFY_CA)) {
            assertThat(SqlStates.failure(() -> cluster.connect("sslmode=require"))
                            .getMessage())
                    .contains("connection requires a valid client certificate");
            try (Connection connection = cluster.connect("password=builder" + certificate + "bob")) {
                assertThat(connection.isValid(10)).isTrue();
            }
        }
        try (Cluster cluster = startGuarded(TlsMode.VERIFY_FULL)) {
            try (Connection connection = cluster.connect("password=wonderland" + certificate + "alice")) {
                assertThat(connection.isValid(10)).isTrue();
            }
            SQLException other = SqlStates.failure(() -> cluster.connect("password=builder" + certificate + "bob"));
            assertThat(other.getMessage()).contains("certificate authentication failed for user \"bob\"");
            assertThat(other.getSQLState()).isEqualTo("28000");
            Certificates unknown = Certificates.in(folder, "unknown");
            X509Bundle forged = unknown.ofClient("alice");
            unknown.write("alice", forged);
            unknown.binaryKey("alice", forged);
            SqlStates.failure(() -> cluster.connect("password=wonderland" + certificate + "alice"));
        }
    }

    private static ClientRule rule(ClientRule.Type type, String user, AuthenticationMethod method) {
        return new ClientRule(type, List.of("all"), List.of(user), AddressRange.ALL, method);
    }

    @Test
    void rulesMayWantTlsAndACertificate() throws Exception {
        Clients clients = new Clients(
                List.of(
                        rule(ClientRule.Type.HOSTSSL, "alice", AuthenticationMethod.CERT),
                        rule(ClientRule.Type.HOSTSSL, "bob", AuthenticationMethod.CERT),
                        rule(ClientRule.Type.HOSTSSL, "encrypted", AuthenticationMethod.TRUST),
                        rule(ClientRule.Type.HOSTNOSSL, "plain", AuthenticationMethod.TRUST)),
                null,
                null,
                ServerUser.CONFIGURED,
                0,
                60_000,
                false);
        String certificate = "sslmode=require&sslcert=" + folder.resolve("alice.crt") + "&sslkey="
                + folder.resolve("alice.pk8") + "&user=";
        try (Cluster cluster = Cluster.start(
                plan -> plan.beside(shared).threads(1).tls(tls(TlsMode.PREFER)).clients(clients))) {
            for (String welcome :
                    List.of(certificate + "alice", "sslmode=require&user=encrypted", "sslmode=disable&user=plain")) {
                try (Connection connection = cluster.connect(welcome)) {
                    assertThat(connection.isValid(10)).isTrue();
                }
            }
            assertThat(refusal(cluster, certificate + "bob"))
                    .contains("certificate authentication failed for user \"bob\"");
            assertThat(refusal(cluster, "sslmode=require&user=alice"))
                    .contains("connection requires a valid client certificate");
            assertThat(refusal(cluster, "sslmode=disable&user=alice"))
                    .contains("no entry in clients.rules", "user \"alice\"", "no encryption");
            assertThat(refusal(cluster, "sslmode=disable&user=encrypted")).contains("no encryption");
            assertThat(refusal(cluster, "sslmode=require&user=plain")).contains("SSL encryption");
        }
    }

    private static String refusal(Cluster cluster, String parameters) {
        SQLException refused = SqlStates.failure(() -> cluster.connect(parameters));
        assertThat(refused.getSQLState()).isEqualTo("28000");
        return String.valueOf(refused.getMessage());
    }

    @Test
    void passwordsAreProvedForThisConnectionAlone() throws Exception {
        try (Cluster cluster = startGuarded(TlsMode.PREFER)) {
            String login = "user=alice&password=wonderland&channelBinding=require&sslmode=";
            try (Connection connection = cluster.connect(login + "require")) {
                assertThat(connection.isValid(10)).isTrue();
            }
            SqlStates.failure(() -> cluster.connect(login + "disable"));
            String psql = "user=alice password=wonderland channel_binding=require sslmode=require";
            assertThat(cluster.psql().run("-d", psql, "-Atc", "SELECT 1").output())
                    .isEqualTo("1\n");
            assertThat(SqlStates.of(
                            () -> cluster.connect("user=alice&password=wrong&channelBinding=require&sslmode=require")))
                    .isEqualTo("28P01");
        }
    }

    /** What somebody in between puts behind the request must not pass for the client's words (CVE-2021-23214). */
    @Test
    void plainTextBehindTheRequestIsRefused() throws Exception {
        try (Cluster cluster = start(TlsMode.PREFER);
                RawClient client = RawClient.open(cluster.port())) {
            byte[] request = RawClient.bytes(new SSLRequest());
            byte[] startup = RawClient.bytes(RawClient.startup(Map.of()));
            byte[] both = new byte[request.length + startup.length];
            System.arraycopy(request, 0, both, 0, request.length);
            System.arraycopy(startup, 0, both, request.length, startup.length);
            client.sendBytes(both);
            List<Reply> replies = client.readToEnd();
            assertThat(replies).hasSize(1);
            assertThat(replies.get(0).error().message()).isEqualTo("received unencrypted data after SSL request");
            assertThat(replies.get(0).sqlState()).isEqualTo("08P01");
        }
    }

    @Test
    void eachKindOfEncryptionIsAskedForOnce() throws Exception {
        try (Cluster cluster = start(TlsMode.PREFER)) {
            try (RawClient client = encrypted(cluster.port())) {
                client.send(new SSLRequest());
                assertThat(client.readToEnd().get(0).error().message())
                        .isEqualTo("unsupported frontend protocol 1234.5679: server supports 3.0 to 3.2");
            }
            try (RawClient client = encrypted(cluster.port())) {
                client.send(new GSSENCRequest());
                assertThat(client.readToEnd().get(0).sqlState()).isEqualTo("0A000");
            }
            try (RawClient plain = RawClient.open(cluster.port())) {
                plain.send(new GSSENCRequest());
                assertThat(plain.readByte()).isEqualTo((byte) 'N');
                plain.send(new SSLRequest());
                assertThat(plain.readByte()).isEqualTo((byte) 'S');
                try (RawClient client = plain.encrypted(believing().getSocketFactory())) {
                    client.send(RawClient.startup(Map.of()));
                    client.readToReady();
                }
            }
        }
    }

    @Test
    void aCancelRequestMayComeOverTls() throws Exception {
        try (Cluster cluster = start(TlsMode.REQUIRE);
                RawClient client = encrypted(cluster.port())) {
            client.send(RawClient.startup(Map.of()));
            client.readToReady();
            client.send(Query.of("SELECT pg_sleep(600)"));
            Eventually.holds(
                    "it runs",
                    () -> !shared.servers()
                            .value(0, "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'")
                            .equals("0"));
            try (RawClient cancel = encrypted(cluster.port())) {
                cancel.send(
                        new CancelRequest(client.key().processId(), client.key().secretKey()));
                assertThat(cancel.readToEnd()).isEmpty();
            }
            assertThat(client.readToReady())
                    .anyMatch(reply -> reply.is(BackendType.ERROR_RESPONSE)
                            && reply.sqlState().equals("57014"));
        }
    }

    private static SSLSocket direct(Socket socket, String... protocols) throws Exception {
        SSLSocket tls = (SSLSocket) believing()
                .getSocketFactory()
                .createSocket(socket, InetAddress.getLoopbackAddress().getHostAddress(), socket.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        tls.setSSLParameters(parameters);
        return tls;
    }

    private static Socket socket(Cluster cluster) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), cluster.port());
        socket.setTcpNoDelay(true);
        return socket;
    }

    @Test
    void tlsMayBeginAtOnceIfItIsMeantForPostgresql() throws Exception {
        try (Cluster cluster = start(TlsMode.REQUIRE)) {
            try (RawClient client = RawClient.on(direct(socket(cluster), "postgresql"))) {
                client.send(RawClient.startup(Map.of()));
                client.readToReady();
                assertThat(client.value("SELECT 1")).isEqualTo("1");
            }
            try (Connection connection = cluster.connect("sslmode=require&sslNegotiation=direct")) {
                assertThat(connection.isValid(10)).isTrue();
            }
            try (RawClient client = RawClient.on(direct(socket(cluster), "postgresql"))) {
                client.send(new SSLRequest());
                assertThat(client.readToEnd().get(0).sqlState()).isEqualTo("0A000");
            }
            for (String[] protocols : List.of(new String[0], new String[] {"h2"})) {
                try (RawClient client = RawClient.on(direct(socket(cluster), protocols))) {
                    assertThat(client.readToEnd().get(0).error().message())
                            .isEqualTo(
                                    "received direct SSL connection request without ALPN protocol negotiation extension");
                }
            }
        }
    }

    @Test
    void theProtocolIsNamedAlsoWhenTlsWasAskedFor() throws Exception {
        try (Cluster cluster = start(TlsMode.PREFER);
                Socket socket = socket(cluster)) {
            socket.getOutputStream().write(RawClient.bytes(new SSLRequest()));
            assertThat(socket.getInputStream().read()).isEqualTo('S');
            try (SSLSocket tls = direct(socket, "h2", "postgresql")) {
                tls.startHandshake();
                assertThat(tls.getApplicationProtocol()).isEqualTo("postgresql");
            }
        }
    }

    @Test
    void theFirstBytesMayComeOneByOne() throws Exception {
        try (Cluster cluster = start(TlsMode.PREFER);
                Slowly slowly = new Slowly(cluster.port())) {
            try (RawClient plain = RawClient.open(slowly.port())) {
                plain.send(new SSLRequest());
                assertThat(plain.readByte()).isEqualTo((byte) 'S');
                try (RawClient client = plain.encrypted(believing().getSocketFactory())) {
                    client.send(RawClient.startup(Map.of("application_name", "slow")));
                    client.readToReady();
                    assertThat(client.parameters()).containsEntry("application_name", "slow");
                }
            }
            try (RawClient client =
                    RawClient.on(direct(new Socket(InetAddress.getLoopbackAddress(), slowly.port()), "postgresql"))) {
                client.send(RawClient.startup(Map.of()));
                client.readToReady();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, true", "TLSv1.3, false"})
    void olderVersionsAreRefused(String least, boolean welcome) throws Exception {
        TlsVersion version = least.equals("TLSv1.2") ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
        ListenTls strict = new ListenTls(
                TlsMode.PREFER, folder.resolve("proxy.crt"), known.key("proxy"), null, version, List.of());
        try (Cluster cluster =
                        Cluster.start(plan -> plan.beside(shared).threads(1).tls(strict));
                Socket socket = socket(cluster);
                SSLSocket tls = direct(socket, "postgresql")) {
            tls.setEnabledProtocols(new String[] {"TLSv1.2"});
            boolean done;
            try {
                tls.startHandshake();
                done = true;
            } catch (SSLException e) {
                done = false;
            }
            assertThat(done).isEqualTo(welcome);
        }
    }

    @Test
    void certificatesAreReadAgainWithoutARestart() throws Exception {
        try (Cluster cluster = start(TlsMode.PREFER);
                RawClient old = encrypted(cluster.port())) {
            old.send(RawClient.startup(Map.of()));
            old.readToReady();
            X509Certificate before = shown(cluster);
            known.write("proxy", known.ofThisHost());
            assertThat(cluster.proxy().reload().error()).isNull();
            assertThat(shown(cluster)).isNotEqualTo(before);
            assertThat(old.value("SELECT 1")).isEqualTo("1");
        }
    }

    private static X509Certificate shown(Cluster cluster) throws Exception {
        try (Socket socket = socket(cluster);
                SSLSocket tls = direct(socket, "postgresql")) {
            tls.startHandshake();
            return (X509Certificate) tls.getSession().getPeerCertificates()[0];
        }
    }
}
