package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgsql.lexer.Lexer;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.fanout.ShardStatement;
import io.pgring.proxy.routing.BoundPlan;
import io.pgring.proxy.routing.ExecuteArgument;
import io.pgring.proxy.routing.ParameterTypes;
import io.pgring.proxy.routing.PlannedStatement;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PREPARE and EXECUTE (manual, "PREPARE"). SQL and protocol share one set of prepared statements, which is the proxy's; so EXECUTE is a
 * Bind of one with its arguments as text, and its Execute.
 */
final class SqlStatements {
    private static final int[] NONE = {};

    private SqlStatements() {}

    // ---- PREPARE ----------------------------------------------------------------------------------------------------

    /** PREPARE: a server is asked whether it is right. Tells whether it was consumed; if not, it is to come again. */
    static boolean prepare(Exchange exchange, Planner planner, PlannedStatement.Prepare prepare) {
        ErrorResponse refusal = null;
        if (exchange.isAborted()) {
            refusal = Transaction.aborted();
        } else if (exchange.statements().find(prepare.name()) != null) {
            refusal = ErrorResponse.error("42P05", "prepared statement \"" + prepare.name() + "\" already exists");
        } else if (exchange.statements().isFull()) {
            refusal = StatementErrors.tooManyStatements();
        }
        BoundPlan bound = planner.bind(planner.plan(prepare.text(), 0, prepare.text().length), prepare.typeOids());
        refusal = refusal == null ? bound.refusal() : refusal;
        if (refusal != null) {
            exchange.refuse(refusal);
            return true;
        }
        PreparedStatement statement =
                new PreparedStatement(prepare.name(), exchange.key(prepare.text(), prepare.typeOids()), bound);
        Route route = statement.needsHome() ? planner.home() : new Route.Any();
        return switch (exchange.reach(route, true)) {
            case LATER -> false;
            case REFUSED -> true;
            case READY -> {
                StatementCarrier.serverName(exchange, statement);
                exchange.statements().add(statement);
                exchange.sayPrepared(statement);
                yield true;
            }
        };
    }

    // ---- EXECUTE ----------------------------------------------------------------------------------------------------

