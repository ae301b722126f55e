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

/** One client says a script, and notes the answers. */
final class ScriptRun {
    /** What the answers of a client that waits in vain end with. */
    static final String INCOMPLETE = "(no ReadyForQuery";

    private static final String LAST_WORDS = "last words";

    private final RawClient client;
    private final Random random;
    private final List<String> answers = new ArrayList<>();

    private ScriptRun(RawClient client, long seed) {
        this.client = client;
        this.random = new Random(seed);
    }

    /**
     * The texts of all answers in order, and in the end the parameters that the client has been told. ParameterStatus itself has no
     * fixed place: the proxy sends it when a server has made the setting.
     *
     * @param millisMax how long an answer may take
     */
    static List<String> of(Script script, int port, int millisMax) throws IOException {
        try (RawClient client = RawClient.connect(port, Map.of("application_name", "script"))) {
            client.patience(millisMax);
            ScriptRun run = new ScriptRun(client, script.seed());
            try {
                run.say(script);
            } catch (IOException e) {
                run.answers.add(INCOMPLETE + ": " + e.getMessage() + ")");
            }
            return run.answers;
        }
    }

    private void say(Script script) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (List<Step> unit : script.units()) {
            for (Step step : unit) {
                bytes.writeBytes(step.bytes());
            }
            if (!script.pipelined()) {
                send(bytes);
                client.readToReady().forEach(this::note);
                bytes.reset();
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
        answers.add(client.parameters().toString());
    }

    private void note(Reply reply) {
        if (!reply.is(BackendType.PARAMETER_STATUS)) {
            answers.add(reply.text());
        }
    }

    private void send(ByteArrayOutputStream bytes) throws IOException {
        int[] cuts = bytes.size() > 1 && random.nextBoolean()
                ? random.ints(1 + random.nextInt(4), 1, bytes.size()).sorted().toArray()
                : new int[0];
        client.sendBytes(bytes.toByteArray(), cuts);
    }
}
