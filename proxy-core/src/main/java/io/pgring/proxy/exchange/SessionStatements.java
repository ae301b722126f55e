package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.routing.SessionEffect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements about the session itself, which for a client of the proxy is the proxy's. */
final class SessionStatements {
    private static final List<SessionEffect> DISCARDS = List.of(
            new SessionEffect.Reset("session_authorization"),
            new SessionEffect.Reset("role"),
            new SessionEffect.ResetAll());

    private SessionStatements() {}

    /**
     * Runs a statement about the session or the transaction on a server. RESET there means the default of the server, so the
     * client's own defaults are made behind it.
     */
    static void run(Exchange exchange, String text, @Nullable SessionEffect effect) {
        Cursors cursors = exchange.transaction().cursors();
        Runnable undo = effect == null || effect instanceof SessionEffect.End ? null : cursors.onEffect(effect);
        StatementCarrier.run(exchange, text, new Expected.Execute(effect, true, undo));
        if (effect != null) {
            for (String statement : exchange.variables().defaultsAfter(effect)) {
                StatementCarrier.run(exchange, statement, Expected.EXECUTE_OF_OURS);
            }
        }
    }

    /**
     * DISCARD ALL. Settings that the client has made are undone by a server, which reports how they are then.
     *
     * @return whether it was consumed; if not, it is to come again
     */
    static boolean discardAll(Exchange exchange) {
        if (exchange.isAborted()) {
            exchange.refuse(Transaction.aborted());
            return true;
        }
        if (exchange.transaction().isOpen() || exchange.spread().end().isUncommitted()) {
            exchange.refuse(ErrorResponse.error("25001", "DISCARD ALL cannot run inside a transaction block"));
            return true;
        }
        if (!exchange.marks().discardAll()) {
            return false;
        }
        if (!exchange.variables().areDefaults()) {
            Outcome outcome = exchange.reach(new Route.Any(), true);
            if (outcome == Outcome.LATER) {
                return false;
            }
            if (outcome == Outcome.REFUSED) {
                exchange.marks().onDiscarded();
                return true;
            }
            for (SessionEffect effect : DISCARDS) {
                StatementCarrier.run(exchange, effect.statement(), new Expected.Execute(effect, false, null));
                for (String statement : exchange.variables().defaultsAfter(effect)) {
                    StatementCarrier.run(exchange, statement, Expected.EXECUTE_OF_OURS);
                }
            }
        }
        exchange.marks().onDiscarded();
        exchange.statements().removeAll();
        exchange.variables().add(new SessionEffect.OfChannels.UnlistenAll());
        exchange.say(new CommandComplete("DISCARD ALL"));
        return true;
    }

    /** DISCARD PLANS: how servers run statements is no matter of one client, and nobody can tell. */
    static void discardPlans(Exchange exchange) {
        if (exchange.isAborted()) {
            exchange.refuse(Transaction.aborted());
        } else {
            exchange.say(new CommandComplete("DISCARD PLANS"));
        }
    }

    /** DEALLOCATE, of the statements that the client has prepared through the protocol or by PREPARE. */
    static void deallocate(Exchange exchange, PlannedStatement.Deallocate deallocate) {
        String name = deallocate.name();
        if (exchange.isAborted()) {
            exchange.refuse(Transaction.aborted());
        } else if (name == null) {
            exchange.statements().removeAll();
            exchange.say(new CommandComplete("DEALLOCATE ALL"));
        } else if (exchange.statements().find(name) == null) {
            exchange.refuse(ErrorResponse.error("26000", "prepared statement \"" + name + "\" does not exist"));
        } else {
            exchange.statements().remove(name);
            exchange.say(new CommandComplete("DEALLOCATE"));
        }
    }
}
