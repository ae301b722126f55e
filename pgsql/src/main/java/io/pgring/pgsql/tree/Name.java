package io.pgring.pgsql.tree;

/**
 * One identifier.
 *
 * @param value folded to lower case if unquoted, without quotes otherwise, cut to 63 bytes as PostgreSQL does
 */
public record Name(String value, int start, int end) {}
