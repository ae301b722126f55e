package io.pgring.proxy.backend;

import io.netty.channel.Channel;
import java.net.SocketAddress;

/** The kinds of sockets of the transport in use. */
public interface SocketTypes {

    /** The channel class for a TCP connection. */
    Class<? extends Channel> tcp();

    /** The channel class for a connection over a Unix-domain socket. */
    Class<? extends Channel> unixDomain();

    /** The address of a Unix-domain socket, in the class that {@link #unixDomain()} wants. */
    SocketAddress unixDomainAddress(String path);

    /**
     * Sees to it that a TCP connection whose peer can't be reached any more is closed, as far as the system can.
     *
     * @param millisMax how long the peer may leave everything unanswered; 0 for as long as the system waits
     */
    void detectLoss(Channel channel, long millisMax);
}
