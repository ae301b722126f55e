package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.backend.BindComplete;
import io.pgring.pgwire.backend.CloseComplete;
import io.pgring.pgwire.backend.EmptyQueryResponse;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ParameterDescription;
import io.pgring.pgwire.backend.ParameterStatus;
import io.pgring.pgwire.backend.ParseComplete;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.config.BuildVersion;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An administrator's session in the console: both protocols, without a server behind them. One command at a time. */
final class ConsolePhase implements Phase {
    private static final Logger LOG = LoggerFactory.getLogger(ConsolePhase.class);
    private static final int MESSAGE_BYTES_MAX = 1 << 20;
    private static final int NAMES_MAX = 1_000;
    private static final int[] NO_OIDS = {};

    private final ClientConnection client;
    private final Console console;
    private final Runnable onClosed;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.FRONTEND);
    private final Map<String, List<ConsoleCommand>> statements = new HashMap<>();
    private final Map<String, ConsolePortal> portals = new HashMap<>();
    /** Of a simple query, those that are still to be carried out. */
    private final ArrayDeque<ConsoleCommand> queue = new ArrayDeque<>();

    private boolean inQuery;
    private boolean busy;
    private boolean skipping;
    private boolean closed;
    private boolean draining;
    private TransactionStatus status = TransactionStatus.IDLE;

    private ConsolePhase(ClientConnection client, Console console, Runnable onClosed) {
        this.client = client;
        this.console = console;
        this.onClosed = onClosed;
    }

    /** Begins a session of a user who has proved who he is. */
    static void begin(ClientConnection client, FrontendLoop loop, StartupPhase startupPhase, StartupMessage startup) {
        String user = String.valueOf(startup.user());
        ErrorResponse refusal =
                loop.services().configuration().get().clients().admins().contains(user)
                        ? startupPhase.admit(user)
                        : ErrorResponse.fatal("42501", "user \"" + user + "\" must not use the console")
                                .hint("Name the user in clients.admins of the proxy's configuration.");
        if (refusal != null) {
            client.toPhase(new ClosingPhase(startupPhase));
            client.onFatal(refusal);
            return;
        }
        startupPhase.onLoggedIn();
        BackendKeyData key = loop.services().clients().register(client, startup.minorSpoken());
        ConsolePhase phase = new ConsolePhase(client, loop.services().console(), () -> {
            loop.services().clients().unregister(client, key);
            startupPhase.onClosed();
        });
        phase.welcome(key);
        client.toPhase(phase);
    }

    private void welcome(BackendKeyData key) {
        ByteBuf out = client.gather();
        Map.of(
                        "client_encoding", "UTF8",
                        "server_encoding", "UTF8",
                        "DateStyle", "ISO, MDY",
                        "integer_datetimes", "on",
                        "standard_conforming_strings", "on",
                        "server_version", "14.0 (PgRing " + BuildVersion.text() + ")")
                .forEach((name, value) -> new ParameterStatus(name, value).encode(out));
        key.encode(out);
        new ReadyForQuery(status).encode(out);
    }

    @Override
    public boolean isPaused() {
        return busy || inQuery || !client.isWritable();
    }

    @Override
    public void read(ByteBuf in) {
        while (!isPaused() && !closed && cursor.next(in)) {
            if (cursor.length() > MESSAGE_BYTES_MAX) {
                throw new ProtocolViolation("message is too large for the console");
            }
            if (!cursor.isWhole(in)) {
                break;
            }
            ByteBuf body = in.slice(in.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
            cursor.advance(in);
            onMessage(cursor.type(), body);
        }
        if (draining && !busy && !inQuery && !in.isReadable()) {
            client.onFatal(ClientConnection.GOING_DOWN);
        }
    }

    @Override
    public void onWritability() {
        if (client.isWritable()) {
            runQueue();
            client.onResume();
        }
    }

    private void onMessage(byte type, ByteBuf body) {
        if (type == FrontendType.TERMINATE) {
            client.onFatal(null);
        } else if (type == FrontendType.SYNC) {
            skipping = false;
            endPortals();
            new ReadyForQuery(status).encode(client.gather());
        } else if (!skipping) {
            switch (type) {
                case FrontendType.QUERY -> onQuery(Query.decode(body));
                case FrontendType.PARSE -> onParse(Parse.decode(body));
                case FrontendType.BIND -> onBind(Bind.decode(body));
                case FrontendType.DESCRIBE -> onDescribe(Describe.decode(body));
                case FrontendType.EXECUTE -> onExecute(Execute.decode(body));
                case FrontendType.CLOSE -> onClose(Close.decode(body));
                case FrontendType.FLUSH, FrontendType.COPY_DATA, FrontendType.COPY_DONE, FrontendType.COPY_FAIL -> {}
                default -> throw new ProtocolViolation("invalid frontend message type " + type);
            }
        }
    }

    private void onQuery(Query query) {
        portals.remove("");
        statements.remove("");
        inQuery = true;
        try {
            queue.addAll(console.read(query.text()));
        } catch (Console.Refusal refusal) {
            refuse(refusal.error());
            return;
        }
        if (queue.isEmpty()) {
            new EmptyQueryResponse().encode(client.gather());
        }
        runQueue();
    }

    /** Carries out what is left of a simple query, as fast as the client takes the answers. */
    private void runQueue() {
        while (inQuery && !busy && client.isWritable()) {
            ConsoleCommand next = queue.poll();
            if (next == null) {
                endQuery();
                return;
            }
            ConsolePortal portal = new ConsolePortal(next);
            run(next, answer -> {
                portal.describeColumns(client.gather());
                portal.send(answer, 0, client.gather());
            });
        }
    }

    /** On the event loop, now or later. */
    private void run(ConsoleCommand command, Consumer<ConsoleCommand.Answer> then) {
        CompletableFuture<ConsoleCommand.Answer> running = command.run();
        if (running.isDone()) {
            onEnd(running, then);
            return;
        }
        busy = true;
        running.whenComplete((answer, failure) -> client.channel().eventLoop().execute(() -> {
            busy = false;
            if (!closed) {
                onEnd(running, then);
                runQueue();
                client.onResume();
            }
        }));
    }

    private void onEnd(CompletableFuture<ConsoleCommand.Answer> ended, Consumer<ConsoleCommand.Answer> then) {
        ConsoleCommand.Answer answer;
        try {
            answer = ended.join();
        } catch (CompletionException e) {
            refuse(e.getCause() instanceof Console.Refusal refusal ? refusal.error() : internal(e));
            return;
        }
        onTag(answer.tag());
        then.accept(answer);
        // What has been written counts for isWritable.
        client.flushNow();
    }

    private static ErrorResponse internal(CompletionException failure) {
        LOG.error("a command of the console has failed", failure);
        return ErrorResponse.error("XX000", "internal error of the proxy").detail("The proxy's log has more.");
    }

    /** Drivers begin transactions unasked; nothing of the console is in any. */
    private void onTag(String tag) {
        switch (tag) {
            case "BEGIN" -> status = TransactionStatus.IN_TRANSACTION;
            case "COMMIT", "ROLLBACK" -> status = TransactionStatus.IDLE;
            default -> {}
        }
    }

    /** An error ends the simple query, or what is before the next Sync. */
    private void refuse(ErrorResponse error) {
        error.encode(client.gather());
        if (inQuery) {
            queue.clear();
            endQuery();
        } else {
            skipping = true;
        }
    }

    /** As at the end of a transaction. */
    private void endPortals() {
        if (status == TransactionStatus.IDLE) {
            portals.clear();
        }
    }

    private void endQuery() {
        inQuery = false;
        endPortals();
        new ReadyForQuery(status).encode(client.gather());
    }

    private void onParse(Parse parse) {
        if (!parse.statement().isEmpty() && statements.containsKey(parse.statement())) {
            refuse(ErrorResponse.error("42P05", "prepared statement \"" + parse.statement() + "\" already exists"));
            return;
        }
        try {
            List<ConsoleCommand> commands = console.read(parse.query());
            if (commands.size() > 1) {
                refuse(ErrorResponse.error("42601", "cannot insert multiple commands into a prepared statement"));
            } else if (statements.size() >= NAMES_MAX) {
                refuse(ErrorResponse.error("53400", "too many prepared statements"));
            } else {
                statements.put(parse.statement(), commands);
                new ParseComplete().encode(client.gather());
            }
        } catch (Console.Refusal refusal) {
            refuse(refusal.error());
        }
    }

    private void onBind(Bind bind) {
        List<ConsoleCommand> commands = statements.get(bind.statement());
        if (commands == null) {
            refuse(noStatement(bind.statement()));
            return;
        }
        ConsolePortal portal = new ConsolePortal(commands.isEmpty() ? null : commands.get(0), bind.resultFormats());
        if (bind.parameters().length > 0 || !portal.fits()) {
            refuse(ErrorResponse.error(
                    ProtocolViolation.PROTOCOL_VIOLATION,
                    "bind message supplies parameters or formats that the command does not have"));
        } else if (!bind.portal().isEmpty() && portals.containsKey(bind.portal())) {
            refuse(ErrorResponse.error("42P03", "cursor \"" + bind.portal() + "\" already exists"));
        } else {
            portals.put(bind.portal(), portal);
            new BindComplete().encode(client.gather());
        }
    }

    private void onDescribe(Describe describe) {
        ConsolePortal portal;
        if (describe.target() == Target.PORTAL) {
            portal = portals.get(describe.name());
            if (portal == null) {
                refuse(noPortal(describe.name()));
                return;
            }
        } else {
            List<ConsoleCommand> commands = statements.get(describe.name());
            if (commands == null) {
                refuse(noStatement(describe.name()));
                return;
            }
            new ParameterDescription(NO_OIDS).encode(client.gather());
            portal = new ConsolePortal(commands.isEmpty() ? null : commands.get(0));
        }
        portal.describe(client.gather());
    }

    private void onExecute(Execute execute) {
        ConsolePortal portal = portals.get(execute.portal());
        if (portal == null) {
            refuse(noPortal(execute.portal()));
            return;
        }
        ConsoleCommand command = portal.command();
        if (command == null) {
            new EmptyQueryResponse().encode(client.gather());
        } else if (portal.isAnswered()) {
            portal.send(execute.maxRows(), client.gather());
        } else {
            run(command, answer -> {
                portal.onAnswer(answer);
                portal.send(execute.maxRows(), client.gather());
            });
        }
    }

    private void onClose(Close close) {
        if (close.target() == Target.PORTAL) {
            portals.remove(close.name());
        } else {
            statements.remove(close.name());
        }
        new CloseComplete().encode(client.gather());
    }

    private static ErrorResponse noStatement(String name) {
        return ErrorResponse.error(
                "26000",
                name.isEmpty()
                        ? "unnamed prepared statement does not exist"
                        : "prepared statement \"" + name + "\" does not exist");
    }

    private static ErrorResponse noPortal(String name) {
        return ErrorResponse.error("34000", "portal \"" + name + "\" does not exist");
    }

    @Override
    public @Nullable ErrorResponse onDrain(ErrorResponse refusal) {
        draining = true;
        return busy || inQuery ? null : ClientConnection.GOING_DOWN;
    }

    @Override
    public void onClosed() {
        closed = true;
        onClosed.run();
    }
}
