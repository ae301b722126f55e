package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.Reply;
import io.pgring.proxy.fanout.ShardStatement;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.routing.TransactionVerb;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Statements about the session or the transaction, when the transaction is on several connections: all of them are told. */
final class SharedStatements {
    private SharedStatements() {}

    static boolean isShared(@Nullable PlannedStatement statement) {
        return statement instanceof PlannedStatement.Transaction
                || statement instanceof PlannedStatement.Setting
                || statement instanceof PlannedStatement.CloseCursors;
    }

    /** Whether a statement concerns a transaction that is on several connections. */
    static boolean isAbout(Exchange exchange, @Nullable PlannedStatement statement) {
        return exchange.spread().isSpread() && isShared(statement);
    }

    static ErrorResponse notAmongOthers() {
        return ErrorResponse.error(
                        "0A000", "statements about a transaction on several shards can't be sent together with others")
                .hint("Send COMMIT, ROLLBACK, SAVEPOINT, SET and CLOSE ALL in messages of their own.");
    }

    /** Runs one; tells whether it was consumed: if not, it is to come again. */
    static boolean run(Exchange exchange, @Nullable PlannedStatement statement, boolean simple) {
        if (statement instanceof PlannedStatement.Transaction control) {
            switch (control.verb()) {
                case COMMIT, ROLLBACK -> {
                    return exchange.spread()
                            .end()
                            .end(control.verb() == TransactionVerb.COMMIT, control.chain(), simple);
                }
                case BEGIN, START_TRANSACTION -> {
                    if (control.modes() == null) {
                        return warn(exchange, control, simple);
                    }
                }
                case ROLLBACK_TO -> {
                    return tellAll(exchange, control.text(), control.effect(), true, simple);
                }
                default -> {}
            }
            return tellAll(exchange, control.text(), control.effect(), false, simple);
        }
        if (statement instanceof PlannedStatement.CloseCursors) {
            if (!exchange.marks().shardsOfHeld().isEmpty()) {
                exchange.refuse(CursorStatements.heldElsewhere());
                return readyIf(exchange, simple);
            }
            exchange.transaction().cursors().removeAll();
            return tellAll(exchange, "CLOSE ALL", null, false, simple);
        }
        PlannedStatement.Setting setting = (PlannedStatement.Setting) Objects.requireNonNull(statement);
        return tellAll(exchange, setting.text(), setting.effect(), false, simple);
    }

    private static boolean warn(Exchange exchange, PlannedStatement.Transaction control, boolean simple) {
        if (exchange.transaction().isFailed()) {
            exchange.refuse(Transaction.aborted());
        } else {
            exchange.say(NoticeResponse.warning("25001", "there is already a transaction in progress"));
            exchange.say(new CommandComplete(control.verb().tag()));
        }
        return readyIf(exchange, simple);
    }

    private static boolean readyIf(Exchange exchange, boolean simple) {
        if (simple) {
            exchange.ready();
        }
        return true;
    }

    private static boolean tellAll(
            Exchange exchange, String text, @Nullable SessionEffect effect, boolean heals, boolean simple) {
        return tellAll(exchange, text, effect, heals, simple, new FanOutTask.Description.None());
    }

    /** Runs a query with an effect on all of them; one of them answers. */
    static boolean query(Exchange exchange, String text, SessionEffect effect, boolean simple) {
        return tellAll(
                exchange,
                text,
                effect,
                false,
                simple,
                simple ? new FanOutTask.Description.OfRows(false) : new FanOutTask.Description.None());
    }

    private static boolean tellAll(
            Exchange exchange,
            String text,
            @Nullable SessionEffect effect,
            boolean heals,
            boolean simple,
            FanOutTask.Description description) {
        if (exchange.transaction().isFailed() && !heals) {
            exchange.refuse(Transaction.aborted());
            return readyIf(exchange, simple);
        }
        SpreadStatements spread = exchange.spread();
        if (!spread.settle()) {
            return false;
        }
        ErrorResponse lost = spread.participants().lostPart();
        if (lost != null) {
            exchange.refuse(lost);
            return readyIf(exchange, simple);
        }
        StringBuilder all = new StringBuilder(text);
        List<String> after = effect == null ? List.of() : exchange.variables().defaultsAfter(effect);
        after.forEach(statement -> all.append(';').append(statement));
        byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
        List<ShardStatement> statements = new ArrayList<>();
        for (ServerConnection server : spread.participants().connections()) {
            statements.add(new ShardStatement(server.shard(), bytes, null));
        }
        FanOutTask task =
                new FanOutTask(statements, new Reply.Same(), description, FanOutTask.Positions.SAME, List.of());
        spread.share(task, simple, () -> {
            if (effect != null) {
                exchange.variables().add(effect);
                exchange.transaction().cursors().onEffect(effect);
                exchange.transaction().onShared(effect.statement());
                after.forEach(exchange.transaction()::onShared);
            }
            if (heals) {
                exchange.transaction().onServerStatus(TransactionStatus.IN_TRANSACTION);
            }
        });
        return true;
    }
}
