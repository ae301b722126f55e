package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.EmptyQueryResponse;
import io.pgring.proxy.routing.Plan;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.routing.SearchPath;
import io.pgring.proxy.routing.SessionEffect;
import org.jspecify.annotations.Nullable;

/**
 * The simple query protocol (manual, "Simple Query"): a string of statements, answered as one unit with one ReadyForQuery. The
 * string is sent as it is, whole, to one shard, so that its implicit transaction is PostgreSQL's own.
 */
public final class SimpleQuery {
    private static final int HEADER_BYTES = 5;

    private final Exchange exchange;
    private final Planner planner;
    private final TextBuffer text;

    /**
     * @param exchange the client's
     * @param planner the event loop's
     * @param text the event loop's scratch for texts
     */
    public SimpleQuery(Exchange exchange, Planner planner, TextBuffer text) {
        this.exchange = exchange;
        this.planner = planner;
        this.text = text;
    }

    /**
     * Query.
     *
     * @param in borrowed; the whole message is at {@code [index, index + length)}
     * @return whether it was consumed; if not, it is to come again
     */
    public boolean onQuery(ByteBuf in, int index, int length) {
        if (exchange.input() == Exchange.Input.SKIPPING) {
            return true;
        }
        exchange.statements().remove("");
        int textLength = length - HEADER_BYTES - 1;
        byte[] bytes = text.read(in, index + HEADER_BYTES, textLength);
        Plan plan = planner.plan(bytes, 0, textLength);
        PlannedStatement single = plan.single();
        if (plan.isEmpty() && !exchange.segment().isOpen()) {
            exchange.say(new EmptyQueryResponse());
            exchange.ready();
            return true;
        }
        if (single != null && plan.refusal() == null) {
            if (!exchange.isSettled()) {
                return false;
            }
            if (answerLocally(single)) {
                exchange.ready();
                return true;
            }
        }
        Route route = plan.isKeyed() && exchange.variables().leavesPublic()
                ? new Route.Refuse(SearchPath.refusal())
                : planner.route(plan);
        return switch (exchange.reach(route, true)) {
            case LATER -> false;
            case REFUSED -> {
                exchange.ready();
                yield true;
            }
            case READY -> {
                if (single instanceof PlannedStatement.Setting setting && resets(setting.effect())) {
                    SessionStatements.run(exchange, setting.text(), setting.effect());
                    exchange.ready();
                } else {
                    send(plan, in, index, length);
                }
                yield true;
            }
        };
    }

    private boolean resets(@Nullable SessionEffect effect) {
        return effect != null && !exchange.variables().defaultsAfter(effect).isEmpty();
    }

    private void send(Plan plan, ByteBuf in, int index, int length) {
        if (plan.effects().stream().anyMatch(this::resets)) {
            // The server has its own defaults now, in the midst of other statements: nobody else is to have it.
            exchange.requireServer().condemn();
        }
        exchange.requireServer().write(in, index, length);
        exchange.requireServer().statements().setUnnamed(null);
        exchange.expect(plan.effects().isEmpty() ? Expected.QueryStep.PLAIN : new Expected.QueryStep(plan.effects()));
        exchange.toInput(Exchange.Input.ANSWERING);
    }

    private boolean answerLocally(PlannedStatement statement) {
        if (statement instanceof PlannedStatement.DiscardAll) {
            SessionStatements.discardAll(exchange);
            return true;
        }
        if (statement instanceof PlannedStatement.Deallocate deallocate) {
            SessionStatements.deallocate(exchange, deallocate);
            return true;
        }
        return LocalAnswers.answer(exchange, statement);
    }

    /**
     * FunctionCall: calls a function by its oid, which only the home server can know.
     *
     * @param home the route to the home shard
     * @return whether it was consumed; if not, it is to come again
     */
    public boolean onFunctionCall(ByteBuf in, int index, int length, Route home) {
        if (exchange.input() == Exchange.Input.SKIPPING) {
            return true;
        }
        return switch (exchange.reach(home, true)) {
            case LATER -> false;
            case REFUSED -> {
                exchange.ready();
                yield true;
            }
            case READY -> {
                exchange.requireServer().write(in, index, length);
                exchange.expect(Expected.QueryStep.PLAIN);
                exchange.toInput(Exchange.Input.ANSWERING);
                yield true;
            }
        };
    }
}
