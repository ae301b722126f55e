package io.pgring.proxy.routing;

import io.pgring.pgsql.spread.Relay;
import io.pgring.pgsql.spread.Splice;
import io.pgring.pgsql.spread.SplitRows;
import io.pgring.pgsql.spread.Spread;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.proxy.metrics.PinReason;
import io.pgring.proxy.topology.ShardedTable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the proxy has understood of one statement: enough to route any execution of it. Immutable. */
public sealed interface PlannedStatement {

    /** What it does to the session beyond its own rows; null when nothing. */
    default @Nullable SessionEffect effect() {
        return null;
    }

    /**
     * All rows that it sees or makes have one of the keys.
     *
     * @param insert the keys are stored, not compared
     * @param writes whether it changes rows
     * @param spread how it runs when its keys lie on several shards; null when it can't
     * @param rows the rows of an INSERT that can be split, each with the key of the same index; null when there are none
     * @param move what an UPDATE of the key is when its keys, of which one is stored, don't lie on one shard; null for anything else
     */
    record Keyed(
            ShardedTable table,
            List<KeySource> keys,
            boolean insert,
            boolean writes,
            @Nullable Spread spread,
            @Nullable SplitRows rows,
            @Nullable PlannedStatement move)
            implements PlannedStatement {
        /** The same with these keys. */
        Keyed with(List<KeySource> sources) {
            return new Keyed(table, sources, insert, writes, spread, rows, move);
        }
    }

    /**
     * Touches rows of all shards.
     *
     * @param reason why it is not bound to one shard, for the client that can't have it otherwise
     * @param copies whether its rows come as copy data, which only the home shard can send
     * @param inserts whether it makes rows of a sharded table
     */
    record Spreads(Spread spread, ErrorResponse reason, boolean copies, boolean inserts) implements PlannedStatement {
        /** One that makes no rows of a sharded table. */
        Spreads(Spread spread, ErrorResponse reason, boolean copies) {
            this(spread, reason, copies, false);
        }
    }

    /**
     * A statement whose rows are read first, and then written, each to the shard of its key.
     *
     * @param table into which it writes
     * @param reason why it is not run by one shard
     */
    record Relayed(ShardedTable table, Relay relay, ErrorResponse reason) implements PlannedStatement {}

    /**
     * Is run by every shard, with one reply.
     *
     * @param transactional whether it may run in a transaction block
     * @param defines whether it may change the definition of tables, views or functions
     * @param command the command, if it makes sense in a transaction block alone; else null
     */
    record Everywhere(
            boolean transactional,
            boolean defines,
            @Nullable String command) implements PlannedStatement {}

    /**
     * COPY of a table from the client, which every shard runs: each row goes to the shard of its key.
     *
     * @param table null for a reference table, whose rows go to every shard
     */
    record CopyIn(@Nullable ShardedTable table) implements PlannedStatement {}

    /**
     * COPY of a sharded table to the client: every shard sends its rows.
     *
     * @param visible make the text for shards that may have rows which count on another one
     * @param namesTypes whether values may name types in binary format, which are others on each shard
     */
    record CopyOut(List<Splice> visible, boolean namesTypes) implements PlannedStatement {}

    /**
     * Touches no sharded table: unsharded tables and system catalogs live on the home shard.
     *
     * @param writes whether it may change rows
     * @param defines whether it may change the definition of tables, views or functions
     * @param leaves what it may leave in the session, or take away from it
     * @param asksSequences whether it asks what the session has last got from a sequence
     */
    record Home(boolean writes, boolean defines, Set<PinReason> leaves, boolean asksSequences)
            implements PlannedStatement {
        /** One that leaves the session as it is. */
        Home(boolean writes, boolean defines) {
            this(writes, defines, Set.of(), false);
        }
    }

    /** The same on every shard: touches no table, and calls nothing that depends on the server. */
    record Anywhere() implements PlannedStatement {}

    /**
     * Controls the transaction.
     *
     * @param savepoint the savepoint's name, for the verbs that have one
     * @param chain AND CHAIN
     * @param modes the statement that sets the modes that are given with BEGIN, or by the statement itself; null without any
     * @param text the statement
     */
    record Transaction(
            TransactionVerb verb,
            @Nullable String savepoint,
            boolean chain,
            @Nullable String modes,
            String text) implements PlannedStatement {
        /** Whether it is one of the few that are run in a transaction that has failed. */
        public boolean mayFollowFailure() {
            return verb == TransactionVerb.COMMIT
                    || verb == TransactionVerb.ROLLBACK
                    || verb == TransactionVerb.ROLLBACK_TO;
        }

        /** In a transaction: there BEGIN sets its modes, too. */
        @Override
        public @Nullable SessionEffect effect() {
            if (modes != null) {
                return new SessionEffect.Local(modes);
            }
            if (verb == TransactionVerb.COMMIT || verb == TransactionVerb.ROLLBACK) {
                return new SessionEffect.End(verb == TransactionVerb.COMMIT, chain);
            }
            if (savepoint == null) {
                return null;
            }
            return switch (verb) {
                case SAVEPOINT -> new SessionEffect.Savepoint(savepoint);
                case RELEASE -> new SessionEffect.Release(savepoint);
                case ROLLBACK_TO -> new SessionEffect.RollbackTo(savepoint);
                default -> null;
            };
        }
    }

    /**
     * SET or RESET.
     *
     * @param effect what it does to the session
     * @param tag the command tag
     * @param text the statement
     */
    record Setting(SessionEffect effect, String tag, String text) implements PlannedStatement {}

    /**
     * LISTEN or UNLISTEN.
     *
     * @param tag the command tag
     * @param notice that the name of the channel is cut; null when it is not
     */
    record Listening(
            SessionEffect.OfChannels effect,
            String tag,
            @Nullable NoticeResponse notice) implements PlannedStatement {}

