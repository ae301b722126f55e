package io.pgring.proxy.admin;

import io.netty.channel.Channel;
import io.pgring.proxy.frontend.FrontendLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who sends the requests of one connection, and what is kept for him between two of them. Belongs to its event loop. */
final class Caller {
    private final Channel channel;
    private final Function<Channel, FrontendLoop> loopOf;
    private @Nullable KeyValueSession session;
    private byte @Nullable [] verified;

    Caller(Channel channel, Function<Channel, FrontendLoop> loopOf) {
        this.channel = channel;
        this.loopOf = loopOf;
    }

    /** The event loop. */
    Executor executor() {
        return channel.eventLoop();
    }

    /** Whether it is a program on this machine. */
    boolean isLocal() {
        return channel.remoteAddress() instanceof InetSocketAddress from
                && from.getAddress() != null
                && from.getAddress().isLoopbackAddress();
    }

    /** The session of this connection; a new one when the last has ended. */
    KeyValueSession session() {
        KeyValueSession current = session;
        if (current == null || current.isClosed()) {
            current = new KeyValueSession(loopOf.apply(channel));
            session = current;
        }
        return current;
    }

    /** Whether these credentials were found right before. */
    boolean isVerified(String authorization) {
        return verified != null && MessageDigest.isEqual(verified, authorization.getBytes(StandardCharsets.UTF_8));
    }

    /** The credentials are right. */
    void onVerified(String authorization) {
        verified = authorization.getBytes(StandardCharsets.UTF_8);
    }

    /** The connection is gone. */
    void close() {
        if (session != null) {
            session.close();
        }
    }
}
