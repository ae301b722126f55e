package io.pgring.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.auth.ChannelBinding;
import io.pgring.pgwire.auth.Md5Password;
import io.pgring.pgwire.auth.ScramChallenge;
import io.pgring.pgwire.auth.ScramClient;
import io.pgring.pgwire.auth.ScramKeys;
import io.pgring.pgwire.backend.Authentication;
import io.pgring.pgwire.backend.AuthenticationCleartextPassword;
import io.pgring.pgwire.backend.AuthenticationMD5Password;
import io.pgring.pgwire.backend.AuthenticationOk;
import io.pgring.pgwire.backend.AuthenticationSASL;
import io.pgring.pgwire.backend.AuthenticationSASLContinue;
import io.pgring.pgwire.backend.AuthenticationSASLFinal;
import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ParameterStatus;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.frontend.PasswordMessage;
import io.pgring.pgwire.frontend.SASLInitialResponse;
import io.pgring.pgwire.frontend.SASLResponse;
import io.pgring.pgwire.frontend.SSLRequest;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.proxy.config.ChannelBindingMode;
import io.pgring.proxy.tls.TlsContexts;
import io.pgring.proxy.tls.TlsFailure;
import io.pgring.proxy.topology.Shard;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in to a shard (manual, "Start-up"): begins TLS if wanted, sends the StartupMessage, proves the password, collects what
 * the server reports, and ends with its first ReadyForQuery.
 *
 * <pre>
 *   connected ──► ([SSLRequest ──►] 'S' TLS | 'N') ──► StartupMessage ──► authentication ──► AuthenticationOk ──► ReadyForQuery
 * </pre>
 */
