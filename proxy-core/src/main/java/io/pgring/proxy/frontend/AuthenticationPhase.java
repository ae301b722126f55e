package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.auth.ScramServer;
import io.pgring.pgwire.backend.AuthenticationOk;
import io.pgring.pgwire.backend.AuthenticationSASL;
import io.pgring.pgwire.backend.AuthenticationSASLContinue;
import io.pgring.pgwire.backend.AuthenticationSASLFinal;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.frontend.SASLInitialResponse;
import io.pgring.pgwire.frontend.SASLResponse;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.proxy.config.AuthenticationMethod;
import java.util.Objects;

/**
 * The client proves who it is: by SCRAM-SHA-256 (manual, "SASL Authentication"), or not at all. Nothing of the servers, not even
 * whether the database exists, is told before that.
 */
final class AuthenticationPhase implements Phase {
    private final ClientConnection client;
    private final FrontendLoop loop;
    private final StartupPhase startupPhase;
    private final StartupMessage startup;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.FRONTEND);
    private ScramServer scram;

    private AuthenticationPhase(
            ClientConnection client,
            FrontendLoop loop,
            StartupPhase startupPhase,
            StartupMessage startup,
            ScramServer scram) {
        this.client = client;
        this.loop = loop;
        this.startupPhase = startupPhase;
        this.startup = startup;
        this.scram = scram;
    }

    static void begin(ClientConnection client, FrontendLoop loop, StartupPhase startupPhase, StartupMessage startup) {
        if (loop.services().method() == AuthenticationMethod.TRUST) {
            authenticated(client, loop, startupPhase, startup);
            return;
        }
        String user = Objects.requireNonNull(startup.user());
        Encryption encryption = client.encryption();
        ScramServer.AwaitingClientFirst scram = ScramServer.start(
                loop.services().users().verifier(user), encryption == null ? null : encryption.binding());
        new AuthenticationSASL(scram.mechanisms()).encode(client.gather());
        client.toPhase(new AuthenticationPhase(client, loop, startupPhase, startup, scram));
    }

    private static void authenticated(
            ClientConnection client, FrontendLoop loop, StartupPhase startupPhase, StartupMessage startup) {
        new AuthenticationOk().encode(client.gather());
        String database = startup.database();
        if (!loop.services().database().equals(database)) {
            client.toPhase(new ClosingPhase(startupPhase));
            client.onFatal(ErrorResponse.fatal("3D000", "database \"" + database + "\" does not exist")
                    .hint("The proxy serves database \"" + loop.services().database() + "\"."));
            return;
        }
        SettingsPhase.begin(client, loop, startupPhase, startup);
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public void read(ByteBuf in) {
        while (cursor.next(in)) {
            if (cursor.type() != FrontendType.PASSWORD_MESSAGE) {
                throw new ProtocolViolation("expected SASL response, got message type " + cursor.type());
            }
            if (!cursor.isWhole(in)) {
                return;
            }
            ByteBuf body = in.slice(in.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
            cursor.advance(in);
            if (scram instanceof ScramServer.AwaitingClientFirst first) {
                onInitialResponse(first, SASLInitialResponse.decode(body));
            } else if (scram instanceof ScramServer.AwaitingClientFinal last) {
                onResponse(last, SASLResponse.decode(body));
                return;
            }
        }
    }

    private void onInitialResponse(ScramServer.AwaitingClientFirst first, SASLInitialResponse response) {
        byte[] clientFirst = response.response();
        if (clientFirst == null) {
            throw new ProtocolViolation("client selected an invalid SASL authentication mechanism");
        }
        ScramServer.AwaitingClientFinal next = first.handleClientFirst(response.mechanism(), clientFirst);
        scram = next;
        new AuthenticationSASLContinue(next.serverFirst()).encode(client.gather());
    }

    private void onResponse(ScramServer.AwaitingClientFinal last, SASLResponse response) {
        if (last.handleClientFinal(response.data()) instanceof ScramServer.Authenticated ok) {
            new AuthenticationSASLFinal(ok.serverFinal()).encode(client.gather());
            authenticated(client, loop, startupPhase, startup);
        } else {
            client.onFatal(
                    ErrorResponse.fatal("28P01", "password authentication failed for user \"" + startup.user() + "\""));
        }
    }

    @Override
    public void onClosed() {
        startupPhase.onClosed();
    }
}
