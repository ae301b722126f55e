/**
 * Which shard a statement needs: {@link io.pgring.pgsql.analysis.ShardAnalysis} applies the proof rule to a tree. Every
 * reference to a sharded table, at any depth, must be bound to key values, or the answer is that it is not bound, with
 * the reason.
 *
 * <p>Pure. May use {@code lexer} and {@code tree}; knows tables through {@link io.pgring.pgsql.analysis.TableCatalog} alone.
 */
@NullMarked
package io.pgring.pgsql.analysis;

import org.jspecify.annotations.NullMarked;