    /**
     * Why a statement can't be executed with these arguments.
     *
     * @return null when it can
     */
    static @Nullable ErrorResponse refuse(Exchange exchange, PlannedStatement.Execute execute) {
        if (exchange.isAborted()) {
            return Transaction.aborted();
        }
        PreparedStatement statement = exchange.statements().find(execute.name());
        if (statement == null) {
            return StatementErrors.noStatement(execute.name());
        }
        if (!isExecutable(statement.plan().statement())) {
            return ErrorResponse.error("0A000", "EXECUTE of such a statement is not supported")
                    .detail("It concerns the session, a cursor or a plan.")
                    .hint("Run it by itself.");
        }
        int[] typeOids = statement.key().parameterTypeOids();
        int expected = parameterCount(statement);
        if (expected == 0) {
            // PostgreSQL doesn't look at what there is then.
            return null;
        }
        if (execute.arguments().size() != expected) {
            return ErrorResponse.error(
                            "42601", "wrong number of parameters for prepared statement \"" + execute.name() + "\"")
                    .detail("Expected " + expected + " parameters but got "
                            + execute.arguments().size() + ".");
        }
        for (int i = 0; i < expected; i++) {
            int declared = i < typeOids.length ? typeOids[i] : ParameterTypes.UNSPECIFIED;
            ErrorResponse error = refuse(execute.arguments().get(i), i + 1, declared);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static boolean isExecutable(@Nullable PlannedStatement statement) {
        return statement instanceof PlannedStatement.Keyed
                || statement instanceof PlannedStatement.Spreads
                || statement instanceof PlannedStatement.Relayed
                || statement instanceof PlannedStatement.Everywhere
                || statement instanceof PlannedStatement.Home
                || statement instanceof PlannedStatement.Notification
                || statement instanceof PlannedStatement.Anywhere;
    }

    /** How many parameters it takes, as PostgreSQL counts them: those that are declared, or the highest number in its text. */
    static int parameterCount(PreparedStatement statement) {
        return Math.max(parameters(statement.key().text()), statement.key().parameterTypeOids().length);
    }

    /** The highest number of a parameter. */
    private static int parameters(byte[] text) {
        int highest = 0;
        Lexer lexer = new Lexer();
        lexer.reset(text, 0, text.length);
        try {
            for (TokenKind kind = lexer.next(); kind != TokenKind.END; kind = lexer.next()) {
                if (kind == TokenKind.PARAMETER) {
                    highest = Math.max(highest, number(text, lexer.start() + 1, lexer.end()));
                }
            }
        } catch (SqlSyntaxException e) {
            return highest;
        }
        return highest;
    }

    private static int number(byte[] text, int start, int end) {
        try {
            return Integer.parseInt(new String(text, start, end - start, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Why an argument can't be handed over as text for a parameter of a type. */
    private static @Nullable ErrorResponse refuse(ExecuteArgument argument, int number, int declared) {
        ExecuteArgument.Kind kind = argument.kind();
        boolean isNumber = kind == ExecuteArgument.Kind.INTEGER || kind == ExecuteArgument.Kind.NUMERIC;
        int cast = argument.castOid();
        boolean castIsNone = cast == declared
                || (isNumber && ParameterTypes.isInteger(cast) && ParameterTypes.isInteger(declared))
                || (kind == ExecuteArgument.Kind.STRING
                        && ParameterTypes.isText(cast)
                        && (declared == ParameterTypes.UNSPECIFIED || ParameterTypes.isText(declared)));
        if (kind == ExecuteArgument.Kind.NULL) {
            return null;
        }
        if (cast == ParameterTypes.UNSPECIFIED) {
            boolean taken = kind == ExecuteArgument.Kind.STRING
                    || (isNumber && ParameterTypes.takesNumber(declared))
                    || (kind == ExecuteArgument.Kind.BOOLEAN && ParameterTypes.takesBoolean(declared));
            if (!taken) {
                return ErrorResponse.error(
                                "42804",
                                "parameter $" + number + " of type " + argument.typeName()
                                        + " cannot be coerced to the expected type " + ParameterTypes.name(declared))
                        .hint("You will need to rewrite or cast the expression.");
            }
        } else if (!castIsNone) {
            return ErrorResponse.error("0A000", "argument " + number + " of EXECUTE is cast to another type")
                    .detail("The proxy would have to evaluate the cast.")
                    .hint("Declare the parameter with that type in PREPARE, or leave the cast out.");
        }
        boolean rounds = kind == ExecuteArgument.Kind.NUMERIC
                && (ParameterTypes.isInteger(declared) || ParameterTypes.isInteger(cast));
        return rounds
                ? ErrorResponse.error("0A000", "argument " + number + " of EXECUTE would have to be rounded")
                        .hint("Write it as a whole number.")
                : null;
    }

    /** The Bind of a statement that is executed. */
    static Bind bind(
            PlannedStatement.Execute execute, PreparedStatement statement, String portal, int[] resultFormats) {
        List<ExecuteArgument> arguments = parameterCount(statement) == 0 ? List.of() : execute.arguments();
        byte[] @Nullable [] values = new byte[arguments.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).value();
        }
        return new Bind(portal, execute.name(), NONE, values, resultFormats);
    }

    /** The body of a message; on the heap, so that nobody need release it. */
    static ByteBuf body(Bind bind) {
        ByteBuf message = Unpooled.buffer();
        bind.encode(message);
        return message.skipBytes(MessageCursor.HEADER_BYTES).slice();
    }

    /**
     * EXECUTE as a simple Query, answered like the statement itself.
     *
     * @return whether it was consumed; if not, it is to come again
     */
    static boolean query(Exchange exchange, Planner planner, PlannedStatement.Execute execute) {
        PreparedStatement statement = exchange.statements().find(execute.name());
        if (statement != null) {
            statement.toCurrentPlan(planner);
        }
        ErrorResponse refusal = refuse(exchange, execute);
        if (refusal != null || statement == null) {
            exchange.refuse(refusal == null ? StatementErrors.noStatement(execute.name()) : refusal);
            exchange.ready();
            return true;
        }
        Bind bind = bind(execute, statement, "", NONE);
        Route route = exchange.work().moveWait().admit(planner, route(exchange, planner, statement, bind));
        if (route == null) {
            return false;
        }
        if (SpreadPortals.isSpread(route)) {
            byte[] text = statement.key().text();
            int[] typeOids = statement.key().parameterTypeOids();
            ShardStatement.Input input = new ShardStatement.Input(typeOids, NONE, bind.parameters(), NONE);
            boolean writes = statement.plan().plan().writes();
            return SimpleQuery.runSpread(exchange, planner, route, writes, text, input);
        }
        switch (exchange.reach(route, true)) {
            case LATER -> {
                return false;
            }
            case REFUSED -> exchange.ready();
            case READY -> {
                exchange.marks().onSent(statement.plan().plan(), planner.topology());
                LostConnection.onSent(exchange, statement.plan().plan());
                if (statement.plan().plan().writes() && exchange.transaction().isOpen()) {
                    Shard shard = exchange.requireServer().shard();
                    exchange.spread().onWrite(shard, planner.isHome(shard));
                }
                if (statement.plan().plan().notifies()) {
                    exchange.channels().onNotify(exchange.requireServer().shard());
                }
                send(exchange, statement, bind);
            }
        }
        return true;
    }

    private static Route route(Exchange exchange, Planner planner, PreparedStatement statement, Bind bind) {
        ErrorResponse refusal =
                NameCheck.refusal(exchange, planner, statement.plan().plan());
        if (refusal != null) {
            return new Route.Refuse(refusal);
        }
        ByteBuf body = body(bind);
        BindView view = new BindView();
        view.wrap(body);
        Route route = planner.route(statement.plan(), view, body);
        if (route == null) {
            throw new IllegalStateException("all values of EXECUTE are there");
        }
        return ListenStatements.route(exchange, statement.plan().statement(), route);
    }

    private static void send(Exchange exchange, PreparedStatement statement, Bind bind) {
        String name = StatementCarrier.serverName(exchange, statement);
        exchange.send(new Bind("", name, NONE, bind.parameters(), NONE), Expected.BIND_OF_EXECUTE);
        exchange.send(new Describe(Target.PORTAL, ""), Expected.COLUMNS);
        exchange.send(new Execute("", 0), Expected.EXECUTE);
        exchange.segment().onExecute();
        exchange.ready();
    }
}
