package io.pgring.it.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.faults.ProxyProcess;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Query;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Far more rows than the proxy has memory for are merged in order while they stream. */
@ExtendWith(SharedCluster.class)
class ManyRowsIT {
    private static final int PATIENCE_MILLIS = 120_000;

    @TempDir
    Path folder;

    private final Cluster cluster;

    ManyRowsIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @AfterEach
    void empty() throws Exception {
        cluster.servers().executeEverywhere("TRUNCATE events");
    }

    @Test
    void someRows() throws Exception {
        allRowsComeInOrder(300_000, "-Xmx48m", "-XX:MaxDirectMemorySize=48m");
    }

    @Test
    @Tag("nightly")
    void millionsOfRows() throws Exception {
        allRowsComeInOrder(5_000_000, "-Xmx128m", "-XX:MaxDirectMemorySize=128m");
    }

    private void allRowsComeInOrder(int count, String... jvmOptions) throws Exception {
        new EventRows(cluster).fill(count, "'n' || id");
        try (ProxyProcess proxy = ProxyProcess.start(
                        folder, cluster.servers().shards(), "tables: [{name: events, keyColumn: id}]\n", jvmOptions);
                RawClient client = RawClient.connect(proxy.port())) {
            client.patience(PATIENCE_MILLIS);
            client.send(Query.of("SELECT id, note FROM events ORDER BY id"));
            assertThat(client.read().is(BackendType.ROW_DESCRIPTION)).isTrue();
            for (int id = 1; id <= count; id++) {
                Reply row = client.read();
                if (!row.is(BackendType.DATA_ROW) || !row.value().equals(Integer.toString(id))) {
                    throw new AssertionError("found " + row + " in the place of row " + id + "\n" + proxy.log());
                }
            }
            assertThat(client.readToReady()).extracting(Reply::text).containsExactly("C SELECT " + count, "Z IDLE");
            assertThat(proxy.log()).doesNotContain("OutOfMemory").doesNotContain("level=ERROR");
        }
    }
}
