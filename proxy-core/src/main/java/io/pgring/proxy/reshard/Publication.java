package io.pgring.proxy.reshard;

import java.sql.Connection;
import java.sql.SQLException;

/** Tells all proxies of a change of the topology. */
public interface Publication {

    /**
     * Counts the version of the topology up, as a part of the transaction that is open.
     *
     * @return the new version
     */
    long publish(Connection home) throws SQLException;
}
