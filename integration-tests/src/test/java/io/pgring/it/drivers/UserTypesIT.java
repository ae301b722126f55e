package io.pgring.it.drivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.Servers;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGResultSetMetaData;

/** Types and tables of users have other numbers on each server: clients see those of the home shard, whichever shard answers. */
class UserTypesIT {
    private static final String TYPES = """
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
            CREATE TYPE spot AS (x integer, feeling mood, many mood[]);
            CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
            """;
    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS typed (id text PRIMARY KEY, feeling mood, moods mood[],"
                    + " place spot, count positive)";
    private static final String ROW =
            "SELECT feeling, moods, place, count, ROW (feeling, ARRAY[place])" + " FROM typed WHERE id = $1";
    private static final int[] TEXT = {};
    private static final int[] BINARY = {1};

    private static Servers servers;
    private static Cluster cluster;
    private static List<String> keys;

    /** The numbers of the types of one server are those of other types elsewhere. */
    @BeforeAll
    static void start() throws Exception {
        servers = Servers.running(3);
        for (int shard = 0; shard < 3; shard++) {
            for (int i = 0; i < 2 * shard; i++) {
                servers.execute(shard, "CREATE TYPE other" + shard + i + " AS ENUM ('a')");
            }
        }
        cluster = Cluster.start(plan -> plan.on(servers).everywhere(TYPES).table("typed", "id", TABLE));
        keys = cluster.keyOnEach("key");
        try (Connection client = cluster.connect();
                PreparedStatement insert = client.prepareStatement(
                        "INSERT INTO typed VALUES (?, 'ok', '{sad,happy}', '(1,ok,{sad})', 7)")) {
            for (String key : keys) {
                insert.setString(1, key);
                insert.executeUpdate();
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            cluster.close();
        } finally {
            servers.close();
        }
    }

    private static int oid(int shard, String type) throws Exception {
        return Integer.parseInt(servers.value(shard, "SELECT '" + type + "'::regtype::oid"));
    }

    private static Bind bind(String statement, String key, int[] resultFormats) {
        return new Bind("", statement, TEXT, new byte[][] {key.getBytes(UTF_8)}, resultFormats);
    }

    private static String bytes(List<Reply> replies, byte type) {
        List<String> bodies = replies.stream()
                .filter(reply -> reply.is(type))
                .map(reply -> HexFormat.of().formatHex(reply.body()))
                .toList();
        assertThat(bodies).as(replies.toString()).hasSize(1);
        return bodies.get(0);
    }

    private static String rowOf(List<Reply> replies) {
        return bytes(replies, BackendType.DATA_ROW);
    }

    @Test
    void theNumbersDiffer() throws Exception {
        assertThat(Stream.of(oid(0, "mood"), oid(1, "mood"), oid(2, "mood"))).doesNotHaveDuplicates();
        assertThat(servers.value(0, "SELECT typname FROM pg_type WHERE oid = " + oid(1, "mood")))
                .as("another type on the home shard")
                .isNotEqualTo("mood");
    }

    @Test
    void everyShardDescribesRowsAndParametersAlike() throws Exception {
        List<String> rows = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : keys) {
                String sql = "SELECT feeling, typed, moods, place, count, id FROM typed WHERE id = '" + key + "'";
                rows.add(bytes(client.query(sql), BackendType.ROW_DESCRIPTION));
                client.send(
                        new Parse("", (sql + " AND feeling = $1 AND moods = $2").getBytes(UTF_8), TEXT),
                        new Describe(Target.STATEMENT, ""),
                        new Bind("", "", TEXT, new byte[][] {"ok".getBytes(UTF_8), "{}".getBytes(UTF_8)}, TEXT),
                        new Execute("", 0),
                        new Sync());
                List<Reply> replies = client.readToReady();
                rows.add(bytes(replies, BackendType.ROW_DESCRIPTION));
                parameters.add(bytes(replies, BackendType.PARAMETER_DESCRIPTION));
            }
        }
        assertThat(rows).hasSize(6).containsOnly(rows.get(0));
        assertThat(parameters).hasSize(3).containsOnly(parameters.get(0));
        assertThat(parameters.get(0)).contains(HexFormat.of().toHexDigits(oid(0, "mood")));
    }

