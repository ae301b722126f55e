package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ParameterStatus;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.config.PoolMode;
import io.pgring.proxy.exchange.ClientVariables;
import io.pgring.proxy.exchange.Exchange;
import io.pgring.proxy.exchange.SessionOpening;
import io.pgring.proxy.exchange.SettingsCheck;
import java.util.Map;
import java.util.TreeMap;

/** The settings of the StartupMessage are tried on a server; then the client is told all that a login tells, and may begin. */
final class SettingsPhase implements Phase, SettingsCheck.Outcome {
    private final ClientConnection client;
    private final FrontendLoop loop;
    private final StartupPhase startupPhase;
    private final StartupMessage startup;
    private final SessionVariables settings;
    private boolean closed;

    private SettingsPhase(
            ClientConnection client,
            FrontendLoop loop,
            StartupPhase startupPhase,
            StartupMessage startup,
            SessionVariables settings) {
        this.client = client;
        this.loop = loop;
        this.startupPhase = startupPhase;
        this.startup = startup;
        this.settings = settings;
    }

    static void begin(ClientConnection client, FrontendLoop loop, StartupPhase startupPhase, StartupMessage startup) {
        StartupSettings read = StartupSettings.read(startup);
        ErrorResponse error = read.error();
        if (error == null) {
            error = startupPhase.admit(String.valueOf(startup.user()));
        }
        if (error != null) {
            client.toPhase(new ClosingPhase(startupPhase));
            client.onFatal(error);
            return;
        }
        SettingsPhase phase = new SettingsPhase(client, loop, startupPhase, startup, read.settings());
        client.toPhase(phase);
        SettingsCheck.start(loop.pools(), read.settings(), phase);
    }

    @Override
    public void read(ByteBuf in) {}

    @Override
    public boolean isPaused() {
        return true;
    }

    @Override
    public void onAccepted(Map<String, String> reported) {
        if (closed) {
            return;
        }
        PoolMode mode = loop.services().modes().of(String.valueOf(startup.user()));
        Exchange exchange =
                new Exchange(client, new ClientVariables(settings), loop.exchangeServices(), reported, mode);
        if (mode == PoolMode.TRANSACTION) {
            welcome(exchange, reported, loop.services().clients().register(client, startup.minorSpoken()));
        } else {
            SessionOpening opening = new SessionOpening(exchange, loop.planner().homeShard());
            client.toPhase(new SessionPhase(client, opening, exchange, startupPhase, processId -> {
                ClientRegistry clients = loop.services().clients();
                welcome(exchange, reported, clients.register(client, startup.minorSpoken(), processId));
            }));
        }
    }

    private void welcome(Exchange exchange, Map<String, String> reported, BackendKeyData key) {
        startupPhase.onLoggedIn();
        new TreeMap<>(reported).forEach((name, value) -> new ParameterStatus(name, value).encode(client.gather()));
        key.encode(client.gather());
        new ReadyForQuery(TransactionStatus.IDLE).encode(client.gather());
        client.toPhase(new QueryPhase(client, loop, exchange, () -> {
            loop.services().clients().unregister(client, key);
            startupPhase.onClosed();
        }));
    }

    @Override
    public void onRefused(ErrorResponse error) {
        if (!closed) {
            client.onFatal(new ErrorResponse(error.fields().withSeverity("FATAL")));
        }
    }

    @Override
    public void onClosed() {
        closed = true;
        startupPhase.onClosed();
    }
}
