package io.pgring.pgsql.tree;

/**
 * A type as written in a cast.
 *
 * @param name the normalised name: {@code character varying} is {@code varchar}, {@code double precision} is {@code float8}, and so on;
 *     with its schema when there is one
 * @param modifiers whether there is a list of modifiers, as in {@code varchar(10)}, or interval fields
 * @param arrayDimensions 0 for a plain type
 */
public record TypeName(String name, boolean modifiers, int arrayDimensions, boolean setOf, int start, int end) {}
