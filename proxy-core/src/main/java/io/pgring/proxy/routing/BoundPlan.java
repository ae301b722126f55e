package io.pgring.proxy.routing;

import io.pgring.pgwire.backend.ErrorResponse;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a prepared statement's text, with what its literals and declared types say once and for all.
 *
 * @param plan the plan
 * @param statement its only statement, with the tokens of its literal keys; null for an empty text
 * @param refusal why no execution can run; null when some can
 */
public record BoundPlan(
        Plan plan,
        @Nullable PlannedStatement statement,
        @Nullable ErrorResponse refusal) {}
