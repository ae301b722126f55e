package io.pgring.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.pgring.proxy.config.Endpoint;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ports and what is asked of the system for their connections, with every transport that this machine has. */
class ListenerTest {
    private static final Endpoint ANY = new Endpoint("127.0.0.1", 0);

    static Stream<Transport> transports() {
        return Stream.of(Transport.best(), Transport.NIO).distinct();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void severalMayListenOnOnePortIfAllSaySo(Transport transport) {
        EventLoopGroup loops = transport.newGroup(1, "test");
        try (Listener first = Listener.open(transport, loops, ANY, true, channel -> {})) {
            Endpoint same = new Endpoint("127.0.0.1", first.address().getPort());
            try (Listener second = Listener.open(transport, loops, same, true, channel -> {})) {
                assertThat(second.address()).isEqualTo(first.address());
            }
            assertThatThrownBy(() -> Listener.open(transport, loops, same, false, channel -> {}))
                    .hasMessageContaining("in use");
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void silentPeersAreAskedForASignOfLife(Transport transport) throws Exception {
        List<ChannelOption<Integer>> options = transport == Transport.EPOLL
                ? List.of(
                        EpollChannelOption.TCP_KEEPIDLE,
                        EpollChannelOption.TCP_KEEPINTVL,
                        EpollChannelOption.TCP_KEEPCNT)
                : List.of(
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT));
        List<Integer> found = accept(transport, channel -> {
            transport.detectLoss(channel, 60_000);
            return options.stream().map(channel.config()::getOption).toList();
        });
        assertThat(found).containsExactly(30, 10, 3);
    }

    @Test
    void untakenBytesEndAConnectionOnLinux() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Transport.best() == Transport.EPOLL);
        int found = accept(Transport.EPOLL, channel -> {
            Transport.EPOLL.limitUntaken(channel, 12_345);
            return channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT);
        });
        assertThat(found).isEqualTo(12_345);
    }

    /** What is done with a connection that is accepted. */
    private static <T> T accept(Transport transport, java.util.function.Function<Channel, T> onAccepted)
            throws Exception {
        EventLoopGroup loops = transport.newGroup(1, "test");
        CompletableFuture<T> outcome = new CompletableFuture<>();
        try (Listener listener = Listener.open(
                        transport, loops, ANY, false, channel -> outcome.complete(onAccepted.apply(channel)));
                Socket client = new Socket(
                        listener.address().getAddress(), listener.address().getPort())) {
            assertThat(client.isConnected()).isTrue();
            return outcome.get(10, TimeUnit.SECONDS);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
