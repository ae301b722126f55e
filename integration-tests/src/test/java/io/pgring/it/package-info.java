/**
 * The proxy as its users meet it: psql, PostgreSQL JDBC, HikariCP, pgbench, curl and the launcher, on real servers, and where their rows
 * lie. Whether the answers are those of one PostgreSQL is for {@code io.pgring.it.compare}.
 *
 * <p>Owns the tables that its tests make beside {@code kv}. May use everything; test sources only.
 */
@NullMarked
package io.pgring.it;

import org.jspecify.annotations.NullMarked;
