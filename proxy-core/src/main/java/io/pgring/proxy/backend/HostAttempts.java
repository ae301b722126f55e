package io.pgring.proxy.backend;

import io.netty.util.AttributeKey;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tries the hosts of a shard in order, the last good one first, until one lets the proxy in and can be written to: what libpq does with
 * several hosts and {@code target_session_attrs=read-write}. A server since PostgreSQL 14 reports whether it is a standby.
 */
final class HostAttempts implements ServerConnector.Outcome {
    private static final AttributeKey<Shard> REACHED = AttributeKey.valueOf(HostAttempts.class, "REACHED");

    /** Logs in at one host. */
    interface Login {
        /** Exactly one call of the outcome follows. */
        void at(Shard host, ServerConnector.Outcome outcome);
    }

    /** Told of the host that is good. */
    interface Found {
        /** It is the one with this place in the configuration. */
        void onLoggedIn(int host, ServerSession session);
    }

    private final Shard shard;
    private final List<ShardConfiguration> hosts;
    private final int first;
    private final Login login;
    private final Found found;
    private final Consumer<ErrorResponse> onFailed;
    private final List<String> reasons = new ArrayList<>();
    private int tried;

    HostAttempts(Shard shard, int first, Login login, Found found, Consumer<ErrorResponse> onFailed) {
        this.shard = shard;
        this.hosts = shard.configuration().hosts();
        this.first = first;
        this.login = login;
        this.found = found;
        this.onFailed = onFailed;
    }

    /** The shard at the host that a connection leads to. */
    static Shard reachedBy(ServerConnection connection) {
        Shard reached = connection.session().channel().attr(REACHED).get();
        return reached == null ? connection.shard() : reached;
    }

    /** Tries the next one. */
    void next() {
        login.at(new Shard(shard.index(), hosts.get(host())), this);
    }

    private int host() {
        return (first + tried) % hosts.size();
    }

    @Override
    public void onLoggedIn(ServerSession session) {
        if (isReadOnly(session.parameters())) {
            session.channel().close();
            onFailed("It can't be written to: it is a standby, or read-only by default.", null);
        } else {
            session.channel().attr(REACHED).set(new Shard(shard.index(), hosts.get(host())));
            found.onLoggedIn(host(), session);
        }
    }

    /** Whether nobody is to be sent to a server of a shard any more, as another host has taken over, or will. */
    static boolean isPassedOver(Shard shard, Map<String, String> parameters) {
        return shard.configuration().hasSeveralHosts() && isReadOnly(parameters);
    }

    /** Whether a server, by what it reports, is a standby or has read-only transactions by default. */
    private static boolean isReadOnly(Map<String, String> parameters) {
        return "on".equals(parameters.get("in_hot_standby"))
                || "on".equals(parameters.get("default_transaction_read_only"));
    }

    @Override
    public void onFailed(ErrorResponse cause) {
        onFailed(String.valueOf(cause.fields().detail()), cause);
    }

    private void onFailed(String reason, @Nullable ErrorResponse cause) {
        reasons.add("At " + hosts.get(host()).addresses() + ": " + reason);
        tried++;
        if (tried < hosts.size()) {
            next();
        } else {
            ErrorResponse all = cause == null ? ServerErrors.unreachable(shard, "") : cause;
            onFailed.accept(all.detail(String.join(" ", reasons)));
        }
    }
}
