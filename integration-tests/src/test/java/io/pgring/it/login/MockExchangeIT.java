package io.pgring.it.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.auth.Md5Password;
import io.pgring.pgwire.auth.ScramClient;
import io.pgring.pgwire.backend.AuthenticationCleartextPassword;
import io.pgring.pgwire.backend.AuthenticationMD5Password;
import io.pgring.pgwire.backend.AuthenticationSASL;
import io.pgring.pgwire.backend.AuthenticationSASLContinue;
import io.pgring.pgwire.frontend.PasswordMessage;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.SASLInitialResponse;
import io.pgring.pgwire.frontend.SASLResponse;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.Clients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Byte by byte, one who does not exist is treated as one who does and has forgotten his password. */
@ExtendWith(SharedCluster.class)
class MockExchangeIT {
    private final Cluster cluster;
    private final Path users;

    MockExchangeIT(Cluster cluster, @TempDir Path folder) throws IOException {
        this.cluster = cluster;
        this.users = folder.resolve("users");
    }

    private Cluster start(AuthenticationMethod method, String secret) throws Exception {
        Files.writeString(users, "\"alice\" \"" + secret + "\"\n");
        return Cluster.start(plan -> plan.beside(cluster).threads(1).clients(new Clients(method, users, false)));
    }

    private static RawClient begin(Cluster guarded, String user) throws IOException {
        RawClient client = RawClient.open(guarded.port());
        client.send(RawClient.startup(Map.of("user", user, "database", "nosuch")));
        return client;
    }

    private static void refused(RawClient client, String user) throws IOException {
        List<Reply> end = client.readToEnd();
        assertThat(end).hasSize(1);
        assertThat(end.get(0).error().fields().severity()).isEqualTo("FATAL");
        assertThat(end.get(0).sqlState()).isEqualTo("28P01");
        assertThat(end.get(0).error().message()).isEqualTo("password authentication failed for user \"" + user + "\"");
    }

    @Test
    void byPassword() throws Exception {
        try (Cluster guarded = start(AuthenticationMethod.PASSWORD, "secret")) {
            for (String user : List.of("alice", "mallory")) {
                try (RawClient client = begin(guarded, user)) {
                    assertThat(client.read().decode()).isEqualTo(new AuthenticationCleartextPassword());
                    client.send(PasswordMessage.of("wrong"));
                    refused(client, user);
                }
            }
        }
    }

    @Test
    void byMd5() throws Exception {
        for (String secret : List.of("secret", Md5Password.stored("alice", "secret"))) {
            try (Cluster guarded = start(AuthenticationMethod.MD5, secret)) {
                for (String user : List.of("alice", "mallory")) {
                    try (RawClient client = begin(guarded, user)) {
                        assertThat(client.read().decode())
                                .isInstanceOfSatisfying(
                                        AuthenticationMD5Password.class,
                                        md5 -> assertThat(md5.salt()).hasSize(4));
                        client.send(PasswordMessage.of("md5" + "0".repeat(32)));
                        refused(client, user);
                    }
                }
            }
        }
    }

    @Test
    void byScram() throws Exception {
        try (Cluster guarded = start(AuthenticationMethod.SCRAM_SHA_256, "secret")) {
            for (String user : List.of("alice", "mallory")) {
                assertThat(failByScram(guarded, user)).isEqualTo(failByScram(guarded, user));
            }
            assertThat(failByScram(guarded, "alice")).isNotEqualTo(failByScram(guarded, "mallory"));
        }
    }

    /** Who has a verifier is asked by SCRAM also where md5 is the method, and then so are strangers. */
    @Test
    void byScramInsteadOfMd5() throws Exception {
        String verifier = "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$"
                + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
        try (Cluster guarded = start(AuthenticationMethod.MD5, verifier)) {
            for (String user : List.of("alice", "mallory")) {
                assertThat(failByScram(guarded, user)).isEqualTo(failByScram(guarded, user));
            }
        }
    }

    /** @return the salt and the iterations */
    private static String failByScram(Cluster guarded, String user) throws IOException {
        try (RawClient client = begin(guarded, user)) {
            assertThat(client.read().decode()).isEqualTo(new AuthenticationSASL(List.of("SCRAM-SHA-256")));
            ScramClient scram = new ScramClient("wrong");
            client.send(new SASLInitialResponse("SCRAM-SHA-256", scram.clientFirst()));
            AuthenticationSASLContinue step =
                    (AuthenticationSASLContinue) client.read().decode();
            scram.handleServerFirst(step.data());
            client.send(new SASLResponse(scram.clientFinal()));
            refused(client, user);
            String text = new String(step.data(), StandardCharsets.US_ASCII);
            assertThat(text).matches("r=[^,]+,s=[A-Za-z0-9+/]{22}==,i=4096");
            return text.substring(text.indexOf(",s="));
        }
    }

    @Test
    void nothingButAPasswordIsTakenBeforeTheLogin() throws Exception {
        for (AuthenticationMethod method : AuthenticationMethod.values()) {
            if (!method.asksPassword()) {
                continue;
            }
            try (Cluster guarded = start(method, "secret");
                    RawClient client = begin(guarded, "alice")) {
                client.read();
                client.send(Query.of("SELECT 1"));
                assertThat(client.readToEnd())
                        .singleElement()
                        .extracting(Reply::sqlState)
                        .isEqualTo("08P01");
            }
        }
    }

    @Test
    void anEmptyPasswordIsNone() throws Exception {
        for (AuthenticationMethod method : List.of(AuthenticationMethod.PASSWORD, AuthenticationMethod.MD5)) {
            try (Cluster guarded = start(method, "secret");
                    RawClient client = begin(guarded, "alice")) {
                client.read();
                client.send(PasswordMessage.of(""));
                assertThat(client.readToEnd())
                        .singleElement()
                        .extracting(reply -> reply.error().message())
                        .isEqualTo("empty password returned by client");
            }
        }
    }
}
