package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.AuthenticationOk;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.authentication.Role;
import io.pgring.proxy.backend.ServerCredentials;
import io.pgring.proxy.backend.ServerSecret;
import io.pgring.proxy.backend.ShardPools;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ServerUser;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client proves who it is, in the way that the rules have for it. Nothing of the servers, not even whether the database exists, is
 * told before that.
 *
 * <pre>
 *   rule ──► (role looked up) ──► asked ──► (answer compared) ──┬──► SettingsPhase
 *    │ trust, cert                                              └──► refused
 *    └──────────────────────────────────────────────────────────────► SettingsPhase
 * </pre>
 *
 * In what is in brackets, what the client says is not read.
 */
final class AuthenticationPhase implements Phase {
    private static final Logger LOG = LoggerFactory.getLogger(AuthenticationPhase.class);

    private final ClientConnection client;
    private final FrontendLoop loop;
    private final StartupPhase startupPhase;
    private final StartupMessage startup;
    private final String user;
    private final ClientOrigin origin;
    private final Authenticator authenticator;
    private final AuthenticationSettings settings;
    private final MessageCursor cursor = new MessageCursor(MessageLimits.FRONTEND);
    private Role role = Role.UNKNOWN;
    /** Null while something is looked up or compared. */
    private @Nullable Question question;

    private boolean closed;

    private AuthenticationPhase(
            ClientConnection client, FrontendLoop loop, StartupPhase startupPhase, StartupMessage startup) {
        this.client = client;
        this.loop = loop;
        this.startupPhase = startupPhase;
        this.startup = startup;
        this.user = Objects.requireNonNull(startup.user());
        this.origin = ClientOrigin.of(client);
        this.authenticator = loop.services().authenticator();
        this.settings = authenticator.settings();
    }

    static void begin(ClientConnection client, FrontendLoop loop, StartupPhase startupPhase, StartupMessage startup) {
        AuthenticationPhase phase = new AuthenticationPhase(client, loop, startupPhase, startup);
        client.toPhase(phase);
        phase.decide();
    }

    private void decide() {
        AuthenticationMethod method = origin.method(settings, String.valueOf(startup.database()), user);
        if (method == null || method == AuthenticationMethod.REJECT) {
            refuse(origin.refusal(method, String.valueOf(startup.database()), user));
        } else if (method == AuthenticationMethod.TRUST) {
            authenticated(origin.known(settings, user));
        } else if (method == AuthenticationMethod.CERT) {
            onCertificate();
        } else if (!refusesGuess()) {
            await(authenticator.role(settings, user), found -> onRole(method, found));
        }
    }

    /** Asked again when the answer comes: others from the same address may have guessed meanwhile. */
    private boolean refusesGuess() {
        boolean tooOften = authenticator.hasFailedTooOften(origin.address());
        if (tooOften) {
            refuse(ErrorResponse.fatal("28000", "too many failed logins from host \"" + origin.host() + "\"")
                    .hint("Try again later."));
        }
        return tooOften;
    }

    private void onCertificate() {
        String commonName = origin.commonName();
        if (commonName == null) {
            refuse(ErrorResponse.fatal("28000", "connection requires a valid client certificate"));
        } else if (!commonName.equals(user)) {
            LOG.info("certificate is of another user client={} user={}", origin.host(), user);
            refuse(ErrorResponse.fatal("28000", "certificate authentication failed for user \"" + user + "\""));
        } else {
            authenticated(origin.known(settings, user));
        }
    }

    private void onRole(AuthenticationMethod method, Role found) {
        role = found;
        Question asked = Questions.of(method, authenticator, settings, found, user, origin.binding());
        question = asked;
        asked.ask(client.gather());
        client.onResume();
    }

    /** Goes on, on the event loop, when something is known. */
    private <T> void await(CompletableFuture<T> future, Consumer<T> then) {
        question = null;
        if (future.isDone() && !future.isCompletedExceptionally()) {
            then.accept(future.join());
            return;
        }
        future.whenComplete((value, failure) -> client.channel().eventLoop().execute(() -> {
            if (closed) {
                return;
            }
            if (failure == null) {
                then.accept(value);
            } else {
                refuse(ErrorResponse.fatal("08006", "the password of user \"" + user + "\" can't be checked now")
                        .hint("Try again later. The proxy's log has more."));
            }
        }));
    }

    @Override
    public boolean isPaused() {
        return question == null;
    }

    @Override
    public void read(ByteBuf in) {
        Question asked;
        while ((asked = question) != null && cursor.next(in)) {
            if (cursor.type() != FrontendType.PASSWORD_MESSAGE) {
                throw new ProtocolViolation("expected password response, got message type " + cursor.type());
            }
            if (!cursor.isWhole(in)) {
                return;
            }
            ByteBuf body = in.slice(in.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
            cursor.advance(in);
            if (refusesGuess()) {
                return;
            }
            CompletableFuture<Question.Verdict> verdict = asked.onAnswer(body, client.gather());
            if (verdict != null) {
                await(verdict, this::onVerdict);
            }
        }
    }

    private void onVerdict(Question.Verdict verdict) {
        if (!verdict.right()) {
            authenticator.onFailure(origin.address(), user);
            LOG.info("password is wrong client={} user={}", origin.host(), user);
            refuse(ErrorResponse.fatal("28P01", "password authentication failed for user \"" + user + "\""));
        } else if (!role.canLogin()) {
            refuse(ErrorResponse.fatal("28000", "role \"" + user + "\" is not permitted to log in"));
        } else {
            authenticated(verdict.secret());
        }
    }

    private void refuse(ErrorResponse error) {
        client.toPhase(new ClosingPhase(startupPhase));
        client.onFatal(error);
    }

    /** @param secret what can be proved to servers as this user */
    private void authenticated(ServerSecret secret) {
        new AuthenticationOk().encode(client.gather());
        String database = startup.database();
        if (Configuration.CONSOLE_DATABASE.equals(database)) {
            ConsolePhase.begin(client, loop, startupPhase, startup);
            return;
        }
        if (!loop.services().database().equals(database)) {
            refuse(ErrorResponse.fatal("3D000", "database \"" + database + "\" does not exist")
                    .hint("The proxy serves database \"" + loop.services().database() + "\"."));
            return;
        }
        ShardPools pools = loop.pools();
        if (settings.clients().serverUser() == ServerUser.CLIENT) {
            ShardPools own = loop.userPools().enter(ServerCredentials.ofClient(user, secret));
            startupPhase.whenClosed(() -> loop.userPools().leave(own));
            pools = own;
        }
        SettingsPhase.begin(client, loop, startupPhase, startup, pools);
    }

    @Override
    public void onClosed() {
        closed = true;
        startupPhase.onClosed();
    }
}
