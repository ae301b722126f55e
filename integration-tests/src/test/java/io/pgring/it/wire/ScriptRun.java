package io.pgring.it.wire;

import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One client says a script, and notes the answers. */
final class ScriptRun implements AutoCloseable {
    /** What the answers of a client that waits in vain end with. */
    static final String INCOMPLETE = "(no ReadyForQuery";

    private static final String LAST_WORDS = "last words";

    private final int port;
    private final int millisMax;
    private final Random random;
    private final List<String> answers = new ArrayList<>();
    private RawClient client;
    private Map<String, String> atLogin = Map.of();

    private ScriptRun(int port, int millisMax, long seed) throws IOException {
        this.port = port;
        this.millisMax = millisMax;
        this.random = new Random(seed);
        this.client = connect();
    }

    /**
     * The texts of all answers in order. ParameterStatus itself has no fixed place, as the proxy sends it when a server has made the setting:
     * each ReadyForQuery outside of a transaction is followed by what the client then knows.
     *
     * @param millisMax how long an answer may take
     */
    static List<String> of(Script script, int port, int millisMax) throws IOException {
        try (ScriptRun run = new ScriptRun(port, millisMax, script.seed())) {
            try {
                run.say(script);
            } catch (IOException e) {
                run.answers.add(INCOMPLETE + ": " + e.getMessage() + ")");
            }
            return run.answers;
        }
    }

    private RawClient connect() throws IOException {
        RawClient connected = RawClient.connect(port, Map.of("application_name", "script"));
        connected.patience(millisMax);
        atLogin = Map.copyOf(connected.parameters());
        return connected;
    }

    private void say(Script script) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (List<Step> unit : script.units()) {
            unit.forEach(step -> bytes.writeBytes(step.bytes()));
            Step last = unit.get(unit.size() - 1);
            if (last.end() == Step.End.CLOSED) {
                send(bytes);
                readToEnd();
            } else if (script.ahead() != Script.PIPELINED) {
                send(bytes);
                long ends = unit.stream().filter(Step::ends).count();
                for (long i = 0; i < ends; i++) {
                    client.readToReady().forEach(this::note);
                }
            }
        }
        bytes.writeBytes(RawClient.bytes(new Sync(), Query.of("ROLLBACK"), Query.of("SELECT '" + LAST_WORDS + "'")));
        send(bytes);
        boolean last = false;
        while (!last) {
            for (Reply reply : client.readToReady()) {
                last |= reply.is(BackendType.DATA_ROW) && reply.text().contains(LAST_WORDS);
                note(reply);
            }
        }
    }

    /** What comes behind the last ReadyForQuery before a Terminate may be lost with the connection. */
    private void readToEnd() throws IOException {
        List<Reply> replies = client.readToEnd();
        int end = replies.size();
        while (end > 0 && !replies.get(end - 1).is(BackendType.READY_FOR_QUERY)) {
            end--;
        }
        replies.subList(0, end).forEach(this::note);
        client.close();
        client = connect();
    }

    private void note(Reply reply) {
        if (reply.is(BackendType.PARAMETER_STATUS)) {
            return;
        }
        String text = reply.fullText();
        answers.add(text.equals("Z IDLE") ? text + " " + changes() : text);
    }

    /** The parameters that are not as they were at login. */
    private Map<String, String> changes() {
        Map<String, String> changes = new TreeMap<>(client.parameters());
        changes.entrySet().removeAll(atLogin.entrySet());
        return changes;
    }

    private void send(ByteArrayOutputStream bytes) throws IOException {
        int[] cuts = bytes.size() > 1 && random.nextBoolean()
                ? random.ints(1 + random.nextInt(4), 1, bytes.size()).sorted().toArray()
                : new int[0];
        client.sendBytes(bytes.toByteArray(), cuts);
        bytes.reset();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
