package io.pgring.proxy.routing;

import io.pgring.pgsql.lexer.Identifiers;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Listen;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Notify;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Unlisten;
import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plans of LISTEN, UNLISTEN, NOTIFY and their functions. */
final class NotificationPlans {
    private static final String NAME_TOO_LONG = "42622";
    private static final Pattern LISTENING_CHANNELS = Pattern.compile(
            "select\\s+(\\*\\s*from\\s+)?(pg_catalog\\s*\\.\\s*)?pg_listening_channels\\s*\\(\\s*\\)",
            Pattern.CASE_INSENSITIVE);

    private NotificationPlans() {}

    /** The plan of a statement that is about notifications and nothing else; null for any other. */
    static @Nullable PlannedStatement plan(Statement statement, byte[] text) {
        if (statement instanceof Listen listen) {
            Name channel = listen.channel();
            return new PlannedStatement.Listening(
                    new SessionEffect.OfChannels.Listen(channel.value()), "LISTEN", notice(channel, text));
        }
        if (statement instanceof Unlisten unlisten) {
            Name channel = unlisten.channel();
            return channel == null
                    ? new PlannedStatement.Listening(new SessionEffect.OfChannels.UnlistenAll(), "UNLISTEN", null)
                    : new PlannedStatement.Listening(
                            new SessionEffect.OfChannels.Unlisten(channel.value()), "UNLISTEN", notice(channel, text));
        }
        if (statement instanceof Select select
                && LISTENING_CHANNELS.matcher(source(select, text)).matches()) {
            return new PlannedStatement.Report(PlannedStatement.Report.Subject.LISTENING_CHANNELS);
        }
        return statement instanceof Notify ? new PlannedStatement.Notification() : null;
    }

    private static String source(Select select, byte[] text) {
        return new String(text, select.start(), select.end() - select.start(), StandardCharsets.UTF_8);
    }

    /** What PostgreSQL says of a name that is too long. */
    private static @Nullable NoticeResponse notice(Name name, byte[] text) {
        String whole = Identifiers.decodeWhole(text, name.start(), name.end());
        return whole.equals(name.value())
                ? null
                : new NoticeResponse(ErrorFields.of(
                        "NOTICE",
                        NAME_TOO_LONG,
                        "identifier \"" + whole + "\" will be truncated to \"" + name.value() + "\""));
    }

    /**
     * The plan of a statement that may call pg_notify(). What it notifies is committed with what it writes, so it must be known to write; and
     * a shard that has notified can't prepare its part of a transaction.
     */
    static PlannedStatement checked(PlannedStatement planned, Statement statement) {
        if (!notifies(statement)) {
            return planned;
        }
        if (planned instanceof PlannedStatement.Keyed keyed) {
            return new PlannedStatement.Keyed(keyed.table(), keyed.keys(), keyed.insert(), true, null, null, null);
        }
        if (planned instanceof PlannedStatement.Home home) {
            return isBareNotify(statement)
                    ? new PlannedStatement.Notification()
                    : new PlannedStatement.Home(true, home.defines(), home.leaves(), home.asksSequences());
        }
        return planned instanceof PlannedStatement.Refused
                ? planned
                : new PlannedStatement.Refused(ErrorResponse.error(
                                "0A000", "pg_notify() in a statement that concerns several shards is not supported")
                        .hint("Call it in a statement of its own."));
    }

    /** Whether it does nothing else, so that any server can run it. */
    private static boolean isBareNotify(Statement statement) {
        List<BareCall> calls = statement instanceof Select select ? BareCall.allOf(select) : List.of();
        return !calls.isEmpty()
                && calls.stream()
                        .allMatch(bare -> callsNotify(bare.call())
                                && bare.mayBeBuiltIn()
                                && bare.call().arguments().values().stream().allMatch(NotificationPlans::isKnown));
    }

    private static boolean isKnown(Expression expression) {
        return expression instanceof Expression.Literal
                || expression instanceof Expression.Parameter
                || expression instanceof Expression.Constant
                || (expression instanceof Expression.Cast cast && isKnown(cast.operand()));
    }

    /** Whether it is NOTIFY, or calls pg_notify(). */
    static boolean notifies(Statement statement) {
        return contains(statement, NotificationPlans::callsNotify);
    }

    private static boolean callsNotify(Node node) {
        return node instanceof Notify
                || (node instanceof Expression.FunctionCall call
                        && call.name().name().equals("pg_notify"));
    }

    private static boolean contains(Node root, Predicate<Node> wanted) {
        ArrayDeque<Node> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            Node node = open.remove();
            if (wanted.test(node)) {
                return true;
            }
            open.addAll(node.children());
        }
        return false;
    }

    /** Why LISTEN can't stand in one text with the others; null when it can, or there is none. */
    static @Nullable ErrorResponse refuseTogether(List<PlannedStatement> planned) {
        if (planned.stream().noneMatch(PlannedStatement.Listening.class::isInstance)) {
            return null;
        }
        for (int i = 0; i < planned.size(); i++) {
            boolean fits = !(planned.get(i) instanceof PlannedStatement.Transaction control)
                    || switch (control.verb()) {
                        case BEGIN, START_TRANSACTION -> i == 0;
                        case COMMIT -> i == planned.size() - 1 && !control.chain();
                        default -> false;
                    };
            if (!fits) {
                return ErrorResponse.error(
                                "0A000",
                                "LISTEN and UNLISTEN can't be sent together with statements that control the transaction")
                        .detail("Only a BEGIN in front of all and a COMMIT behind all are possible.")
                        .hint("Send them in messages of their own.");
            }
        }
        return null;
    }
}
