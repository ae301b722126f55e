package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NegotiateProtocolVersion;
import io.pgring.pgwire.framing.StartupDecoder;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.GSSENCRequest;
import io.pgring.pgwire.frontend.SSLRequest;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.pgwire.frontend.StartupPacket;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first packets of a connection (manual, "Start-up"): requests for encryption, which are answered with a single 'N'; a
 * CancelRequest, which is never answered; and the StartupMessage.
 */
final class StartupPhase implements Phase {
    private final ClientConnection client;
    private final FrontendLoop loop;
    private final StartupDecoder decoder = new StartupDecoder();
    private final Future<?> timeout;
    private boolean admitted;
    private Runnable whenClosed = () -> {};

    StartupPhase(ClientConnection client, FrontendLoop loop) {
        this.client = client;
        this.loop = loop;
        long loginMillisMax = loop.services().limits().loginMillisMax();
        this.timeout = client.channel()
                .eventLoop()
                .schedule(() -> client.onFatal(null), loginMillisMax, TimeUnit.MILLISECONDS);
    }

    /** The client is logged in. */
    void onLoggedIn() {
        timeout.cancel(false);
    }

    /** What else is to be done when the client, whichever phase it is then in, is gone. */
    void whenClosed(Runnable action) {
        whenClosed = action;
    }

    /** The client, whichever phase it was in, is gone. */
    @Override
    public void onClosed() {
        timeout.cancel(false);
        Runnable last = whenClosed;
        whenClosed = () -> {};
        last.run();
        if (admitted) {
            admitted = false;
            loop.services().metrics().onDisconnected();
        }
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public void read(ByteBuf in) {
        StartupPacket packet;
        while (in.isReadable() && (packet = decoder.decode(in)) != null) {
            if (packet instanceof SSLRequest || packet instanceof GSSENCRequest) {
                client.gather().writeByte('N');
            } else if (packet instanceof CancelRequest cancel) {
                loop.services().clients().cancel(cancel);
                client.onFatal(null);
                return;
            } else if (packet instanceof StartupMessage startup) {
                onStartup(startup);
                return;
            }
        }
    }

    private void onStartup(StartupMessage startup) {
        if (startup.major() != StartupMessage.MAJOR) {
            client.onFatal(ErrorResponse.fatal(
                    "0A000",
                    "unsupported frontend protocol " + startup.major() + "." + startup.minor()
                            + ": server supports 3.0 to 3.2"));
            return;
        }
        NegotiateProtocolVersion negotiation = NegotiateProtocolVersion.answerTo(startup);
        if (negotiation != null) {
            negotiation.encode(client.gather());
        }
        ErrorResponse refusal = refuse(startup);
        if (refusal != null) {
            client.onFatal(refusal);
            return;
        }
        if (!loop.services().metrics().onConnecting(loop.services().limits().clientsMax())) {
            client.onFatal(ErrorResponse.fatal("53300", "sorry, too many clients already")
                    .detail("The proxy serves limits.clientsMax = "
                            + loop.services().limits().clientsMax() + " clients."));
            return;
        }
        admitted = true;
        AuthenticationPhase.begin(client, loop, this, startup);
    }

    private static @Nullable ErrorResponse refuse(StartupMessage startup) {
        if (startup.user() == null) {
            return ErrorResponse.fatal("28000", "no PostgreSQL user name specified in startup packet");
        }
        String replication = startup.parameters().getOrDefault("replication", "off");
        if (!Set.of("off", "false", "no", "0").contains(replication)) {
            return ErrorResponse.fatal("0A000", "replication connections are not supported")
                    .hint("Connect to the shard's server directly.");
        }
        return null;
    }
}
