/**
 * The proxy as its users meet it: psql, PostgreSQL JDBC, HikariCP, pgbench, curl and the launcher, on real servers; where their rows
 * lie, and whether their answers are those of one PostgreSQL.
 *
 * <p>Owns the tables that its tests make beside {@code kv}. May use everything; test sources only.
 */
@NullMarked
package io.pgring.it;

import org.jspecify.annotations.NullMarked;
