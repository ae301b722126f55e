package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NegotiateProtocolVersion;
import io.pgring.pgwire.framing.StartupDecoder;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.GSSENCRequest;
import io.pgring.pgwire.frontend.SSLRequest;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.pgwire.frontend.StartupPacket;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.tls.ClientTls;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first packets of a connection (manual, "Start-up"): requests for encryption, which are answered with a single 'S' or 'N', or TLS at
 * once; a CancelRequest, which is never answered; and the StartupMessage. Each kind of encryption can be asked for once, and none
 * below TLS.
 */
final class StartupPhase implements Phase {
    private static final String INVALID_AUTHORIZATION = "28000";

    private final ClientConnection client;
    private final FrontendLoop loop;
    private final StartupDecoder decoder = new StartupDecoder();
    private final Future<?> timeout;
    private final long loginMillisMax;
    private final Set<Class<?>> asked = new HashSet<>();
    private boolean admitted;
    private @Nullable String counted;

    StartupPhase(ClientConnection client, FrontendLoop loop) {
        this.client = client;
        this.loop = loop;
        this.loginMillisMax = loop.services().limits().loginMillisMax();
        this.timeout = client.channel()
                .eventLoop()
                .schedule(() -> client.onFatal(null), loginMillisMax, TimeUnit.MILLISECONDS);
    }

    /** The client is logged in. */
    void onLoggedIn() {
        timeout.cancel(false);
    }

    /** The client, whichever phase it was in, is gone. */
    @Override
    public void onClosed() {
        timeout.cancel(false);
        if (admitted) {
            admitted = false;
            loop.services().metrics().onDisconnected();
        }
        if (counted != null) {
            loop.services().clients().onUserGone(counted);
            counted = null;
        }
    }

    /** Hears out who has not said yet what it wants. */
    @Override
    public @Nullable ErrorResponse onDrain(ErrorResponse refusal) {
        return null;
    }

    /** The client has proved who it is; tells why there is no room for one more of its user, or null. */
    @Nullable
    ErrorResponse admit(String user) {
        int most = loop.services().limits().clientsPerUserMax();
        if (!loop.services().clients().onUser(user, most)) {
            return ErrorResponse.fatal("53300", "too many connections for role \"" + user + "\"")
                    .detail("The proxy's limits.clientsPerUserMax is " + most + ".");
        }
        counted = user;
        return null;
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public void read(ByteBuf in) {
        ClientTls tls = loop.services().tls().clients();
        if (tls != null && asked.isEmpty() && StartupDecoder.isTlsHandshake(in)) {
            onDirectTls(tls, in);
            return;
        }
        StartupPacket packet;
        while (in.isReadable() && (packet = decoder.decode(in)) != null) {
            if (packet instanceof SSLRequest) {
                refuseSecond(packet, SSLRequest.CODE);
                if (tls != null) {
                    onSslRequest(tls, in);
                    return;
                }
                client.gather().writeByte('N');
            } else if (packet instanceof GSSENCRequest) {
                refuseSecond(packet, GSSENCRequest.CODE);
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

    /** PostgreSQL then takes the request for a version of the protocol. */
    private void refuseSecond(StartupPacket request, int code) {
        if (!asked.add(request.getClass())) {
            throw new ProtocolViolation(
                    ProtocolViolation.FEATURE_NOT_SUPPORTED,
                    "unsupported frontend protocol " + (code >>> 16) + "." + (code & 0xFFFF)
                            + ": server supports 3.0 to 3." + StartupMessage.NEWEST_MINOR);
        }
    }

    private void onSslRequest(ClientTls tls, ByteBuf in) {
        if (in.isReadable()) {
            client.onFatal(ErrorResponse.fatal(
                            ProtocolViolation.PROTOCOL_VIOLATION, "received unencrypted data after SSL request")
                    .detail("This could be either a client-software bug or evidence of an attempted"
                            + " man-in-the-middle attack."));
            return;
        }
        asked.add(GSSENCRequest.class);
        client.gather().writeByte('S');
        client.flushNow();
        TlsHandshake.begin(client, tls, loginMillisMax, false);
    }

    private void onDirectTls(ClientTls tls, ByteBuf in) {
        asked.add(GSSENCRequest.class);
        asked.add(SSLRequest.class);
        ByteBuf hello = in.readRetainedSlice(in.readableBytes());
        TlsHandshake.begin(client, tls, loginMillisMax, true);
        client.channel().pipeline().fireChannelRead(hello).fireChannelReadComplete();
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
        if (refusal == null) {
            refusal = loop.services().clients().refusal();
        }
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

    private @Nullable ErrorResponse refuse(StartupMessage startup) {
        String user = startup.user();
        if (user == null) {
            return ErrorResponse.fatal(INVALID_AUTHORIZATION, "no PostgreSQL user name specified in startup packet");
        }
        ClientTls tls = loop.services().tls().clients();
        ErrorResponse unfit = tls == null ? null : refuseEncryption(tls.mode(), user, startup.database());
        if (unfit != null) {
            return unfit;
        }
        String replication = startup.parameters().getOrDefault("replication", "off");
        if (!Set.of("off", "false", "no", "0").contains(replication)) {
            return ErrorResponse.fatal("0A000", "replication connections are not supported")
                    .hint("Connect to the shard's server directly.");
        }
        return null;
    }

    /** In the words of PostgreSQL, whose clients decide by the SQLSTATE whether to try again with TLS. */
    private @Nullable ErrorResponse refuseEncryption(TlsMode mode, String user, @Nullable String database) {
        Encryption encryption = client.encryption();
        if (mode.isRequired() && encryption == null) {
            return ErrorResponse.fatal(
                            INVALID_AUTHORIZATION,
                            "no pg_hba.conf entry for host \"" + client.host() + "\", user \"" + user
                                    + "\", database \"" + database + "\", no encryption")
                    .detail("The proxy is configured with listen.tls.mode: " + mode.word() + ".")
                    .hint("Connect with TLS, as with sslmode=require.");
        }
        if (encryption == null || !mode.verifies()) {
            return null;
        }
        if (encryption.clientCertificate() == null) {
            return ErrorResponse.fatal(INVALID_AUTHORIZATION, "connection requires a valid client certificate");
        }
        if (mode == TlsMode.VERIFY_FULL && !user.equals(encryption.commonName())) {
            return ErrorResponse.fatal(
                    INVALID_AUTHORIZATION, "certificate authentication failed for user \"" + user + "\"");
        }
        return null;
    }
}
