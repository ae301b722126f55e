package io.pgring.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.proxy.app.CommandException;
import io.pgring.proxy.app.ExitCode;
import io.pgring.proxy.app.StartupException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a running demo takes orders from other programs of the same user: a Unix-domain socket in its folder. An order is one line, and so is
 * the answer: {@code ok} or {@code error}, a blank, and more.
 */
final class DemoSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoSocket.class);
    private static final String NAME = "demo.sock";
    private static final String OK = "ok ";
    private static final String ERROR = "error ";

    private final ServerSocketChannel listener;
    private final Path path;
    private final Orders orders;

    /** What carries orders out, one at a time. */
    interface Orders {
        /** Carries one out. @return the answer, one line */
        String carryOut(String order) throws StartupException;
    }

    private DemoSocket(ServerSocketChannel listener, Path path, Orders orders) {
        this.listener = listener;
        this.path = path;
        this.orders = orders;
    }

    /** Takes orders from now on. The folder is ours alone. */
    static DemoSocket open(Path folder, Orders orders) throws StartupException {
        Path path = folder.resolve(NAME);
        try {
            Files.deleteIfExists(path);
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            DemoSocket socket = new DemoSocket(listener, path, orders);
            Thread thread = new Thread(socket::serve, "orders");
            thread.setDaemon(true);
            thread.start();
            return socket;
        } catch (IOException e) {
            throw new StartupException(
                    "can't make a socket in " + folder + ": " + e.getMessage(),
                    "Choose a folder with a shorter path, on a file system that has sockets.",
                    e);
        }
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                String order = readLine(client);
                String answer;
                try {
                    answer = OK + orders.carryOut(order);
                } catch (StartupException e) {
                    answer = ERROR + e.getMessage();
                }
                writeLine(client, answer);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("an order was lost error=\"{}\"", e.toString());
            }
        }
    }

    /** Gives an order to the demo that runs in a folder. @return its answer */
    static String order(Path folder, String order) throws CommandException {
        Path path = folder.toAbsolutePath().normalize().resolve(NAME);
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            writeLine(channel, order);
            String answer = readLine(channel);
            if (answer.startsWith(OK)) {
                return answer.substring(OK.length());
            }
            throw new CommandException(
                    ExitCode.FAILED,
                    answer.startsWith(ERROR) ? answer.substring(ERROR.length()) : "the demo has ended meanwhile",
                    null,
                    null);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "no demo runs in " + folder + ": " + e.getMessage(),
                    "Start one: pgring demo --data " + folder,
                    e);
        }
    }

    private static String readLine(SocketChannel channel) throws IOException {
        String line = new BufferedReader(Channels.newReader(channel, UTF_8)).readLine();
        return line == null ? "" : line;
    }

    private static void writeLine(SocketChannel channel, String line) throws IOException {
        ByteBuffer bytes = UTF_8.encode(line.replace('\n', ' ') + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(path);
    }
}
