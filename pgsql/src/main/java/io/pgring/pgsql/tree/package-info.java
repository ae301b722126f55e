/**
 * The tree of a statement: records with their byte positions in the text, and no behaviour beyond naming their children.
 *
 * <p>Rewriting is splicing the text at these positions; a tree is never printed. May use {@code lexer} for literal kinds.
 */
@NullMarked
package io.pgring.pgsql.tree;

import org.jspecify.annotations.NullMarked;
