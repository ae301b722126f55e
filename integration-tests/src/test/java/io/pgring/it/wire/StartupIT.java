package io.pgring.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.NegotiateProtocolVersion;
import io.pgring.pgwire.frontend.GSSENCRequest;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.SSLRequest;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.pgwire.frontend.StartupPacket;
import io.pgring.pgwire.frontend.Terminate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first packets of a connection, in all the forms that drivers send them. */
@ExtendWith(SharedCluster.class)
class StartupIT {
    private static final int VERSION_3_2 = 3 << 16 | 2;

    private final Cluster cluster;

    StartupIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void requestsForEncryptionAreDeclinedAndTheLoginGoesOn() throws IOException {
        StartupPacket ssl = new SSLRequest();
        StartupPacket gss = new GSSENCRequest();
        for (List<StartupPacket> requests : List.of(List.of(ssl), List.of(gss), List.of(ssl, gss), List.of(gss, ssl))) {
            try (RawClient client = RawClient.open(cluster.port())) {
                for (StartupPacket request : requests) {
                    client.send(request);
                    assertThat(client.readByte()).isEqualTo((byte) 'N');
                }
                client.send(RawClient.startup(Map.of()));
                assertThat(client.readToReady().get(0).type()).isEqualTo(BackendType.AUTHENTICATION);
                assertThat(client.value("SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void theStartupMessageMayComeInTwoPiecesCutAnywhere() throws IOException {
        byte[] packet = RawClient.bytes(RawClient.startup(Map.of("application_name", "cut")));
        for (int cut = 1; cut < packet.length; cut++) {
            try (RawClient client = RawClient.open(cluster.port())) {
                client.sendBytes(packet, cut);
                client.readToReady();
                assertThat(client.parameters()).containsEntry("application_name", "cut");
            }
        }
    }

    @Test
    void theFirstQueryMayComeTogetherWithTheStartupMessage() throws IOException {
        try (RawClient client = RawClient.open(cluster.port())) {
            ByteBuf all = Unpooled.buffer();
            RawClient.startup(Map.of()).encode(all);
            Query.of("SELECT 'early'").encode(all);
            new Terminate().encode(all);
            client.sendBytes(ByteBufUtil.getBytes(all));
            client.readToReady();
            assertThat(client.readToReady()).anyMatch(reply -> reply.text().contains("early"));
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void whatComesAfterTerminateIsNotRun() throws Exception {
        String key = cluster.keyOn(0, "after");
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(new Terminate(), Query.of("INSERT INTO kv VALUES ('" + key + "', 'x')"));
            assertThat(client.readToEnd()).isEmpty();
        }
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.answer("SELECT value FROM kv WHERE key = '" + key + "'"))
                    .contains("C SELECT 0");
        }
    }

    @Test
    void protocol32HasALongKeyAndProtocol30AShortOne() throws IOException {
        try (RawClient client = RawClient.open(cluster.port())) {
            client.send(new StartupMessage(3, 2, Map.of("user", "postgres", "database", "postgres")));
            assertThat(client.readToReady()).noneMatch(reply -> reply.is(BackendType.NEGOTIATE_PROTOCOL_VERSION));
            assertThat(client.key().secretKey()).hasSize(32);
        }
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.key().secretKey()).hasSize(4);
        }
    }

    @Test
    void aNewerMinorVersionAndUnknownOptionsAreNegotiated() throws IOException {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of("user", "postgres", "database", "postgres"));
        parameters.put("_pq_.test_protocol_negotiation", "");
        try (RawClient client = RawClient.open(cluster.port())) {
            client.send(new StartupMessage(3, 9999, parameters));
            List<Reply> replies = client.readToReady();
            assertThat(replies.get(0).decode())
                    .isEqualTo(new NegotiateProtocolVersion(VERSION_3_2, List.of("_pq_.test_protocol_negotiation")));
            assertThat(replies.stream().filter(reply -> reply.is(BackendType.NEGOTIATE_PROTOCOL_VERSION)))
                    .hasSize(1);
            assertThat(client.key().secretKey()).hasSize(32);
            assertThat(client.value("SELECT 1")).isEqualTo("1");
        }
        try (RawClient client = RawClient.open(cluster.port())) {
            client.send(new StartupMessage(3, 0, parameters));
            assertThat(client.readToReady().get(0).decode())
                    .isEqualTo(new NegotiateProtocolVersion(3 << 16, List.of("_pq_.test_protocol_negotiation")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 1234})
    void otherMajorVersionsAreRefused(int major) throws IOException {
        assertThat(refusal(new StartupMessage(major, 0, Map.of("user", "postgres"))))
                .matches("0A000|08P01");
    }

    @Test
    void aLoginWithoutWhatItNeedsIsRefusedWithTheCodeOfPostgreSql() throws IOException {
        assertThat(refusal(new StartupMessage(3, 0, Map.of("database", "postgres"))))
                .isEqualTo("28000");
        assertThat(refusal(RawClient.startup(Map.of("database", "nosuch")))).isEqualTo("3D000");
        assertThat(refusal(RawClient.startup(Map.of("nosuch_setting", "1")))).isEqualTo("42704");
        assertThat(refusal(RawClient.startup(Map.of("options", "-c nosuch_setting=1"))))
                .isEqualTo("42704");
        assertThat(refusal(RawClient.startup(Map.of("options", "-c work_mem=many"))))
                .isEqualTo("22023");
        assertThat(refusal(RawClient.startup(Map.of("replication", "database"))))
                .isEqualTo("0A000");
    }

    private String refusal(StartupMessage startup) throws IOException {
        try (RawClient client = RawClient.open(cluster.port())) {
            client.send(startup);
            List<Reply> replies = client.readToEnd();
            Reply last = replies.get(replies.size() - 1);
            assertThat(last.error().fields().severity()).isEqualTo("FATAL");
            assertThat(replies).noneMatch(reply -> reply.is(BackendType.READY_FOR_QUERY));
            return last.sqlState();
        }
    }

    @Test
    void whatIsNoStartupPacketEndsTheConnection() throws IOException {
        for (String rubbish : List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\0\0\0\0", "\u007f\u007f\u007f\u007fabcd")) {
            try (RawClient client = RawClient.open(cluster.port())) {
                client.sendBytes(rubbish.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(client.readToEnd()).allMatch(reply -> reply.is(BackendType.ERROR_RESPONSE));
            }
        }
    }

    @Test
    void settingsOfTheStartupMessageAreTheDefaultsOnEveryShard() throws IOException {
        Map<String, String> settings = Map.of(
                "options",
                "-c work_mem=5MB --statement_timeout=54321 -csearch_path=public,nosuch",
                "DateStyle",
                "German",
                "TimeZone",
                "Asia/Kolkata",
                "application_name",
                "it's a test");
        List<String> keys = cluster.keyOnEach("setting");
        try (RawClient client = RawClient.connect(cluster.port(), settings)) {
            assertThat(client.parameters())
                    .containsEntry("DateStyle", "German, DMY")
                    .containsEntry("TimeZone", "Asia/Kolkata")
                    .containsEntry("application_name", "it's a test");
            for (String key : keys) {
                client.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
                assertThat(settingsSeen(client, key)).isEqualTo("5MB 54321ms German, DMY Asia/Kolkata it's a test");
            }
            client.query("SET work_mem = '6MB'");
            client.query("SET TimeZone = 'UTC'");
            for (String key : keys) {
                assertThat(settingsSeen(client, key)).isEqualTo("6MB 54321ms German, DMY UTC it's a test");
            }
            client.query("RESET work_mem");
            client.query("RESET ALL");
            for (String key : keys) {
                assertThat(settingsSeen(client, key)).isEqualTo("5MB 54321ms German, DMY Asia/Kolkata it's a test");
            }
            assertThat(client.parameters()).containsEntry("TimeZone", "Asia/Kolkata");
        }
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : keys) {
                assertThat(settingsSeen(client, key)).startsWith("4MB 0 ISO, MDY ");
            }
        }
    }

    @Test
    void resetInsideATransactionReturnsToTheSettingsOfTheStartupMessage() throws IOException {
        String key = cluster.keyOn(1, "reset");
        try (RawClient client = RawClient.connect(cluster.port(), Map.of("options", "-c work_mem=5MB"))) {
            client.query("BEGIN");
            client.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
            client.query("SET work_mem = '6MB'");
            assertThat(client.answer("RESET work_mem")).containsExactly("C RESET", "Z IN_TRANSACTION");
            assertThat(settingsSeen(client, key)).startsWith("5MB ");
            client.query("SET work_mem = '7MB'");
            assertThat(client.answer("RESET ALL")).containsExactly("C RESET", "Z IN_TRANSACTION");
            assertThat(settingsSeen(client, key)).startsWith("5MB ");
            client.query("COMMIT");
            assertThat(settingsSeen(client, key)).startsWith("5MB ");
        }
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(settingsSeen(client, key)).startsWith("4MB ");
        }
    }

    @Test
    void settingsSurviveCommitAndChainAndNoOtherClientHasThem() throws IOException {
        String key = cluster.keyOn(1, "chain");
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.query("BEGIN");
            client.query("INSERT INTO kv VALUES ('" + key + "', 'x')");
            client.query("SET work_mem = '6MB'");
            client.query("COMMIT AND CHAIN");
            client.query("SET statement_timeout = 54321");
            client.query("ROLLBACK AND CHAIN");
            client.query("ROLLBACK");
            assertThat(settingsSeen(client, key)).startsWith("6MB 0 ");
        }
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(settingsSeen(client, key)).startsWith("4MB 0 ");
        }
    }

    private static String settingsSeen(RawClient client, String key) throws IOException {
        return client.value("SELECT concat_ws(' ', current_setting('work_mem'), current_setting('statement_timeout'),"
                + " current_setting('DateStyle'), current_setting('TimeZone'), current_setting('application_name'))"
                + " FROM kv WHERE key = '" + key + "'");
    }
}
