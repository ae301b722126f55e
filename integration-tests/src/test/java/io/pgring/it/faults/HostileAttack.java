package io.pgring.it.faults;

import io.pgring.it.wire.RawClient;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.CopyData;
import io.pgring.pgwire.frontend.CopyDone;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One client that means harm, or has a fault: made up from a seed, so that it can come again. It touches no row of the honest. */
final class HostileAttack {
    private static final String TYPES = "PBDECHSQFdcfpX";
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int[] NONE = {};
    private static final int SSL_REQUEST = 80877103;
    private static final int GSSENC_REQUEST = 80877104;
    private static final int PROTOCOL_3_0 = 196608;

    private final int port;
    private final Random random;
    private final List<String> keys;

    /** @param keys one on each shard, of rows that nobody else has */
    HostileAttack(int port, long seed, List<String> keys) {
        this.port = port;
        this.random = new Random(seed);
        this.keys = keys;
    }

    void run() throws IOException {
        try {
            switch (random.nextInt(10)) {
                case 0 -> beforeLogin(rubbish());
                case 1 -> beforeLogin(startup());
                case 2 -> afterLogin(rubbish(), false);
                case 3 -> afterLogin(badLength(), false);
                case 4 -> afterLogin(shuffled(), false);
                case 5 -> afterLogin(good(), true);
                case 6 -> cancels();
                case 7 -> afterLogin(truncated(), random.nextBoolean());
                default -> afterLogin(mutated(), false);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the proxy lets a client wait that has hung up", e);
        } catch (SocketException e) {
            // The proxy has hung up while the attack was under way.
            if (!String.valueOf(e.getMessage()).matches("(?i).*(reset|broken pipe|closed|abort).*")) {
                throw e;
            }
        }
    }

    private void beforeLogin(byte[] bytes) throws IOException {
        try (RawClient client = RawClient.open(port)) {
            send(client, bytes, random.nextInt(5) == 0);
            end(client);
        }
    }

    private void afterLogin(byte[] bytes, boolean slowly) throws IOException {
        try (RawClient client = RawClient.connect(port, Map.of())) {
            send(client, bytes, slowly);
            end(client);
        }
    }

    private static void send(RawClient client, byte[] bytes, boolean slowly) throws IOException {
        client.patience(PATIENCE_MILLIS);
        if (slowly) {
            int each = Math.max(1, bytes.length / 300);
            int[] cuts = java.util.stream.IntStream.iterate(each, cut -> cut < bytes.length, cut -> cut + each)
                    .toArray();
            client.sendBytes(bytes, cuts);
        } else {
            client.sendBytes(bytes);
        }
    }

    /** Hangs up in one of the ways in which clients do. */
    private void end(RawClient client) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> client.abort();
            case 1 -> {
                client.endOutput();
                awaitEnd(client);
            }
            case 2 -> {
                client.endOutput();
                client.abort();
            }
            default -> {}
        }
    }

    /** What comes until then need not be messages: a SSLRequest is answered with one byte. */
    private static void awaitEnd(RawClient client) throws IOException {
        try {
            client.skip(Long.MAX_VALUE);
        } catch (EOFException end) {
            // That is what was waited for.
        }
    }

    // ---- what they send ---------------------------------------------------------------------------------------------

    private byte[] rubbish() {
        byte[] bytes = new byte[1 + random.nextInt(2_000)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            bytes[0] = (byte) TYPES.charAt(random.nextInt(TYPES.length()));
        }
        return bytes;
    }

    /** Packets in place of a StartupMessage, and messages before anybody has logged in. */
    private byte[] startup() {
        return switch (random.nextInt(7)) {
            case 0 -> packet(10_000 + random.nextInt(3) - 1, PROTOCOL_3_0);
            case 1 -> packet(100_000, PROTOCOL_3_0);
            case 2 -> join(packet(8, SSL_REQUEST), RawClient.bytes(RawClient.startup(Map.of())));
            case 3 -> join(packet(8, GSSENC_REQUEST), packet(8, GSSENC_REQUEST), packet(8, SSL_REQUEST));
            case 4 -> packet(8 + random.nextInt(40), random.nextInt());
            case 5 -> good();
            default -> new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 0, 0, 0, 0, 0};
        };
    }

    private byte[] packet(int length, int code) {
        ByteBuffer packet = ByteBuffer.allocate(length).putInt(length).putInt(code);
        while (packet.hasRemaining()) {
            packet.put((byte) (random.nextInt(8) == 0 ? 0 : 'a' + random.nextInt(26)));
        }
        return packet.array();
    }

    private byte[] badLength() {
        int length = switch (random.nextInt(5)) {
            case 0 -> Integer.MAX_VALUE;
            case 1 -> -random.nextInt(100_000);
            case 2 -> random.nextInt(Integer.BYTES);
            case 3 -> 1 << (20 + random.nextInt(10));
            default -> 10_001 + random.nextInt(10_000);
        };
        byte type = (byte) TYPES.charAt(random.nextInt(TYPES.length()));
        byte[] message = ByteBuffer.allocate(1_000).put(type).putInt(length).array();
        return random.nextBoolean() ? message : join(good(), message);
    }

    private byte[] mutated() {
        byte[] bytes = good();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0x7f);
        }
        return bytes;
    }

    private byte[] truncated() {
        byte[] bytes = good();
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }

    /** Good messages in a wrong order. */
    private byte[] shuffled() {
        List<FrontendMessage> messages = new java.util.ArrayList<>(messages());
        Collections.shuffle(messages, random);
        return RawClient.bytes(messages.toArray(FrontendMessage[]::new));
    }

    private byte[] good() {
        return RawClient.bytes(messages().toArray(FrontendMessage[]::new));
    }

    /** Nothing that one changed byte turns into a change of other rows. */
    private List<FrontendMessage> messages() {
        String key = keys.get(random.nextInt(keys.size()));
        byte[][] parameters = {bytes(key)};
        return List.of(
                Query.of("SELECT value FROM kv WHERE key = '" + key + "'"),
                new Parse("s", bytes("SELECT value FROM kv WHERE key = $1"), NONE),
                new Describe(Target.STATEMENT, "s"),
                new Bind("", "s", NONE, parameters, NONE),
                new Execute("", 0),
                new Flush(),
                new Parse("all", bytes("SELECT count(*) FROM kv"), NONE),
                new Bind("p", "all", NONE, new byte[0][], new int[] {1}),
                new Describe(Target.PORTAL, "p"),
                new Execute("p", 1),
                new Close(Target.STATEMENT, "s"),
                new Sync(),
                Query.of("BEGIN"),
                Query.of("INSERT INTO kv VALUES ('" + key + "', 'hostile') ON CONFLICT DO NOTHING"),
                Query.of("COPY kv FROM STDIN"),
                new CopyData(bytes(key + "c\tvalue\n" + key + "d\tvalue\n")),
                new CopyData(new byte[random.nextInt(3_000)]),
                new CopyDone(),
                Query.of("SELECT 1 / 0"),
                Query.of("SELECT key, repeat(value, 1000) FROM kv ORDER BY key"),
                Query.of("SAVEPOINT a; SET LOCAL work_mem = '7MB'"),
                new Sync());
    }

    private void cancels() throws IOException {
        for (int i = 0; i < 10; i++) {
            byte[] secret = new byte[4 + random.nextInt(40)];
            random.nextBytes(secret);
            try (RawClient client = RawClient.open(port)) {
                client.patience(PATIENCE_MILLIS);
                client.send(new CancelRequest(random.nextInt(), secret));
                end(client);
            }
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
