package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.PlannedStatement.Listening;
import io.pgring.proxy.routing.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LISTEN and UNLISTEN, which the proxy answers: they take effect when the client's transaction commits. */
final class ListenStatements {
    private ListenStatements() {}

    /**
     * The route of a statement that notifies: in a transaction that has begun on a server, to that one, so that it is heard when what the
     * transaction has written can be seen; else to the home shard, so that all are heard in the order in which they are sent.
     */
    static Route route(Exchange exchange, @Nullable PlannedStatement statement, Route route) {
        boolean joins = statement instanceof PlannedStatement.Notification
                && exchange.transaction().isJoined();
        return joins && !(route instanceof Route.Refuse) ? new Route.Any() : route;
    }

    /** Whether a text is nothing but such statements. */
    static boolean areAll(List<PlannedStatement> statements) {
        return !statements.isEmpty() && statements.stream().allMatch(Listening.class::isInstance);
    }

    /** Runs them; tells whether they were consumed: if not, they are to come again. */
    static boolean run(Exchange exchange, List<PlannedStatement> statements, boolean simple) {
        if (exchange.isAborted()) {
            exchange.refuse(Transaction.aborted());
            return true;
        }
        boolean known = !exchange.transaction().isJoined() || exchange.isAnswered();
        if (!known) {
            return false;
        }
        List<Listening> all = statements.stream().map(Listening.class::cast).toList();
        Outcome outcome =
                exchange.channels().reach(all.stream().map(Listening::effect).toList());
        if (outcome != Outcome.READY) {
            return outcome == Outcome.REFUSED;
        }
        for (Listening statement : all) {
            if (simple) {
                sayNotice(exchange, statement);
            }
            exchange.variables().add(statement.effect());
            exchange.say(new CommandComplete(statement.tag()));
        }
        return true;
    }

    /** Says what PostgreSQL does when it reads the statement. */
    static void sayNotice(Exchange exchange, @Nullable PlannedStatement statement) {
        if (statement instanceof Listening listening && listening.notice() != null) {
            exchange.say(listening.notice());
        }
    }
}
