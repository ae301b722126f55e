package io.pgring.proxy.reshard;

import io.pgring.proxy.topology.Shard;
import java.sql.SQLException;

/** Whether the visible views of a shard leave out the rows of {@code pgring.hidden}. */
public interface Visibility {

    /** Makes the views so; nothing to do when they are. */
    void filter(Shard shard, boolean filtered) throws SQLException;
}
