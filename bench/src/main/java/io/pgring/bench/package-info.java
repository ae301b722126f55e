/**
 * What the parts of the hot path cost, each alone: nanoseconds and bytes allocated per operation, measured with JMH. {@link
 * io.pgring.bench.MicroBenchmarks} runs them all and compares them with their {@link io.pgring.bench.Limit limits}.
 *
 * <p>Owns the statements and the topology that are measured. May use every module that it measures; nothing uses it, and no server
 * is needed.
 */
@NullMarked
package io.pgring.bench;

import org.jspecify.annotations.NullMarked;
