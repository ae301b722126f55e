package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.StatementKey;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.routing.SessionEffect;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One answer that is still to come, in the order of the questions.
 *
 * <p>{@code forwarded} tells whether the client asked, or the proxy on its behalf.
 */
sealed interface Expected {
    Expected BIND = new Step(Kind.BIND, true);
    Expected BIND_OF_OURS = new Step(Kind.BIND, false);
    /** Of a simple EXECUTE, whose answer is held. */
    Expected BIND_OF_EXECUTE = new Step(Kind.BIND, false);

    Expected CLOSE_OF_OURS = new Step(Kind.CLOSE, false);
    Expected DESCRIBE_STATEMENT = new Step(Kind.DESCRIBE_STATEMENT, true);
    Expected DESCRIBE_PORTAL = new Step(Kind.DESCRIBE_PORTAL, true);
    /** Columns for a statement that the client has not described itself: it is told of those that there are. */
    Expected COLUMNS = new Filtered(Kind.DESCRIBE_PORTAL, BackendType.NO_DATA);
    /** Of a statement whose parameters the client doesn't know of. */
    Expected DESCRIBE_EXECUTED = new Filtered(Kind.DESCRIBE_STATEMENT, BackendType.PARAMETER_DESCRIPTION);

    Expected EXECUTE_OF_OURS = new Execute(null, false, null);
    /** The BEGIN by which the client's transaction comes to a server. */
    Expected BEGIN_OF_OURS = new Execute(null, false, null);

    Expected EXECUTE = new Execute(null, true, null);
    Expected ABORT = new Step(Kind.ABORT, false);
    Expected SYNC = new Step(Kind.SYNC, true);
    Expected SYNC_OF_OURS = new Step(Kind.SYNC, false);

    /** What was asked. */
    enum Kind {
        /** Ends with ParseComplete. */
        PARSE,
        /** Ends with BindComplete. */
        BIND,
        /** Ends with CloseComplete. */
        CLOSE,
        /** Ends with RowDescription or NoData, after ParameterDescription. */
        DESCRIBE_STATEMENT,
        /** Ends with RowDescription or NoData. */
        DESCRIBE_PORTAL,
        /** Ends with CommandComplete, EmptyQueryResponse or PortalSuspended. */
        EXECUTE,
        /** A question that the server is meant to refuse, so that its transaction fails; ends with ErrorResponse. */
        ABORT,
        /** Ends with ReadyForQuery; anything may come before. */
        QUERY,
        /** Ends with ReadyForQuery. */
        SYNC,
        /** The proxy's own words, due when all before them has been answered. */
        OWN
    }

    /** What was asked. */
    Kind kind();

    /** Whether the answer goes to the client. */
    boolean forwarded();

    /** A question of whose answer the messages of one type don't go to the client. */
    record Filtered(Kind kind, byte withheld) implements Expected {
        @Override
        public boolean forwarded() {
            return true;
        }
    }

    /** A question without anything to remember. */
    record Step(Kind kind, boolean forwarded) implements Expected {}

    /**
     * A Bind or a Close of a portal with a name.
     *
     * @param undo takes back what was noted in advance if the server does not do it
     */
    record PortalStep(Kind kind, Runnable undo) implements Expected {
        @Override
        public boolean forwarded() {
            return true;
        }
    }

    /**
     * A Parse.
     *
     * @param statement the client's, if the client asked
     * @param refusal what the client is told in place of the server's error; null when it is told that
     */
    record ParseStep(
            StatementKey key,
            @Nullable PreparedStatement statement,
            @Nullable ErrorResponse refusal) implements Expected {
        @Override
        public Kind kind() {
            return Kind.PARSE;
        }

        @Override
        public boolean forwarded() {
            return statement != null;
        }
    }

    /**
     * A Parse of a text that the proxy has not understood.
     *
     * @param otherwise what the client is told if the server finds nothing wrong with how it is written
     */
    record Shown(ErrorResponse otherwise) implements Expected {
        /** What is wrong with the writing, by the SQLSTATEs of PostgreSQL's scan.l, gram.y and its check of the encoding. */
        private static final Set<String> WRITING = Set.of("42601", "22025", "22P06", "22021", "22P05", "54001");

        @Override
        public Kind kind() {
            return Kind.PARSE;
        }

        @Override
        public boolean forwarded() {
            return false;
        }

        /** What the client is told in place of the server's error; null when it is told that. */
        @Nullable
        ErrorResponse instead(ErrorResponse error) {
            boolean several = "exec_parse_message".equals(error.fields().get(ErrorFields.ROUTINE));
            boolean answers = error.fields().isFatal() || (WRITING.contains(error.sqlState()) && !several);
            return answers ? null : otherwise;
        }
    }

    /**
     * Columns that only the proxy wants to know.
     *
     * @param key of the statement that has them, if any is to be remembered
     */
    record Columns(@Nullable StatementKey key) implements Expected {
        @Override
        public Kind kind() {
            return Kind.DESCRIBE_PORTAL;
        }

        @Override
        public boolean forwarded() {
            return false;
        }
    }

    /**
     * An Execute.
     *
     * @param effect of the statement on the session, if any
     * @param undo takes back what was noted in advance if the server does not do it
     */
    record Execute(
            @Nullable SessionEffect effect,
            boolean forwarded,
            @Nullable Runnable undo) implements Expected {
        @Override
        public Kind kind() {
            return Kind.EXECUTE;
        }
    }

    /**
     * A simple Query.
     *
     * @param effects what its statements do to the session, in order
     * @param positions of the client's text in the server's
     */
    record QueryStep(List<SessionEffect> effects, FanOutTask.Positions positions) implements Expected {
        static final QueryStep PLAIN = new QueryStep(List.of(), FanOutTask.Positions.SAME);

        @Override
        public Kind kind() {
            return Kind.QUERY;
        }

        @Override
        public boolean forwarded() {
            return true;
        }
    }

    /**
     * Encoded messages of the proxy's own; owned by the queue until they are written.
     *
     * @param parsed the statement that exists from then on
     * @param undo takes back what was noted in advance if they are never said
     */
    record Own(
            ByteBuf messages,
            @Nullable PreparedStatement parsed,
            @Nullable Runnable undo) implements Expected {
        @Override
        public Kind kind() {
            return Kind.OWN;
        }

        @Override
        public boolean forwarded() {
            return true;
        }
    }
}
