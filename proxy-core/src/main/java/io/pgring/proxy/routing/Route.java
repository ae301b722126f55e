package io.pgring.proxy.routing;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.topology.Shard;

/** The decision for one execution. */
public sealed interface Route {

    /** The shard that holds the rows. */
    record Single(Shard shard) implements Route {}

    /** Any shard gives the same answer; the one whose connection is at hand will do. */
    record Any() implements Route {}

    /** No shard: what the client is told instead. */
    record Refuse(ErrorResponse error) implements Route {}
}
