package io.pgring.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgring.proxy.app.StartupException;
import io.pgring.proxy.config.ShardConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers: started, stopped, kept, and gone when they should be. */
class EmbeddedShardsIT {
    @TempDir
    Path parent;

    @Test
    void temporaryServersAreGoneAfterwards() throws Exception {
        Path folder;
        ShardConfiguration first;
        try (EmbeddedShards shards = EmbeddedShards.temporary(2)) {
            folder = shards.folder();
            first = shards.shards().get(0);

            assertThat(shards.shards()).extracting(ShardConfiguration::name).containsExactly("shard-0", "shard-1");
            assertThat(value(shards, 0, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(value(shards, 0, "SHOW max_connections")).isEqualTo("200");
            assertThat(value(shards, 0, "SELECT upper('\u00e4')")).isEqualTo("\u00c4");
            assertThat(value(shards, 0, "SELECT hashtext('user_1')")).isEqualTo("80174397");
            assertThat(value(shards, 0, "SELECT system_identifier FROM pg_control_system()"))
                    .isNotEqualTo(value(shards, 1, "SELECT system_identifier FROM pg_control_system()"));
            assertThat(shards.shardsOverUnixDomainSockets().get(0).isUnixDomainSocket())
                    .isTrue();
            assertThat(Files.exists(folder.resolve(".s.PGSQL." + first.port()))).isTrue();
        }
        assertThat(Files.exists(folder)).isFalse();
        assertThat(FreePort.isFree(first.port())).isTrue();
    }

    @Test
    void oneServerIsStoppedAndStartedOnTheSamePortWithTheSameData() throws Exception {
        try (EmbeddedShards shards = EmbeddedShards.temporary(2)) {
            shards.executeEverywhere("CREATE TABLE t AS SELECT 42 AS answer");
            int port = shards.shards().get(1).port();

            shards.stop(1);
            SQLException down = catchThrowableOfType(SQLException.class, () -> shards.connect(1));
            String other = value(shards, 0, "SELECT answer FROM t");
            shards.start(1);

            assertThat((Throwable) down).isNotNull();
            assertThat(other).isEqualTo("42");
            assertThat(shards.shards().get(1).port()).isEqualTo(port);
            assertThat(value(shards, 1, "SELECT answer FROM t")).isEqualTo("42");
        }
    }

    @Test
    void dataInAFolderIsKeptUntilToldToStartOver() throws Exception {
        Path folder = parent.resolve("data");
        try (EmbeddedShards shards = kept(folder, 1).start()) {
            shards.execute(0, "CREATE TABLE t AS SELECT 1 AS n");
            assertThat(value(shards, 0, "SHOW fsync")).isEqualTo("on");
        }
        try (EmbeddedShards shards = kept(folder, 1).start()) {
            assertThat(value(shards, 0, "SELECT n FROM t")).isEqualTo("1");
        }
        StartupException otherCount = catchThrowableOfType(
                StartupException.class, () -> kept(folder, 2).start());
        Files.writeString(folder.resolve("mine.txt"), "not PgRing's");
        try (EmbeddedShards shards = kept(folder, 2).fresh(true).start()) {
            assertThat(value(shards, 0, "SELECT to_regclass('t') IS NULL")).isEqualTo("t");
        }

        assertThat(otherCount).hasMessage(folder + " holds the data of 1 shards, not 2");
        assertThat(otherCount.hint()).contains("--fresh");
        assertThat(Files.exists(folder.resolve("mine.txt"))).isTrue();
    }

    @Test
    void aFolderIsUsedByOneAtATime() throws Exception {
        Path folder = parent.resolve("data");
        try (EmbeddedShards shards = kept(folder, 1).start()) {
            StartupException second = catchThrowableOfType(
                    StartupException.class, () -> kept(folder, 1).fresh(true).start());

            assertThat(second.getMessage()).startsWith(folder + " is in use by another pgring (process ");
            assertThat(value(shards, 0, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aServerThatDoesNotStartSaysWhy() throws Exception {
        StartupException e = catchThrowableOfType(
                StartupException.class,
                () -> kept(parent.resolve("data"), 1)
                        .setting("max_connections", "many")
                        .start());
        StartupException file = catchThrowableOfType(
                StartupException.class,
                () -> kept(Files.createFile(parent.resolve("file")), 1).start());

        assertThat(e.getMessage()).contains("does not start: ").contains("max_connections");
        assertThat(file).hasMessage(parent.resolve("file") + " is not a folder");
    }

    @Test
    void closingIsPossibleAtAnyTimeAndTwice() throws Exception {
        EmbeddedShards never = EmbeddedShards.builder().create();
        never.close();
        EmbeddedShards shards = EmbeddedShards.builder().count(2).create();
        Thread starter = new Thread(() -> {
            try {
                shards.start();
            } catch (StartupException e) {
                assertThat(e).hasMessage("the servers are being stopped");
            }
        });

        starter.start();
        shards.close();
        starter.join();
        shards.close();

        assertThat(catchThrowableOfType(StartupException.class, never::start)).isNotNull();
    }

    private static EmbeddedShardsBuilder kept(Path folder, int count) {
        return EmbeddedShards.builder().folder(folder).count(count);
    }

    private static String value(EmbeddedShards shards, int shard, String sql) throws SQLException {
        try (Connection connection = shards.connect(shard);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
