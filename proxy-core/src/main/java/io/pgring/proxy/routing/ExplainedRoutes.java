package io.pgring.proxy.routing;

import io.pgring.pgwire.backend.ErrorResponse;

/** Routes of EXPLAIN. */
final class ExplainedRoutes {
    private ExplainedRoutes() {}

    /** The route of EXPLAIN of a statement that would go there. */
    static Route of(PlannedStatement.Explained explained, Route route) {
        if (route instanceof Route.Relayed && explained.analyze()) {
            return new Route.Refuse(Refusals.analyzedRelay());
        }
        boolean severalPlans = route instanceof Route.Split
                || route instanceof Route.Everywhere
                || (route instanceof Route.Several several && several.spread().scatter() != null);
        if (severalPlans && !explained.text()) {
            return new Route.Refuse(Refusals.plansAsText());
        }
        if (route instanceof Route.Any || route instanceof Route.Refuse) {
            return route;
        }
        ErrorResponse reason = explained.statement() instanceof PlannedStatement.Spreads spreads
                ? spreads.reason()
                : Refusals.severalShards();
        String detail = reason.fields().detail();
        return new Route.Explained(route, explained, detail == null ? "" : detail);
    }
}
