package io.pgring.proxy.reshard;

import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.topology.Catalog;
import java.sql.SQLException;
import java.util.List;

/** Gives a server what all shards have: the definitions of sharded and reference tables, and the rows of reference tables. */
public interface Furnishing {

    /**
     * Makes the tables that are missing, and fills those that are reference tables. Those that are there must be the same, and empty
     * unless they have the rows that they are to get.
     */
    void define(ShardConfiguration joining, Catalog catalog) throws SQLException, RingChangeException;

    /**
     * Makes the rows of reference tables the same as on the home shard, now that whoever writes to them does so on both; and makes sure that
     * the definitions still are.
     */
    void complete(ShardConfiguration joining, Catalog catalog)
            throws SQLException, RingChangeException, InterruptedException;

    /**
     * The reference tables whose rows on a shard are not those of the home shard. Who writes to one has to wait only if it seems to differ.
     *
     * @return their names, with schema
     */
    List<String> differing(ShardConfiguration shard, Catalog catalog) throws SQLException, InterruptedException;
}
