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
}
