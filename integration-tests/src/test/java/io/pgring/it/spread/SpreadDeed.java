package io.pgring.it.spread;

import io.pgring.it.wire.RawClient;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A statement on the table {@code events} for each of the roads that concern several shards. Rows that it writes say {@code new}. */
enum SpreadDeed {
    /** Each shard reads its own rows. */
    SCATTER("SELECT id, note FROM events ORDER BY id"),
    /** The home shard reads the rows of all. */
    GATHER("SELECT count(DISTINCT a.note) FROM events a JOIN events b ON a.note < b.note"),
    /** Each shard gets some of the rows. */
    SPLIT("INSERT INTO events VALUES (-1, 'new'), (-2, 'new'), (-3, 'new'), (-4, 'new'), (-5, 'new'), (-6, 'new'), "
            + "(-7, 'new'), (-8, 'new'), (-9, 'new'), (-10, 'new'), (-11, 'new'), (-12, 'new')"),
    /** Each shard changes its own rows. */
    UPDATE("UPDATE events SET note = 'new'");

    private static final int[] NONE = {};

    private final String sql;

    SpreadDeed(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }

    /** Asks for it in the simple or the extended protocol, and does not wait for the answer. */
    void begin(RawClient client, boolean simple) throws IOException {
        if (simple) {
            client.send(Query.of(sql));
        } else {
            client.send(
                    new Parse("", sql.getBytes(StandardCharsets.UTF_8), NONE),
                    new Bind("", "", NONE, new byte[0][], NONE),
                    new Execute("", 0),
                    new Sync());
        }
    }
}
