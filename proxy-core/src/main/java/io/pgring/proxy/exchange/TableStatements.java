package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.exchange.Exchange.Input;
import io.pgring.proxy.routing.PlannedStatement.Administer;
import io.pgring.proxy.topology.GatherNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SELECT of {@code create_distributed_table} and its relatives. The client waits while a control thread does it. A CancelRequest stops the
 * wait for the statements of others and the copy of rows; it comes too late when the home shard has decided, and a lock that is waited for
 * on a server is waited for until that gives up, within seconds.
 */
final class TableStatements {
    /** Of type void. */
    private static final int VOID = 2278;

    private static final int VOID_BYTES = 4;

    private final Exchange exchange;
    private @Nullable Run running;
    private boolean gone;

    TableStatements(Exchange exchange) {
        this.exchange = exchange;
    }

    /** The column of the result: PostgreSQL shows a void as an empty string. */
    static BackendMessage columns(Administer administer) {
        return new RowDescription(
                List.of(new RowDescription.Field(administer.column(), 0, 0, VOID, VOID_BYTES, -1, 0)));
    }

    /**
     * Runs one.
     *
     * @param values of its parameters
     * @return whether it was consumed; if not, it is to come again
     */
    boolean run(Administer administer, List<@Nullable String> values, boolean simple) {
        ErrorResponse refusal = refusal(administer, values);
        if (refusal == null && !exchange.spread().settle()) {
            return false;
        }
        if (refusal != null) {
            exchange.refuse(refusal);
            if (simple) {
                exchange.ready();
            }
            return true;
        }
        String key = administer.keyColumn() == null ? null : value(administer.keyColumn(), values);
        String settings = authorization() + SessionVariables.NONE.differenceTo(exchange.settings());
        TableOrder order =
                new TableOrder(administer.verb(), String.valueOf(value(administer.table(), values)), key, settings);
        exchange.toInput(simple ? Input.ANSWERING : Input.WAITING);
        Run run = new Run(administer, simple);
        running = run;
        exchange.tableControl().run(order, run);
        return true;
    }

    /** The proxy does the work as its own user, but the rights are those of the client's. */
    private String authorization() {
        String user = exchange.connections().user();
        return user == null ? "" : "SET SESSION AUTHORIZATION " + GatherNames.quote(user) + "; ";
    }

    private @Nullable ErrorResponse refusal(Administer administer, List<@Nullable String> values) {
        String function = administer.verb().function();
        if (exchange.isAborted()) {
            return Transaction.aborted();
        }
        boolean pipeline = exchange.transaction().isPipeline()
                || exchange.segment().hasExecuted()
                || exchange.spread().end().isUncommitted();
        if (exchange.transaction().isOpen() || pipeline) {
            return ErrorResponse.error(
                            "25001",
                            function
                                    + (pipeline
                                            ? " cannot be executed within a pipeline"
                                            : " cannot run inside a transaction block"))
                    .detail("Its decision is a commit of its own.");
        }
        if (!exchange.work().exchanges().topology().placement().moves().isEmpty()) {
            return StatementErrors.tableInUse(function);
        }
        if (values.size() < administer.parameterCount()) {
            return ErrorResponse.error("42P02", "there is no parameter $" + administer.parameterCount());
        }
        if (value(administer.table(), values) == null) {
            return ErrorResponse.error("22004", "table_name cannot be NULL");
        }
        return administer.keyColumn() != null && value(administer.keyColumn(), values) == null
                ? ErrorResponse.error("22004", "distribution_column cannot be NULL")
                : null;
    }

    private static @Nullable String value(Administer.Argument argument, List<@Nullable String> values) {
        return argument instanceof Administer.Argument.Constant constant
                ? constant.value()
                : values.get(((Administer.Argument.Parameter) argument).index());
    }

    /** The client may have changed tables: it is told that it is done when the proxy knows them. */
    void refresh(Runnable then) {
        exchange.toInput(Input.ANSWERING);
        exchange.tableControl().refresh(() -> {
            if (!gone) {
                then.run();
                exchange.sink().onResume();
            }
        });
    }

    /** Whether the control side does something for the client. */
    boolean isRunning() {
        return running != null;
    }

    /** A CancelRequest has come; tells whether it was for one of these. */
    boolean cancel() {
        Run run = running;
        if (run != null) {
            run.cancelled = true;
        }
        return run != null;
    }

    /** The client is gone. What was begun goes on. */
    void abandon() {
        gone = true;
        running = null;
    }

    private final class Run implements TableControl.Client {
        private final Administer administer;
        private final boolean simple;
        private volatile boolean cancelled;

        Run(Administer administer, boolean simple) {
            this.administer = administer;
            this.simple = simple;
        }

        @Override
        public void onProgress(NoticeResponse notice) {
            if (running == this) {
                exchange.say(notice);
            }
        }

        @Override
        public void onDone(@Nullable ErrorResponse error) {
            if (running != this) {
                return;
            }
            running = null;
            if (error != null) {
                exchange.refuse(error);
            } else {
                if (simple) {
                    exchange.say(columns(administer));
                }
                exchange.say(DataRow.ofText(""));
                exchange.say(new CommandComplete("SELECT 1"));
            }
            exchange.spread().answered(simple, error != null);
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
