package io.pgring.it.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.BackendKeyData;
import io.pgring.pgwire.backend.ParameterStatus;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.pgwire.frontend.StartupPacket;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A client on a plain socket that sends what it is told, right or wrong, and shows every message that comes back. */
public final class RawClient implements AutoCloseable {
    /** So long may an answer take; who waits longer has been forgotten. */
    private static final int ANSWER_MILLIS_MAX = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Map<String, String> parameters = new TreeMap<>();
    private @Nullable BackendKeyData key;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = socket.getOutputStream();
    }

    /** A socket, nothing said yet. */
    public static RawClient open(int port) throws IOException {
        return open(port, 0);
    }

    /** A socket with a small receive buffer, so that what it doesn't read soon stays with the peer. */
    public static RawClient open(int port, int receiveBytes) throws IOException {
        Socket socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MILLIS_MAX);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS_MAX);
        return new RawClient(socket);
    }

    /** Goes on over TLS, on what is left of the connection of another client. */
    public RawClient encrypted(SSLSocketFactory factory) throws IOException {
        return new RawClient(
                factory.createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true));
    }

    /** A client on a socket that somebody else has opened. */
    public static RawClient on(Socket socket) throws IOException {
        socket.setSoTimeout(ANSWER_MILLIS_MAX);
        return new RawClient(socket);
    }

    /** Logged in as postgres, without a password, ready for queries. */
    public static RawClient connect(int port) throws IOException {
        return connect(port, Map.of());
    }

    /** As {@link #connect(int)}, with more parameters in the StartupMessage. */
    public static RawClient connect(int port, Map<String, String> more) throws IOException {
        RawClient client = open(port);
        client.send(startup(more));
        client.readToReady();
        return client;
    }

    /** How long an answer may take from now on. */
    public void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** The StartupMessage of {@link #connect(int, Map)}. */
    public static StartupMessage startup(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("user", "postgres");
        all.put("database", "postgres");
        all.putAll(more);
        return new StartupMessage(StartupMessage.MAJOR, 0, all);
    }

    /** The bytes of messages. */
    public static byte[] bytes(FrontendMessage... messages) {
        ByteBuf buffer = Unpooled.buffer();
        for (FrontendMessage message : messages) {
            message.encode(buffer);
        }
        return ByteBufUtil.getBytes(buffer);
    }

    /** The bytes of a packet. */
    public static byte[] bytes(StartupPacket packet) {
        ByteBuf buffer = Unpooled.buffer();
        packet.encode(buffer);
        return ByteBufUtil.getBytes(buffer);
    }

    /** Sends messages in one piece. */
    public void send(FrontendMessage... messages) throws IOException {
        sendBytes(bytes(messages));
    }

    /** Sends a packet in one piece. */
    public void send(StartupPacket packet) throws IOException {
        sendBytes(bytes(packet));
    }

    /**
     * Sends bytes, each piece with a write of its own.
     *
     * @param cuts where pieces end, ascending
     */
    public void sendBytes(byte[] bytes, int... cuts) throws IOException {
        int from = 0;
        for (int cut : cuts) {
            out.write(bytes, from, cut - from);
            out.flush();
            from = cut;
        }
        out.write(bytes, from, bytes.length - from);
        out.flush();
    }

    /**
     * The next message.
     *
     * @throws EOFException when the peer has closed
     */
    public Reply read() throws IOException {
        try {
            byte type = in.readByte();
            byte[] body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            Reply reply = new Reply(type, body);
            note(reply);
            return reply;
        } catch (SocketException e) {
            throw (IOException) new EOFException("reset by the peer").initCause(e);
        }
    }

    private void note(Reply reply) {
        if (reply.is(BackendType.PARAMETER_STATUS) && reply.decode() instanceof ParameterStatus status) {
            parameters.put(status.name(), status.value());
        } else if (reply.is(BackendType.BACKEND_KEY_DATA)) {
            key = (BackendKeyData) reply.decode();
        }
    }

    /** A single byte: the answer to SSLRequest and GSSENCRequest. */
    public byte readByte() throws IOException {
        return in.readByte();
    }

    /** All messages up to the next ReadyForQuery, which is the last of them. */
    public List<Reply> readToReady() throws IOException {
        List<Reply> replies = new ArrayList<>();
        do {
            try {
                replies.add(read());
            } catch (IOException e) {
                throw new IOException("no ReadyForQuery, only " + replies, e);
            }
        } while (!replies.get(replies.size() - 1).is(BackendType.READY_FOR_QUERY));
        return replies;
    }

    /** All messages until the peer closes. */
    public List<Reply> readToEnd() throws IOException {
        List<Reply> replies = new ArrayList<>();
        try {
            while (true) {
                replies.add(read());
            }
        } catch (EOFException end) {
            return replies;
        }
    }

    /** Sends a Query and reads its answer. */
    public List<Reply> query(String sql) throws IOException {
        send(Query.of(sql));
        return readToReady();
    }

    /** The texts of the answer to a Query. */
    public List<String> answer(String sql) throws IOException {
        return query(sql).stream().map(Reply::text).toList();
    }

    /** The first column of the only row of the answer to a Query. */
    public String value(String sql) throws IOException {
        List<Reply> replies = query(sql);
        List<Reply> rows =
                replies.stream().filter(reply -> reply.is(BackendType.DATA_ROW)).toList();
        if (rows.size() != 1) {
            throw new AssertionError("one row was expected: " + replies);
        }
        return rows.get(0).value();
    }

    /** The parameters that have been reported, with their last values. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** What was given to cancel with. */
    public BackendKeyData key() {
        if (key == null) {
            throw new AssertionError("no BackendKeyData has come");
        }
        return key;
    }

    /** Sends a CancelRequest on a connection of its own, and waits until that is closed. */
    public static void cancel(int port, BackendKeyData key) throws IOException {
        try (RawClient other = open(port)) {
            other.send(new CancelRequest(key.processId(), key.secretKey()));
            if (!other.readToEnd().isEmpty()) {
                throw new AssertionError("a CancelRequest was answered");
            }
        }
    }

    /** Says no more, but still listens. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether bytes can be read without waiting. */
    public boolean hasInput() throws IOException {
        return in.available() > 0;
    }

    /** Reads and forgets whatever comes, until so many bytes have come. */
    public void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            long skipped = in.skip(left);
            if (skipped <= 0) {
                in.readByte();
                skipped = 1;
            }
            left -= skipped;
        }
    }

    /** Hangs up with a reset, like a client that was killed. */
    public void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
