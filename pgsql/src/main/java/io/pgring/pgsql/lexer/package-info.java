/**
 * PostgreSQL's lexical rules (src/backend/parser/scan.l with {@code standard_conforming_strings = on}): tokens, values of
 * string literals, and the normalised form of a statement that keys the plan cache.
 *
 * <p>Owns the knowledge of characters, quotes, comments, numbers, operators and keywords. Uses the JDK alone.
 */
@NullMarked
package io.pgring.pgsql.lexer;

import org.jspecify.annotations.NullMarked;