    /** NOTIFY, or a query that calls pg_notify() and touches no table. */
    record Notification() implements PlannedStatement {}

    /** DISCARD ALL. */
    record DiscardAll() implements PlannedStatement {}

    /** SHOW or SELECT of something that the proxy knows. */
    record Report(Subject subject) implements PlannedStatement {
        /** What is shown. */
        public enum Subject {
            /** Of pg_listening_channels(). */
            LISTENING_CHANNELS,
            PLANS,
            SHARDS,
            VERSION;

            /** The name behind {@code pgring.} by which SHOW knows it; null when it does not. */
            @Nullable
            String shown() {
                return this == LISTENING_CHANNELS ? null : name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /** DISCARD PLANS. */
    record DiscardPlans() implements PlannedStatement {}

    /**
     * PREPARE.
     *
     * @param name of the statement
     * @param text of the statement, in its place
     * @param typeOids declared types of the first parameters, as in Parse
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Prepare(String name, byte[] text, int[] typeOids) implements PlannedStatement {}

    /**
     * EXECUTE.
     *
     * @param name of the statement
     */
    record Execute(String name, List<ExecuteArgument> arguments) implements PlannedStatement {
        public Execute {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * DEALLOCATE.
     *
     * @param name the statement; null for ALL
     */
    record Deallocate(@Nullable String name) implements PlannedStatement {}

    /**
     * DECLARE of a cursor.
     *
     * @param cursor its name
     * @param query what it is for
     * @param hold whether it outlives its transaction
     */
    record Declare(String cursor, PlannedStatement query, boolean hold) implements PlannedStatement {}

    /** Uses a cursor, on the shard where that is. */
    record OnCursor(String cursor, Use use) implements PlannedStatement {
        /** What is done with the cursor. */
        public enum Use {
            /** FETCH or MOVE. */
            FETCH,
            /** CLOSE. */
            CLOSE,
            /** UPDATE or DELETE of its current row, WHERE CURRENT OF. */
            CHANGE
        }
    }

    /** CLOSE ALL. */
    record CloseCursors() implements PlannedStatement {}

    /**
     * EXPLAIN of a statement on sharded or reference tables.
     *
     * @param statement what is explained
     * @param analyze whether it is also run
     * @param text whether the plan is text, to which the proxy adds lines
     * @param token the first token of the explained statement
     */
    record Explained(PlannedStatement statement, boolean analyze, boolean text, int token) implements PlannedStatement {
        /** The same with another statement. */
        Explained with(PlannedStatement other) {
            return new Explained(other, analyze, text, token);
        }
    }

    /**
     * SELECT of a function that makes a table sharded, a reference table, or neither.
     *
     * @param table the table, as regclass reads it
     * @param keyColumn its key column, for {@link TableVerb#DISTRIBUTE} alone
     * @param column the name of the result's column
     */
    record Administer(
            TableVerb verb, Argument table, @Nullable Argument keyColumn, String column) implements PlannedStatement {
        /** A value that is written, or comes with the Bind. */
        public sealed interface Argument {
            /** A string. */
            record Constant(String value) implements Argument {}

            /**
             * {@code $n}.
             *
             * @param index from 0
             */
            record Parameter(int index) implements Argument {}
        }

        /** How many parameters there are. */
        public int parameterCount() {
            return Math.max(count(table), count(keyColumn));
        }

        private static int count(@Nullable Argument argument) {
            return argument instanceof Argument.Parameter parameter ? parameter.index() + 1 : 0;
        }
    }

    /**
     * SELECT of nothing but {@code set_config(name, value, is_local)}, perhaps several, and {@code current_setting(name)} among them.
     *
     * @param calls in order
     */
    record Configure(List<Call> calls) implements PlannedStatement {
        public Configure {
            calls = List.copyOf(calls);
        }

        /** One call. */
        public sealed interface Call {
            /** The name of the result's column. */
            String column();

            /** Its arguments, in order. */
            List<Administer.Argument> arguments();
        }

        /**
         * Of {@code set_config}.
         *
         * @param local a string that PostgreSQL reads as a boolean
         */
        public record Assignment(
                Administer.Argument name, Administer.Argument value, Administer.Argument local, String column)
                implements Call {
            @Override
            public List<Administer.Argument> arguments() {
                return List.of(name, value, local);
            }
        }

        /** Of {@code current_setting}. */
        public record Reading(Administer.Argument name, String column) implements Call {
            @Override
            public List<Administer.Argument> arguments() {
                return List.of(name);
            }
        }

        /** What is set, in order. */
        public List<Assignment> assignments() {
            return calls.stream()
                    .filter(Assignment.class::isInstance)
                    .map(Assignment.class::cast)
                    .toList();
        }

        /** How many parameters there are. */
        public int parameterCount() {
            return calls.stream()
                    .flatMap(call -> call.arguments().stream())
                    .mapToInt(Administer::count)
                    .max()
                    .orElse(0);
        }

        /** The argument that a parameter is: 0 for a name, 1 for a value, 2 for a boolean; -1 for none. */
        public int place(int parameter) {
            Administer.Argument sought = new Administer.Argument.Parameter(parameter);
            return calls.stream()
                    .mapToInt(call -> call.arguments().indexOf(sought))
                    .max()
                    .orElse(-1);
        }
    }

    /**
     * Not to be run, whatever the values are.
     *
     * @param unread the proxy has not understood it, perhaps because it is wrong: a server can tell
     */
    record Refused(ErrorResponse error, boolean unread) implements PlannedStatement {
        /** Of something that was understood. */
        Refused(ErrorResponse error) {
            this(error, false);
        }
    }
}
