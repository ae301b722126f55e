package io.pgring.pgsql.tree;

/**
 * NOTIFY.
 *
 * @param payloadStart byte offset of the payload's literal, -1 for none
 */
public record Notify(Name channel, int payloadStart, int start, int end) implements Statement {}
