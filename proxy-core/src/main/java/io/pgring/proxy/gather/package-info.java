/**
 * Lets PostgreSQL gather the rows of all shards: makes and renews the views and foreign tables over which a statement on the home shard
 * sees whole tables. {@link io.pgring.proxy.gather.GatherObjects} is the entrance; {@link io.pgring.proxy.topology.GatherNames} draws
 * the objects and names them.
 *
 * <p>The schemas {@code pgring_visible}, {@code pgring_remote} and {@code pgring_gather} belong to this package alone: what else is put
 * into them, or made to depend on them, may be dropped at any time. Nobody but the role of the proxy is given access, so a client that has
 * changed its role with SET ROLE is refused by PostgreSQL.
 *
 * <p>May use topology, config and pgsql's lexer. Blocking JDBC on control threads; never called by the road.
 */
@NullMarked
package io.pgring.proxy.gather;

import org.jspecify.annotations.NullMarked;
