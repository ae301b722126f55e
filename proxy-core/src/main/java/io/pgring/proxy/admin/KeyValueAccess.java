package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the key-value API: the same people who may come in at the PostgreSQL port. With a users file, whoever sends the name and
 * password of a user as HTTP Basic; by trust, programs on this machine, but not the web pages that a browser on it shows:
 * those are known by an Origin of their own, or by a host name that someone has pointed to this machine.
 */
final class KeyValueAccess {
    private static final String CHALLENGE = "Basic realm=\"PgRing\", charset=\"UTF-8\"";

    private final boolean loopback;
    private final PasswordCheck passwords;

    /**
     * @param loopback whether the port can be reached from this machine alone
     * @param passwords knows whether they are needed, too
     */
    KeyValueAccess(boolean loopback, PasswordCheck passwords) {
        this.loopback = loopback;
        this.passwords = passwords;
    }

    /** The answer to one who may not; empty for one who may. On the caller's event loop, in and out. */
    CompletableFuture<Optional<Answer>> refusal(Request request, Caller caller) {
        HttpHeaders headers = request.headers();
        String host = headers.get(HttpHeaderNames.HOST, "");
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null
                && !origin.equalsIgnoreCase("http://" + host)
                && !origin.equalsIgnoreCase("https://" + host)) {
            return refuse(forbidden("web pages of other sites have no access", null));
        }
        if (passwords.isNeeded()) {
            return refusal(headers, caller);
        }
        if (!loopback) {
            return refuse(forbidden(
                    "the key-value API is closed, since other machines can reach this port",
                    "Set clients.authentication: scram-sha-256 and a usersFile, and send the name and password of a user as"
                            + " HTTP Basic; or listen on 127.0.0.1."));
        }
        if (!isThisMachine(host)) {
            return refuse(
                    forbidden(
                            "host \"" + host + "\" is not a name of this machine",
                            "Ask for localhost or an address, or set clients.authentication: scram-sha-256 and send a password."));
        }
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletableFuture<Optional<Answer>> refusal(HttpHeaders headers, Caller caller) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        if (!authorization.isEmpty() && caller.isVerified(authorization)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        BasicCredentials credentials = BasicCredentials.parse(authorization);
        if (credentials == null) {
            return refuse(unauthorized("credentials are missing"));
        }
        return passwords.check(credentials, caller.address(), caller.executor()).thenApply(outcome -> switch (outcome) {
            case RIGHT -> {
                caller.onVerified(authorization);
                yield Optional.empty();
            }
            case WRONG ->
                Optional.of(unauthorized("password authentication failed for user \"" + credentials.user() + "\""));
            case BUSY ->
                Optional.of(Answer.problem(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "too many passwords are being checked",
                        "Try again, and keep connections open: a password is checked once on each."));
        });
    }

    private static CompletableFuture<Optional<Answer>> refuse(Answer answer) {
        return CompletableFuture.completedFuture(Optional.of(answer));
    }

    private static Answer forbidden(String error, @Nullable String hint) {
        return Answer.problem(HttpResponseStatus.FORBIDDEN, error, hint);
    }

    private static Answer unauthorized(String error) {
        return Answer.problem(
                        HttpResponseStatus.UNAUTHORIZED,
                        error,
                        "Send the name and password of a user of the proxy as HTTP Basic, as curl -u does.")
                .with(HttpHeaderNames.WWW_AUTHENTICATE.toString(), CHALLENGE);
    }

    private static boolean isThisMachine(String host) {
        int bracket = host.indexOf(']');
        if (host.startsWith("[") && bracket > 0) {
            return NetUtil.isValidIpV6Address(host.substring(1, bracket));
        }
        int colon = host.indexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        return name.isEmpty()
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || NetUtil.isValidIpV4Address(name);
    }
}
