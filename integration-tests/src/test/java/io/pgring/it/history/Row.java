package io.pgring.it.history;

/**
 * A row of the table.
 *
 * @param value all numbers that were appended, each with a comma behind it; empty when there is no row
 */
record Row(String key, String value) {}