    @Test
    void aTypeThatParseNamesIsTheHomeShards() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : keys) {
                client.send(
                        new Parse("", "UPDATE typed SET feeling = $2 WHERE id = $1".getBytes(UTF_8), new int[] {
                            25, oid(0, "mood")
                        }),
                        new Bind("", "", TEXT, new byte[][] {key.getBytes(UTF_8), "ok".getBytes(UTF_8)}, TEXT),
                        new Execute("", 0),
                        new Sync());
                assertThat(client.readToReady().stream().map(Reply::text)).contains("C UPDATE 1");
            }
            client.send(
                    new Parse("", "SELECT id FROM typed WHERE feeling = $1 ORDER BY id".getBytes(UTF_8), new int[] {
                        oid(0, "mood")
                    }),
                    bind("", "ok", TEXT),
                    new Execute("", 0),
                    new Sync());
            assertThat(client.readToReady().stream().map(Reply::text)).contains("C SELECT 3");
        }
    }

    @Test
    void aTypeThatOnlyTheHomeShardHasIsRefused() throws Exception {
        cluster.servers().execute(0, "CREATE TYPE lonely AS ENUM ('a')");
        try (RawClient client = RawClient.connect(cluster.port())) {
            byte[] text = "SELECT $2::text, count FROM typed WHERE id = $1".getBytes(UTF_8);
            for (int shard = 0; shard < 3; shard++) {
                client.send(
                        new Parse("", text, new int[] {25, oid(0, "lonely")}),
                        new Bind("", "", TEXT, new byte[][] {keys.get(shard).getBytes(UTF_8), {'a'}}, TEXT),
                        new Execute("", 0),
                        new Sync());
                assertThat(client.readToReady().stream().map(Reply::text).toList())
                        .anyMatch(shard == 0 ? line -> line.equals("C SELECT 1") : line -> line.contains("0A000"));
            }
            assertThat(client.value("SELECT count FROM typed WHERE id = '" + keys.get(1) + "'"))
                    .isEqualTo("7");
        }
    }

    /** Unnamed and named statements, described or not, alone and mixed with text: the values name the same types. */
    @Test
    void binaryValuesNameTheTypesOfTheHomeShard() throws Exception {
        List<String> rows = new ArrayList<>();
        try (RawClient client = RawClient.connect(cluster.port())) {
            client.send(new Parse("row", ROW.getBytes(UTF_8), TEXT), new Sync());
            client.readToReady();
            for (int round = 0; round < 2; round++) {
                for (String key : keys) {
                    client.send(bind("row", key, BINARY), new Execute("", 0), new Sync());
                    rows.add(rowOf(client.readToReady()));
                    client.send(
                            bind("row", key, BINARY), new Describe(Target.PORTAL, ""), new Execute("", 0), new Sync());
                    rows.add(rowOf(client.readToReady()));
                    client.send(
                            new Parse("", ROW.getBytes(UTF_8), TEXT),
                            bind("", key, BINARY),
                            new Execute("", 1),
                            new Sync());
                    rows.add(rowOf(client.readToReady()));
                }
            }
        }
        // The first field of the row type of the table is the key.
        List<List<String>> values =
                rows.stream().map(UserTypesIT::valuesButTheKey).toList();
        assertThat(values).hasSize(18).containsOnly(values.get(0));
        ByteBuffer moods = ByteBuffer.wrap(HexFormat.of().parseHex(values.get(0).get(1)));
        assertThat(moods.getInt(8)).isEqualTo(oid(0, "mood"));
    }

    private static List<String> valuesButTheKey(String row) {
        DataRow decoded =
                (DataRow) new Reply(BackendType.DATA_ROW, HexFormat.of().parseHex(row)).decode();
        return Arrays.stream(decoded.values())
                .map(value -> HexFormat.of().formatHex(value))
                .map(value -> keys.stream()
                        .map(key -> HexFormat.of().formatHex(key.getBytes(UTF_8)))
                        .reduce(value, (text, key) -> text.replace(key, "key")))
                .toList();
    }

    @Test
    void portalsOfTwoFormatsDoNotMix() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (String key : keys) {
                byte[][] values = {key.getBytes(UTF_8)};
                client.send(
                        new Parse("", ROW.getBytes(UTF_8), TEXT),
                        new Bind("b", "", TEXT, values, BINARY),
                        new Bind("t", "", TEXT, values, TEXT),
                        new Describe(Target.PORTAL, "b"),
                        new Execute("t", 0),
                        new Execute("b", 0),
                        new Sync());
                List<Reply> rows = client.readToReady().stream()
                        .filter(reply -> reply.is(BackendType.DATA_ROW))
                        .toList();
                assertThat(rows).hasSize(2);
                assertThat(rows.get(0).text()).contains("{sad,happy}");
                ByteBuffer moods = ByteBuffer.wrap(((DataRow) rows.get(1).decode()).values()[1]);
                assertThat(moods.getInt(8)).isEqualTo(oid(0, "mood"));
            }
        }
    }

    @Test
    void pgjdbcReadsAndWritesThem() throws Exception {
        String sql = "UPDATE typed SET moods = ? WHERE id = ? RETURNING moods, feeling, place, count";
        for (String mode : List.of("", "binaryTransfer=true&prepareThreshold=-1")) {
            try (Connection client = cluster.connect(mode);
                    PreparedStatement update = client.prepareStatement(sql)) {
                for (String key : keys) {
                    update.setArray(1, client.createArrayOf("mood", new String[] {"sad", "happy"}));
                    update.setString(2, key);
                    try (ResultSet row = update.executeQuery()) {
                        row.next();
                        assertThat((Object[]) row.getArray(1).getArray()).containsExactly("sad", "happy");
                        assertThat(row.getString(2)).isEqualTo("ok");
                        assertThat(row.getString(3)).isEqualTo("(1,ok,{sad})");
                        assertThat(row.getMetaData().getColumnTypeName(2)).isEqualTo("mood");
                        assertThat(row.getMetaData().getColumnTypeName(3)).isEqualTo("spot");
                        assertThat(((PGResultSetMetaData) row.getMetaData()).getBaseTableName(2))
                                .isEqualTo("typed");
                        assertThat(((PGResultSetMetaData) row.getMetaData()).getBaseColumnName(2))
                                .isEqualTo("feeling");
                    }
                }
            }
        }
    }

    @Test
    void aTypeThatOtherShardsHaveCanBeUsedAsSoonAsItIsMadeThroughTheProxy() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            for (int shard = 1; shard < 3; shard++) {
                servers.execute(shard, "CREATE TYPE weather AS ENUM ('sun', 'rain')");
            }
            client.query("CREATE TYPE weather AS ENUM ('sun', 'rain')");
            List<String> descriptions = new ArrayList<>();
            for (String key : keys) {
                descriptions.add(bytes(
                        client.query("SELECT 'sun'::weather, '{rain}'::weather[] FROM typed WHERE id = '" + key + "'"),
                        BackendType.ROW_DESCRIPTION));
            }
            assertThat(descriptions).containsOnly(descriptions.get(0));
            assertThat(descriptions.get(0)).contains(HexFormat.of().toHexDigits(oid(0, "weather")));
        }
    }

    @Test
    void aTypeThatTheHomeShardLacksIsUnknownAsTextAndRefusedInBinary() throws Exception {
        servers.execute(1, "CREATE TYPE strange AS ENUM ('a')");
        String sql = "SELECT 'a'::strange FROM typed WHERE id = '" + keys.get(1) + "'";
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.answer(sql)).first().isEqualTo("T strange:705:0");
            client.send(
                    new Parse("", sql.getBytes(UTF_8), TEXT),
                    new Bind("", "", TEXT, new byte[0][], BINARY),
                    new Execute("", 0),
                    new Sync());
            assertThat(client.readToEnd().stream().map(Reply::text))
                    .noneMatch(line -> line.startsWith("D"))
                    .anyMatch(line -> line.contains("0A000") && line.contains("home shard does not have"));
        }
    }

    /** It is looked for when it is first met. */
    @Test
    void aTypeThatOthersHaveMadeIsKnownSoon() throws Exception {
        servers.executeEverywhere("CREATE TYPE late AS ENUM ('a')");
        String sql = "SELECT 'a'::late FROM typed WHERE id = '" + keys.get(2) + "'";
        String described = "T late:" + oid(0, "late") + ":0";
        try (RawClient client = RawClient.connect(cluster.port())) {
            Eventually.holds(
                    "the type is known", () -> client.answer(sql).get(0).equals(described));
        }
    }

    @Test
    void copyInBinaryFormatIsRefusedOrRunAtHome() throws Exception {
        try (RawClient client = RawClient.connect(cluster.port())) {
            assertThat(client.answer("COPY typed TO STDOUT (FORMAT binary)"))
                    .anyMatch(line -> line.contains("0A000") && line.contains("binary format"));
            assertThat(client.answer("COPY typed TO STDOUT")).contains("C COPY 3");
            for (String key : keys) {
                List<Reply> replies = client.query(
                        "COPY (SELECT moods FROM typed WHERE id = '" + key + "') TO STDOUT (FORMAT binary)");
                assertThat(copied(replies))
                        .contains("00000001" + "00000000" + HexFormat.of().toHexDigits(oid(0, "mood")));
            }
        }
    }

    private static String copied(List<Reply> replies) throws IOException {
        StringBuilder data = new StringBuilder();
        replies.stream()
                .filter(reply -> reply.is(BackendType.COPY_DATA))
                .forEach(reply -> data.append(HexFormat.of().formatHex(reply.body())));
        return data.toString();
    }

    @Test
    void rowsOfAllShardsAreDescribedAsAtHome() throws SQLException {
        try (Connection client = cluster.connect();
                PreparedStatement select = client.prepareStatement("SELECT feeling, moods FROM typed ORDER BY id");
                ResultSet row = select.executeQuery()) {
            int rows = 0;
            while (row.next()) {
                rows++;
                assertThat(row.getString(1)).isEqualTo("ok");
                assertThat(row.getMetaData().getColumnTypeName(1)).isEqualTo("mood");
                assertThat(row.getMetaData().getColumnTypeName(2)).isEqualTo("_mood");
            }
            assertThat(rows).isEqualTo(3);
        }
    }
}
