package io.pgring.pgsql.tree;

/**
 * DO: an anonymous code block.
 *
 * @param language lower case; {@code plpgsql} when not said
 * @param body the decoded text of the block
 */
public record Do(String language, String body, int start, int end) implements Statement {}
