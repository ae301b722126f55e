/**
 * What clients see while shards come and go and processes die, written down and checked as a whole: no acknowledged write is lost or made twice,
 * no read is stale, no count is wrong. {@link io.pgring.it.history.HistoryChecker} says what that means.
 */
@NullMarked
package io.pgring.it.history;

import org.jspecify.annotations.NullMarked;
