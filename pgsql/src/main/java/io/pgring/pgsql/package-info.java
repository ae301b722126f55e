/**
 * What a statement means: pure functions from the bytes of a statement to its tokens, its tree and its shard keys.
 *
 * <pre>
 * lexer    ──► tokens, plan-cache key and literal table   the hot path: one pass, no allocation
 * tree     ──► nodes with their positions in the text     plain records
 * parser   ──► lexer, tree                                recursive descent by PostgreSQL's gram.y
 * analysis ──► lexer, tree                                which key values bind a statement to one shard
 * spread   ──► lexer, tree, analysis                      how a statement runs on several shards
 * </pre>
 *
 * <p>Owns no state, does no I/O, uses the JDK alone. Text is UTF-8 in a {@code byte[]}; every position is a byte offset, but
 * for splices, which count tokens. What is not fully understood is said to be so ({@code Unparsed}, {@code NotBound}); nothing
 * here guesses.
 */
@NullMarked
package io.pgring.pgsql;

import org.jspecify.annotations.NullMarked;
