/**
 * Makes tables sharded or reference tables, and unsharded again, with their rows: what {@code create_distributed_table} and its relatives do.
 * {@link io.pgring.proxy.distribution.TableAdministration} is the entrance and explains why a crash does no harm.
 *
 * <p>May use topology, config, hashring, and gather's {@link io.pgring.proxy.gather.Ddl}. Blocking JDBC on control threads; never called by
 * the road.
 */
@NullMarked
package io.pgring.proxy.distribution;

import org.jspecify.annotations.NullMarked;
