package io.pgring.it.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.RunningProgram;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.it.support.SqlStates;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.auth.Md5Password;
import io.pgring.pgwire.auth.ScramClient;
import io.pgring.pgwire.backend.AuthenticationSASL;
import io.pgring.pgwire.frontend.SASLInitialResponse;
import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.config.AddressRange;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ClientRule;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.ServerUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every method, with secrets from a file and from the home shard. */
class AuthenticationIT {
    private static final String LONG_PASSWORD = "0123456789".repeat(6_500);

    @TempDir
    private static Path folder;

    private static Servers servers;
    private static Roles roles;
    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(2);
        roles = new Roles(servers);
        roles.create("scram_role", "scram-sha-256", "pass wörd");
        roles.create("md5_role", "md5", "pass wörd");
        roles.create("expired_role", "scram-sha-256", "secret");
        roles.create("nologin_role", "scram-sha-256", "secret");
        servers.executeEverywhere("ALTER ROLE expired_role VALID UNTIL '2001-01-01'; ALTER ROLE nologin_role NOLOGIN");
        Path users = folder.resolve("users");
        Files.writeString(
                users,
                "\"scram_listed\" \"" + roles.secret(0, "scram_role") + "\"\n\"md5_listed\" \""
                        + Md5Password.stored("md5_listed", "pass wörd") + "\"\n\"plain_listed\" \"pass wörd\"\n"
                        + "\"long_listed\" \"" + LONG_PASSWORD + "\"\n");
        cluster = Cluster.start(plan -> plan.on(servers).threads(1).clients(clients(users)));
    }

    /** Each method has a database, which the proxy does not serve: so what comes after the login is that it does not exist. */
    private static Clients clients(Path users) {
        List<ClientRule> rules = new ArrayList<>();
        rules.add(rule("postgres", "rejected", AuthenticationMethod.REJECT));
        rules.add(rule("postgres", "trusted", AuthenticationMethod.TRUST));
        rules.add(rule("postgres", "md5_role", AuthenticationMethod.MD5));
        for (AuthenticationMethod method : AuthenticationMethod.values()) {
            if (method.asksPassword()) {
                rules.add(rule(method.word(), "all", method));
            }
        }
        rules.add(rule("postgres", "scram_role", AuthenticationMethod.SCRAM_SHA_256));
        return new Clients(rules, users, Clients.DEFAULT_AUTH_QUERY, ServerUser.CONFIGURED, 0, 60_000, false);
    }

    private static ClientRule rule(String database, String user, AuthenticationMethod method) {
        return new ClientRule(
                ClientRule.Type.HOST, List.of(database), List.of(user), AddressRange.parse("127.0.0.0/8"), method);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        servers.close();
    }

    private static Connection login(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + cluster.port() + "/" + database, user, password);
    }

    /** That the database does not exist is told only to those whose password is right. */
    private static boolean isRight(String method, String user, String password) {
        String sqlState = SqlStates.of(() -> login(method, user, password).close());
        assertThat(sqlState).isIn("3D000", "28P01");
        return sqlState.equals("3D000");
    }

    @ParameterizedTest
    @CsvSource({
        "password, scram_role, true",
        "password, md5_role, true",
        "password, scram_listed, true",
        "password, md5_listed, true",
        "password, plain_listed, true",
        "md5, scram_role, true",
        "md5, md5_role, true",
        "md5, scram_listed, true",
        "md5, md5_listed, true",
        "md5, plain_listed, true",
        "scram-sha-256, scram_role, true",
        "scram-sha-256, scram_listed, true",
        "scram-sha-256, plain_listed, true",
        "scram-sha-256, md5_role, false",
        "scram-sha-256, md5_listed, false",
    })
    void everyMethodTakesTheSecretsThatItCan(String method, String user, boolean works) {
        assertThat(isRight(method, user, "pass wörd")).isEqualTo(works);
        assertThat(isRight(method, user, "pass word")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"password", "md5", "scram-sha-256"})
    void strangersExpiredPasswordsAndRolesThatMayNotLogInAreRefused(String method) {
        assertThat(isRight(method, "nobody", "secret")).isFalse();
        assertThat(isRight(method, "expired_role", "secret")).isFalse();
        assertThat(isRight(method, "nologin_role", "wrong")).isFalse();
        SQLException refusal =
                SqlStates.failure(() -> login(method, "nologin_role", "secret").close());
        assertThat(refusal.getSQLState()).isEqualTo("28000");
        assertThat(refusal.getMessage()).contains("role \"nologin_role\" is not permitted to log in");
    }

    @Test
    void aPasswordMayBeVeryLong() {
        assertThat(isRight("password", "long_listed", LONG_PASSWORD)).isTrue();
        assertThat(isRight("password", "long_listed", LONG_PASSWORD + "!")).isFalse();
    }

    @Test
    void theFirstRuleDecidesAndWhoHasNoneIsToldSo() throws Exception {
        try (Connection connection = login("postgres", "trusted", "whatever")) {
            assertThat(Sql.value(connection, "SELECT current_user")).isEqualTo("postgres");
        }
        assertThat(refusal("rejected"))
                .startsWith("clients.rules rejects connection for host \"127.0.0.1\", user \"rejected\", database"
                        + " \"postgres\", no encryption");
        assertThat(refusal("nobody"))
                .startsWith("no entry in clients.rules for host \"127.0.0.1\", user \"nobody\", database \"postgres\","
                        + " no encryption");
    }

    private static String refusal(String user) throws Exception {
        try (RawClient client = RawClient.open(cluster.port())) {
            client.send(RawClient.startup(Map.of("user", user)));
            List<Reply> replies = client.readToEnd();
            assertThat(replies).hasSize(1);
            assertThat(replies.get(0).error().fields().severity()).isEqualTo("FATAL");
            assertThat(replies.get(0).sqlState()).isEqualTo("28000");
            return replies.get(0).error().message();
        }
    }

    @Test
    void psqlLogsIn() throws Exception {
        for (String user : List.of("scram_role", "md5_role")) {
            assertThat(psql(user, "pass wörd").output()).isEqualTo("1\n");
            assertThat(psql(user, "wrong").error())
                    .contains("FATAL:  password authentication failed for user \"" + user + "\"");
        }
    }

    private static ProgramResult psql(String user, String password) throws Exception {
        Map<String, String> environment = new HashMap<>(cluster.psql().environment());
        environment.put("PGUSER", user);
        environment.put("PGPASSWORD", password);
        try (RunningProgram program =
                RunningProgram.start(environment, List.of("psql", "--no-psqlrc", "-At", "-c", "SELECT 1"))) {
            program.endInput();
            return program.finish();
        }
    }

    @Test
    void aChangedPasswordCountsAtOnceAndTheOldOneNoLonger() throws Exception {
        roles.create("changing", "scram-sha-256", "first");
        for (String method : List.of("password", "md5", "scram-sha-256")) {
            roles.change("changing", "scram-sha-256", "first");
            assertThat(isRight(method, "changing", "first")).isTrue();
            roles.change("changing", "scram-sha-256", "second");
            assertThat(isRight(method, "changing", "second")).isTrue();
            assertThat(isRight(method, "changing", "first")).isFalse();
        }
    }

    @Test
    void settingsOfAClientDoNotReachTheQueryForSecrets() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + cluster.port()
                + "/postgres?user=scram_role&password=pass%20w%C3%B6rd&options=-c%20search_path=nosuch")) {
            assertThat(Sql.value(connection, "SHOW search_path")).isEqualTo("nosuch");
        }
        assertThat(isRight("md5", "scram_role", "pass wörd")).isTrue();
    }

    @Test
    void settingsAreReplacedWhileTheProxyRuns() throws Exception {
        AuthenticationSettings before = cluster.proxy().authenticator().settings();
        Clients trusting = new Clients(AuthenticationMethod.TRUST, null, false);
        try (Connection connection = login("postgres", "scram_role", "pass wörd")) {
            cluster.proxy().authenticator().replace(new AuthenticationSettings(trusting, Map.of()));
            login("postgres", "nobody", "nothing").close();
            assertThat(Sql.value(connection, "SELECT 1")).isEqualTo("1");
        } finally {
            cluster.proxy().authenticator().replace(before);
        }
        assertThat(SqlStates.of(() -> login("postgres", "nobody", "nothing"))).isEqualTo("28000");
    }

    @Test
    void anAddressWithTooManyWrongPasswordsIsNotHeard() throws Exception {
        Clients strict = new Clients(
                List.of(ClientRule.forAll(AuthenticationMethod.SCRAM_SHA_256)),
                null,
                Clients.DEFAULT_AUTH_QUERY,
                ServerUser.CONFIGURED,
                2,
                3_600_000,
                false);
        try (Cluster guarded = Cluster.start(plan -> plan.on(servers).threads(1).clients(strict))) {
            String url = "jdbc:postgresql://127.0.0.1:" + guarded.port() + "/postgres";
            DriverManager.getConnection(url, "scram_role", "pass wörd").close();
            RawClient early = RawClient.open(guarded.port());
            early.send(RawClient.startup(Map.of("user", "scram_role")));
            assertThat(early.read().decode()).isInstanceOf(AuthenticationSASL.class);
            for (int i = 0; i < 2; i++) {
                assertThat(SqlStates.of(() -> DriverManager.getConnection(url, "scram_role", "wrong")))
                        .isEqualTo("28P01");
            }
            SQLException refusal = SqlStates.failure(() -> DriverManager.getConnection(url, "scram_role", "pass wörd"));
            assertThat(refusal.getSQLState()).isEqualTo("28000");
            assertThat(refusal.getMessage()).contains("too many failed logins from host \"127.0.0.1\"");
            early.send(new SASLInitialResponse("SCRAM-SHA-256", new ScramClient("pass wörd").clientFirst()));
            assertThat(early.readToEnd())
                    .singleElement()
                    .satisfies(end -> assertThat(end.sqlState()).isEqualTo("28000"));
            early.close();
        }
    }
}
