/**
 * The first promise: a statement gives what one PostgreSQL that holds all rows would give, or is refused. The same statements run on a
 * single server and through the proxy, and everything that a client can see is compared. {@link io.pgring.it.compare.CompareIT} runs
 * cases written by hand, the files of {@code compare/} in the resources; {@link io.pgring.it.compare.RandomStatementsIT} runs
 * statements made up from a seed and makes those that differ smaller.
 *
 * <p>Owns {@link io.pgring.it.compare.ComparedServers}, the tables of both and what is in them. May use {@code io.pgring.it.support},
 * {@code io.pgring.it.wire}, pgwire and the JDK; test sources only.
 */
@NullMarked
package io.pgring.it.compare;

import org.jspecify.annotations.NullMarked;
