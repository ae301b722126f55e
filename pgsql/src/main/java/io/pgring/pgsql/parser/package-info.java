/**
 * From text to tree: recursive descent by the rules of PostgreSQL's src/backend/parser/gram.y, a file per part of the
 * grammar. {@link io.pgring.pgsql.parser.Parser} is the one entrance.
 *
 * <p>Owns the grammar and its limits of depth. May use {@code lexer} and {@code tree}. A statement that it does not
 * understand becomes {@link io.pgring.pgsql.tree.Unparsed}, never a wrong tree.
 */
@NullMarked
package io.pgring.pgsql.parser;

import org.jspecify.annotations.NullMarked;
