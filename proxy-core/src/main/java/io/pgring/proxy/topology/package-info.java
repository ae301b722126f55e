/**
 * What the proxy knows of the shards: the immutable {@link io.pgring.proxy.topology.Topology} (shards, ring, tables), the
 * current view of it, and the loader that reads and checks it over plain JDBC on a control thread.
 * May use hashring, pgsql's {@code TableCatalog} and config. No Netty: the road only reads snapshots.
 */
@NullMarked
package io.pgring.proxy.topology;

import org.jspecify.annotations.NullMarked;
