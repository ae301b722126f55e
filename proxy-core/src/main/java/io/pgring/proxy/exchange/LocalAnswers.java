package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.routing.TransactionVerb;
import org.jspecify.annotations.Nullable;

/** Answers what needs no server: BEGIN before there is one, its COMMIT if there never was, SET in between. */
final class LocalAnswers {
    private LocalAnswers() {}

    /**
     * Answers a statement, or leaves it to a server.
     *
     * @return whether it was answered
     */
    static boolean answer(Exchange exchange, PlannedStatement statement) {
        Transaction transaction = exchange.transaction();
        boolean serverDecides = transaction.isJoined() || (exchange.segment().hasWork() && !transaction.isOpen());
        if (serverDecides) {
            return false;
        }
        if (statement instanceof PlannedStatement.Transaction control) {
            SessionEffect effect = transaction.isOpen() ? control.effect() : null;
            return say(exchange, answer(exchange, control), effect);
        }
        // A pipeline ends without a COMMIT, which would look whether the setting is right.
        return statement instanceof PlannedStatement.Setting setting
                && !transaction.isPipeline()
                && transaction.failure() == null
                && say(exchange, transaction.answer(setting), setting.effect());
    }

    private static TransactionAnswer answer(Exchange exchange, PlannedStatement.Transaction control) {
        Transaction transaction = exchange.transaction();
        ClientVariables variables = exchange.variables();
        boolean settingsToCheck =
                control.verb() == TransactionVerb.COMMIT && variables.hasPending() && transaction.failure() == null;
        if (settingsToCheck) {
            return new TransactionAnswer.Server();
        }
        boolean commits = control.verb() == TransactionVerb.COMMIT && transaction.failure() == null;
        TransactionAnswer answer = transaction.answer(control);
        if (commits && answer instanceof TransactionAnswer.Tag) {
            variables.endChannels(true);
        }
        if (control.verb() == TransactionVerb.COMMIT || control.verb() == TransactionVerb.ROLLBACK) {
            exchange.timedWork().onTransactionEnd();
        }
        if (!transaction.isOpen()) {
            variables.end(false, variables.inForce());
        }
        return answer;
    }

    private static boolean say(Exchange exchange, TransactionAnswer answer, @Nullable SessionEffect effect) {
        if (answer instanceof TransactionAnswer.Refusal refusal) {
            exchange.refuse(refusal.error());
            return true;
        }
        if (answer instanceof TransactionAnswer.Tag tag) {
            if (tag.notice() != null) {
                exchange.say(tag.notice());
            }
            if (effect != null && exchange.transaction().isOpen()) {
                exchange.transaction().replayAlso(exchange.variables().defaultsAfter(effect));
                exchange.variables().add(effect);
                exchange.transaction().cursors().onEffect(effect);
            }
            exchange.say(new CommandComplete(tag.tag()));
            return true;
        }
        return false;
    }
}
