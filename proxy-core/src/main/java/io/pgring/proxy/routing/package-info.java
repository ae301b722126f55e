/**
 * Where a statement goes. {@link io.pgring.proxy.routing.Planner} turns the text of a client into a
 * {@link io.pgring.proxy.routing.Plan}, remembered under the normalised text, and a plan with the values of one execution into
 * a {@link io.pgring.proxy.routing.Route}.
 *
 * <pre>
 *   text ──Normalizer──► key ──PlanCache──► Plan ──values──► token ──Ring──► Route
 *                              │ miss         ▲
 *                              └─Parser, ShardAnalysis, PlanCompiler
 * </pre>
 *
 * Decides, and does nothing. May use pgsql, topology, hashring and the views of pgwire; no channel, no I/O.
 */
@NullMarked
package io.pgring.proxy.routing;

import org.jspecify.annotations.NullMarked;
