package io.pgring.proxy.exchange;

import io.pgring.pgsql.analysis.ColumnType;
import io.pgring.pgsql.spread.Combination;
import io.pgring.pgsql.spread.Scatter;
import io.pgring.pgsql.spread.SortKey;
import io.pgring.pgsql.spread.Spread;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.routing.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a merge from comparing floating-point numbers that the shards send with fewer digits than tell them apart (manual,
 * "extra_float_digits"): what is alike in text would be taken for one group, or for equal in an order.
 */
final class RoundedFloats {
    private RoundedFloats() {}

    /** The route of a statement of a client that asked for so few digits: to the home shard, which compares the numbers themselves. */
    static Route avoid(Route route) {
        if (!(route instanceof Route.Several several)
                || !comparesFloats(several.spread().scatter())) {
            return route;
        }
        return several.spread().gather() == null
                ? new Route.Refuse(ErrorResponse.error(
                                "0A000", "cannot merge floating-point numbers with extra_float_digits below 1")
                        .hint("Set extra_float_digits to 1 or more."))
                : new Route.Several(
                        several.shards(), new Spread(null, several.spread().gather()));
    }

    private static boolean comparesFloats(@Nullable Scatter scatter) {
        List<SortKey> keys = List.of();
        if (scatter != null && scatter.combination() instanceof Combination.Ordered ordered) {
            keys = ordered.keys();
        } else if (scatter != null && scatter.combination() instanceof Combination.Grouped grouped) {
            keys = grouped.groupOrder();
        }
        return keys.stream()
                .anyMatch(key -> key.type() == ColumnType.REAL || key.type() == ColumnType.DOUBLE_PRECISION);
    }
}