final class ServerLogin extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLogin.class);
    private static final String INVALID_AUTHORIZATION = "28000";

    private final Shard shard;
    private final ServerCredentials credentials;
    private final ServerTls encryption;
    private final ServerConnector.Outcome outcome;
    private final Executor blocking;
    private final long loginMillisMax;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
    private final Map<String, String> parameters = new HashMap<>();

    private ByteBuf unread = Unpooled.EMPTY_BUFFER;
    private boolean awaitsTlsAnswer;
    private boolean tls;
    private boolean authenticated;
    private boolean bound;
    private boolean worthAnotherWay;
    private boolean done;
    private @Nullable ChannelBinding binding;
    private @Nullable ScramClient scram;
    private @Nullable BackendKeyData key;
    private @Nullable Future<?> timeout;

    ServerLogin(
            Shard shard,
            ServerCredentials credentials,
            ServerTls encryption,
            ServerConnector.Outcome outcome,
            Executor blocking,
            long loginMillisMax) {
        this.shard = shard;
        this.credentials = credentials;
        this.encryption = encryption;
        this.outcome = outcome;
        this.blocking = blocking;
        this.loginMillisMax = loginMillisMax;
    }

    /**
     * Whether it failed in a way that may be different without TLS, or with it: the handshake failed, or the server refused the
     * connection as such (28000: in its pg_hba.conf).
     */
    boolean isWorthAnotherWay() {
        return worthAnotherWay;
    }

    /** The socket could not be opened. */
    void onUnreachable(Throwable cause) {
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        fail(ServerErrors.unreachable(shard, "Opening the connection failed: " + reason + "."));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timeout = ctx.executor()
                .schedule(
                        () -> fail(ctx, "The server did not let the proxy in within " + loginMillisMax + " ms."),
                        loginMillisMax,
                        TimeUnit.MILLISECONDS);
        if (encryption.need() == ServerTls.Need.NONE) {
            sendStartup(ctx);
        } else if (encryption.isDirect()) {
            encryption.begin(ctx.pipeline(), ctx.alloc(), loginMillisMax);
        } else {
            awaitsTlsAnswer = true;
            send(ctx, new SSLRequest()::encode);
        }
    }

    private interface Encoder {
        void encode(ByteBuf out);
    }

    private static void send(ChannelHandlerContext ctx, Encoder message) {
        ByteBuf out = ctx.alloc().buffer();
        message.encode(out);
        ctx.writeAndFlush(out, ctx.voidPromise());
    }

    private void sendStartup(ChannelHandlerContext ctx) {
        Map<String, String> startup = new LinkedHashMap<>();
        startup.put("user", credentials.user());
        startup.put("database", shard.configuration().database());
        startup.put("client_encoding", "UTF8");
        startup.put("application_name", "pgring");
        startup.put("standard_conforming_strings", "on");
        send(ctx, new StartupMessage(StartupMessage.MAJOR, 0, startup)::encode);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (done) {
            in.release();
            return;
        }
        if (awaitsTlsAnswer) {
            onTlsAnswer(ctx, in);
            return;
        }
        unread = io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, in);
        try {
            while (!done && cursor.next(unread) && cursor.isWhole(unread)) {
                int body = unread.readerIndex() + MessageCursor.HEADER_BYTES;
                byte type = cursor.type();
                ByteBuf slice = unread.slice(body, cursor.bodyLength());
                cursor.advance(unread);
                onMessage(ctx, type, slice);
            }
        } catch (ProtocolViolation | IllegalArgumentException e) {
            fail(ctx, "The login failed: " + e.getMessage() + ".");
        }
    }

    /** Exactly one byte may come before TLS: anything behind it could have been put there by a stranger (CVE-2021-23222). */
    private void onTlsAnswer(ChannelHandlerContext ctx, ByteBuf in) {
        byte answer = in.readByte();
        boolean more = in.isReadable();
        in.release();
        awaitsTlsAnswer = false;
        if (answer == 'S' && !more) {
            encryption.begin(ctx.pipeline(), ctx.alloc(), loginMillisMax);
        } else if (answer == 'N' && !more && encryption.need() == ServerTls.Need.IF_OFFERED) {
            sendStartup(ctx);
        } else {
            fail(
                    ctx,
                    answer == 'N'
                            ? "The server has no TLS, which tls: "
                                    + shard.configuration().tls().mode().word() + " asks for."
                            : "The server gave no valid answer to the request for TLS.");
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                onEncrypted(ctx, ctx.pipeline().get(SslHandler.class));
            } else {
                exceptionCaught(ctx, handshake.cause());
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private void onEncrypted(ChannelHandlerContext ctx, SslHandler handler) {
        if (encryption.isDirect() && !TlsContexts.POSTGRESQL.equals(handler.applicationProtocol())) {
            fail(ctx, "The server does not know tlsNegotiation: direct, which came with PostgreSQL 17.");
            return;
        }
        tls = true;
        try {
            if (shard.configuration().tls().channelBinding() != ChannelBindingMode.DISABLE
                    && handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate server) {
                binding = ChannelBinding.of(server);
            }
        } catch (SSLPeerUnverifiedException e) {
            LOG.debug("no certificate shard={}", shard.name(), e);
        }
        sendStartup(ctx);
    }

    private void onMessage(ChannelHandlerContext ctx, byte type, ByteBuf body) {
        switch (type) {
            case BackendType.AUTHENTICATION -> onAuthentication(ctx, Authentication.decode(body));
            case BackendType.PARAMETER_STATUS -> {
                ParameterStatus status = ParameterStatus.decode(body);
                parameters.put(status.name(), status.value());
            }
            case BackendType.BACKEND_KEY_DATA -> key = BackendKeyData.decode(body);
            case BackendType.ERROR_RESPONSE -> {
                ErrorResponse answer = ErrorResponse.decode(body);
                worthAnotherWay = !authenticated
                        && INVALID_AUTHORIZATION.equals(answer.sqlState())
                        && (tls || encryption.need() == ServerTls.Need.NONE);
                fail(ServerErrors.loginRefused(shard, credentials, answer));
                ctx.close();
            }
            case BackendType.NOTICE_RESPONSE, BackendType.NEGOTIATE_PROTOCOL_VERSION -> {}
            case BackendType.READY_FOR_QUERY -> onReady(ctx);
            default -> throw new ProtocolViolation("message of type " + type + " during login");
        }
    }

    private void onAuthentication(ChannelHandlerContext ctx, Authentication authentication) {
        if (authentication instanceof AuthenticationOk) {
            if (scram != null) {
                throw new ProtocolViolation("the server did not prove that it knows the password");
            }
            requireBound(bound);
            authenticated = true;
        } else if (authentication instanceof AuthenticationCleartextPassword) {
            requireBound(false);
            sendPassword(ctx, credentials.secret().password());
        } else if (authentication instanceof AuthenticationMD5Password md5) {
            requireBound(false);
            String stored = credentials.secret().md5(credentials.user());
            sendPassword(ctx, stored == null ? null : Md5Password.hash(credentials.user(), stored, md5.salt()));
        } else if (authentication instanceof AuthenticationSASL sasl) {
            if (!ScramClient.isOffered(sasl.mechanisms())) {
                throw new ProtocolViolation(
                        "the server offers none of the known SASL mechanisms: " + sasl.mechanisms());
            }
            ScramClient client = ScramClient.ofKeys(sasl.mechanisms(), binding);
            requireBound(client.isBound());
            scram = client;
            send(ctx, new SASLInitialResponse(client.mechanism(), client.clientFirst())::encode);
        } else if (authentication instanceof AuthenticationSASLContinue step && scram != null) {
            proveOffLoop(ctx, scram, scram.handleServerFirst(step.data()));
        } else if (authentication instanceof AuthenticationSASLFinal last && scram != null) {
            scram.handleServerFinal(last.data());
            bound = scram.isBound();
            scram = null;
        } else {
            throw new ProtocolViolation("the server asks for a kind of authentication that is not supported");
        }
    }

    private void requireBound(boolean isBound) {
        if (!isBound && shard.configuration().tls().channelBinding() == ChannelBindingMode.REQUIRE) {
            throw new ProtocolViolation(
                    "channelBinding: require is configured, and the server does not offer SCRAM-SHA-256-PLUS on this connection");
        }
    }

    private void sendPassword(ChannelHandlerContext ctx, @Nullable String password) {
        if (password == null) {
            failProof(ctx);
        } else {
            send(ctx, PasswordMessage.of(password)::encode);
        }
    }

    /** Deriving the key may take milliseconds, in which the event loop serves others. */
    private void proveOffLoop(ChannelHandlerContext ctx, ScramClient client, ScramChallenge challenge) {
        blocking.execute(() -> {
            ScramKeys keys = credentials.secret().keys(challenge);
            byte[] proof = keys == null ? null : client.clientFinal(keys);
            ctx.executor().execute(() -> {
                if (proof == null) {
                    failProof(ctx);
                } else {
                    send(ctx, new SASLResponse(proof)::encode);
                }
            });
        });
    }

    /** The server asks for what the proxy can't prove. */
    private void failProof(ChannelHandlerContext ctx) {
        fail(ServerErrors.unproved(shard, credentials));
        ctx.close();
    }

    private void onReady(ChannelHandlerContext ctx) {
        if (!authenticated || key == null) {
            throw new ProtocolViolation("the server was ready before the login was complete");
        }
        finish();
        ctx.pipeline().remove(this);
        outcome.onLoggedIn(new ServerSession(ctx.channel(), key, Map.copyOf(parameters), tls, 0));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        unread.release();
        unread = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ServerErrors.unreachable(shard, "The server closed the connection during the login."));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("login failed shard={}", shard.name(), cause);
        if (done) {
            return;
        }
        if (encryption.need() == ServerTls.Need.NONE || awaitsTlsAnswer) {
            fail(ctx, "The login failed: " + cause.getMessage() + ".");
        } else {
            worthAnotherWay = !tls;
            fail(ctx, "TLS with the server failed: " + TlsFailure.reason(cause) + ".");
        }
    }

    private void fail(ChannelHandlerContext ctx, String reason) {
        fail(ServerErrors.unreachable(shard, reason));
        ctx.close();
    }

    private void fail(ErrorResponse error) {
        if (!done) {
            finish();
            outcome.onFailed(error);
        }
    }

    private void finish() {
        done = true;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
