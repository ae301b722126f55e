package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ServerErrors;
import io.pgring.proxy.backend.ServerStatements;
import io.pgring.proxy.backend.StatementKey;
import io.pgring.proxy.routing.SessionEffect;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Carries prepared statements to whichever server connection an exchange has: a client's names are its own, a server's names
 * belong to the connection, and a statement that the server doesn't have yet is parsed there just before its use.
 */
final class StatementCarrier {
    private static final int[] NO_OIDS = new int[0];
    private static final String PORTAL = "pgring: session";

    private StatementCarrier() {}

    /** The client's Parse. One that the server has already is answered without asking. */
    static void parse(Exchange exchange, PreparedStatement statement) {
        ServerStatements known = exchange.requireServer().statements();
        boolean failed = exchange.isAborted();
        if (!statement.isTransient() && !failed && known.nameOf(statement.key()) != null) {
            exchange.sayParsed(statement);
        } else {
            sendParse(exchange, statement.key(), statement.isTransient(), statement);
        }
    }

    /** The server's name for a statement, which it is given now if it doesn't have it. */
    static String serverName(Exchange exchange, PreparedStatement statement) {
        ServerStatements known = exchange.requireServer().statements();
        if (statement.isTransient()) {
            if (!statement.key().equals(known.unnamed())) {
                sendParse(exchange, statement.key(), true, null);
            }
            return "";
        }
        String name = known.nameOf(statement.key());
        return name == null ? sendParse(exchange, statement.key(), false, null) : name;
    }

    private static String sendParse(
            Exchange exchange, StatementKey key, boolean unnamed, @Nullable PreparedStatement asked) {
        ServerStatements known = exchange.requireServer().statements();
        String name = "";
        if (unnamed) {
            known.setUnnamed(key);
        } else {
            String evicted = known.evict();
            if (evicted != null) {
                exchange.send(new Close(Target.STATEMENT, evicted), Expected.CLOSE_OF_OURS);
            }
            name = known.add(key);
        }
        ServerConnection server = exchange.requireServer();
        int[] types = server.typesToShard(key.parameterTypeOids());
        Parse parse = types == null
                ? new Parse(name, ServerErrors.refusedText(), NO_OIDS)
                : new Parse(name, key.text(), types);
        ErrorResponse refusal = types == null ? ServerErrors.noSuchType(server.shard()) : null;
        exchange.send(parse, new Expected.ParseStep(key, asked, refusal));
        return name;
    }

    /**
     * Sends a Bind with the server's name of the statement in place of the client's.
     *
     * @param message borrowed: the whole message, or its front
     * @param bodyLength of the whole message
     * @param expected what is to come for it
     */
    static void bind(
            Exchange exchange,
            PreparedStatement statement,
            BindView bind,
            ByteBuf message,
            int bodyLength,
            Expected expected) {
        String name = serverName(exchange, statement);
        ServerConnection server = exchange.requireServer();
        ByteBuf out = server.gather();
        out.writeByte(FrontendType.BIND);
        out.writeInt(bodyLength + Integer.BYTES - bind.statementLength() + name.length());
        out.writeBytes(message, bind.portalStart(), bind.portalLength() + 1);
        out.writeCharSequence(name, StandardCharsets.US_ASCII);
        int rest = bind.statementStart() + bind.statementLength();
        server.write(message, rest, message.writerIndex() - rest);
        exchange.expect(expected);
    }

    /**
     * Runs a statement without parameters by way of the extended protocol, which stops at an error until the next Sync. The unnamed portal
     * is left alone: it may be the client's, which goes on with it later.
     */
    static void run(Exchange exchange, String sql, Expected execute) {
        closePortal(exchange);
        run(exchange, sql, execute, PORTAL);
    }

    private static void closePortal(Exchange exchange) {
        exchange.send(new Close(Target.PORTAL, PORTAL), Expected.CLOSE_OF_OURS);
    }

    /** Runs a statement as the first of a transaction on its server, where the client has no portal yet. */
    static void begin(Exchange exchange, String sql, Expected execute) {
        run(exchange, sql, execute, "");
    }

    private static void run(Exchange exchange, String sql, Expected execute, String portal) {
        StatementKey key = exchange.key(sql.getBytes(StandardCharsets.UTF_8), NO_OIDS);
        String known = exchange.requireServer().statements().nameOf(key);
        String name = known == null ? sendParse(exchange, key, false, null) : known;
        exchange.send(new Bind(portal, name, NO_OIDS, new byte[0][], NO_OIDS), Expected.BIND_OF_OURS);
        exchange.send(new Execute(portal, 0), execute);
        exchange.segment().onControl(ends(execute));
    }

    private static boolean ends(Expected execute) {
        return execute instanceof Expected.Execute run && run.effect() instanceof SessionEffect.End;
    }

    /**
     * As {@link #run}, of a text that hardly ever comes again.
     *
     * @param rowsMax most rows that are wanted, 0 for all; negative when the client is told the columns as well
     */
    static void runOnce(Exchange exchange, String sql, long rowsMax, Expected execute) {
        closePortal(exchange);
        sendParse(exchange, exchange.key(sql.getBytes(StandardCharsets.UTF_8), NO_OIDS), true, null);
        exchange.send(new Bind(PORTAL, "", NO_OIDS, new byte[0][], NO_OIDS), Expected.BIND_OF_OURS);
        if (rowsMax < 0) {
            exchange.send(new Describe(Target.PORTAL, PORTAL), Expected.COLUMNS);
        }
        exchange.send(new Execute(PORTAL, (int) Math.max(0, rowsMax)), execute);
        exchange.segment().onControl(ends(execute));
    }

    /**
     * A prepared statement that no longer fits its table, or that the server no longer has, makes new connections necessary. That one is
     * missing is believed of a Bind or Describe alone, and in the server's own words: a function may raise any SQLSTATE.
     *
     * @param refused the question that the server has refused
     */
    static void onError(ServerConnection server, ErrorResponse error, @Nullable Expected refused) {
        String sqlState = error.fields().sqlState();
        String routine = String.valueOf(error.fields().get(ErrorFields.ROUTINE));
        boolean stale = routine.equals("RevalidateCachedQuery") && "0A000".equals(sqlState);
        boolean names = refused != null
                && (refused.kind() == Expected.Kind.BIND || refused.kind() == Expected.Kind.DESCRIBE_STATEMENT);
        if (stale || (names && routine.equals("FetchPreparedStatement") && "26000".equals(sqlState))) {
            server.renewPool();
        }
    }
}
