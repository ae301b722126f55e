package io.pgring.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Eventually;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A table changes under prepared statements. */
@ExtendWith(SharedCluster.class)
class TableChangeIT {
    private static final int[] NONE = {};

    private final Cluster cluster;

    TableChangeIT(Cluster cluster) {
        this.cluster = cluster;
    }

    /** As with one server, the statement that was prepared before fails; preparing it again is enough, for everybody. */
    @Test
    void aStatementThatNoLongerFitsItsTableWorksWhenItIsPreparedAgain() throws Exception {
        String key = cluster.keyOn(2, "changed");
        cluster.servers().executeEverywhere("CREATE TABLE changing (key text PRIMARY KEY, value text)");
        try (Cluster own = Cluster.start(plan -> plan.beside(cluster).table("changing", "key", "SELECT 1"));
                RawClient early = RawClient.connect(own.port());
                RawClient late = RawClient.connect(own.port())) {
            early.query("INSERT INTO changing VALUES ('" + key + "', 'x')");
            early.send(parse());
            early.send(execute(key));
            assertThat(early.readToReady()).anyMatch(reply -> reply.is(BackendType.DATA_ROW));
            cluster.servers()
                    .executeEverywhere("ALTER TABLE changing ALTER COLUMN value TYPE varchar(10), ADD n integer");

            early.send(execute(key));
            assertThat(early.readToReady())
                    .filteredOn(reply -> reply.is(BackendType.ERROR_RESPONSE))
                    .singleElement()
                    .extracting(Reply::sqlState)
                    .isEqualTo("0A000");

            late.send(parse());
            late.send(execute(key));
            assertThat(columns(late.readToReady())).isEqualTo(3);
            Eventually.succeeds(() -> {
                early.send(new Close(Target.STATEMENT, "s"), parse());
                early.send(execute(key));
                assertThat(columns(early.readToReady())).isEqualTo(3);
            });
            early.send(execute(key));
            assertThat(columns(early.readToReady())).isEqualTo(3);
        } finally {
            cluster.servers().executeEverywhere("DROP TABLE changing");
        }
    }

    private static Parse parse() {
        return new Parse("s", "SELECT * FROM changing WHERE key = $1".getBytes(StandardCharsets.UTF_8), NONE);
    }

    private static io.pgring.pgwire.frontend.FrontendMessage[] execute(String key) throws IOException {
        byte[][] parameters = {key.getBytes(StandardCharsets.UTF_8)};
        return new io.pgring.pgwire.frontend.FrontendMessage[] {
            new Bind("", "s", NONE, parameters, NONE), new Execute("", 0), new Sync()
        };
    }

    private static int columns(List<Reply> replies) {
        Reply row = replies.stream()
                .filter(reply -> reply.is(BackendType.DATA_ROW))
                .findFirst()
                .orElseThrow(() -> new AssertionError(replies.toString()));
        return ((io.pgring.pgwire.backend.DataRow) row.decode()).values().length;
    }
}
