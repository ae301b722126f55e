package io.pgring.proxy.admin;

import io.pgring.proxy.backend.ShardHealth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the proxy finds a shard.
 *
 * @param name of the shard
 * @param state up, down, or unknown as long as it was not asked
 * @param error why it is down
 */
record ShardState(String name, String state, @Nullable String error) {
    private static final String UP = "up";
    private static final String DOWN = "down";

    /** A shard is up for the proxy when one of its event loops can use it. */
    static ShardState of(String name, List<ShardHealth> ofLoops) {
        if (ofLoops.stream().anyMatch(ShardHealth::isUp)) {
            return new ShardState(name, UP, null);
        }
        return ofLoops.stream()
                .filter(ShardHealth::isDown)
                .findFirst()
                .map(health -> new ShardState(name, DOWN, reason(health)))
                .orElseGet(() -> new ShardState(name, "unknown", null));
    }

    private static String reason(ShardHealth health) {
        String detail = health.cause().fields().detail();
        return detail == null ? health.cause().message() : health.cause().message() + ": " + detail;
    }

    boolean isUp() {
        return state.equals(UP);
    }

    boolean isDown() {
        return state.equals(DOWN);
    }
}
