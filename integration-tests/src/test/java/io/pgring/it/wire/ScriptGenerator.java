package io.pgring.it.wire;

import io.pgring.it.wire.ScriptWriter.Terrain;
import io.pgring.pgwire.frontend.FunctionCall;
import io.pgring.pgwire.frontend.Query;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes scripts up: mostly sense, some nonsense, everything that a client may say and the proxy does not refuse on purpose. */
final class ScriptGenerator {
    private static final int INT4PL = 177;
    private static final int INT4DIV = 154;
    private static final int[] BINARY = {1};

    private final ScriptWriter writer;
    private final ExtendedScript extended;
    private final CopyScript copies;
    private int cursors;
    /** There may be another statement of the name already, which takes other parameters. */
    private boolean known;

    private ScriptGenerator(ScriptWriter writer) {
        this.writer = writer;
        this.extended = new ExtendedScript(writer);
        this.copies = new CopyScript(writer);
    }

    /**
     * @param prefix what only this script's rows begin with
     * @param keys of {@code kv}: on one shard unless the terrain is all shards
     * @param ids of {@code events}, likewise
     * @param firstId the first of the numbers that belong to the script
     */
    static Script generate(long seed, String prefix, Terrain terrain, List<String> keys, List<Long> ids, long firstId) {
        Random random = new Random(seed);
        int ahead = switch (random.nextInt(6)) {
            case 0, 1 -> Script.PIPELINED;
            case 2 -> 2 + random.nextInt(4);
            default -> 1;
        };
        ScriptWriter writer = new ScriptWriter(random, prefix, terrain, ahead == Script.PIPELINED, keys, ids, firstId);
        ScriptGenerator generator = new ScriptGenerator(writer);
        int units = 3 + random.nextInt(8);
        for (int i = 0; i < units; i++) {
            generator.unit();
        }
        return new Script(prefix, seed, ahead, writer.steps());
    }

    private void unit() {
        writer.beginUnit();
        int kind = writer.random.nextInt(26);
        if (kind < 6) {
            simple();
        } else if (kind < 10) {
            control();
        } else if (kind == 10) {
            alone(writer.of(writer.pick(StatementChoice.SESSION)));
        } else if (kind == 11) {
            copies.in();
        } else if (kind == 12) {
            statement(copies.out());
        } else if (kind == 13) {
            names();
        } else if (kind == 14) {
            cursor();
        } else if (kind == 15) {
            functionCall();
        } else if (kind == 16 && writer.oneIn(4)) {
            writer.add(Step.terminate());
            writer.noteClosed();
        } else {
            extended.unit();
        }
    }

    // ---- simple queries ---------------------------------------------------------------------------------------------

    private void simple() {
        int count = writer.oneIn(4) ? 2 + writer.random.nextInt(2) : 1;
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ScriptStatement statement = writer.statement(count == 1);
            texts.add(statement.withLiterals(writer.values(statement)));
        }
        if (count > 1 && writer.terrain == Terrain.HOME && writer.oneIn(2)) {
            // Among others RESET gives the server's defaults up to the next message.
            ScriptStatement control = writer.oneIn(3)
                    ? ScriptStatement.anywhere("SET application_name TO 'third'", 0)
                    : writer.pick(StatementChoice.CONTROL);
            texts.add(writer.random.nextInt(texts.size() + 1), control.sql());
            writer.note(control);
        }
        writer.query(String.join(writer.oneIn(2) ? ";" : " ; ", texts) + (writer.oneIn(5) ? ";" : ""));
    }

    private void control() {
        ScriptStatement statement = writer.inTransaction() || writer.oneIn(6)
                ? writer.pick(StatementChoice.CONTROL)
                : StatementChoice.CONTROL.get(0);
        alone(statement);
    }

    private void alone(ScriptStatement statement) {
        if (writer.oneIn(2)) {
            writer.query(statement.sql());
            writer.note(statement);
        } else {
            extended.run(statement);
            extended.sync();
        }
    }

    private void statement(String sql) {
        alone(ScriptStatement.anywhere(sql, 0));
    }

    /** SQL's own names for prepared statements, which are the protocol's. */
    private void names() {
        switch (writer.random.nextInt(5)) {
            case 0 -> statement(writer.pick(List.of("DEALLOCATE ALL", "DISCARD ALL", "DISCARD PLANS")));
            case 1 ->
                statement(writer.pick(List.of("DEALLOCATE s1", "DEALLOCATE PREPARE s2", "DEALLOCATE \"s 'three'\"")));
            default -> {
                ScriptStatement prepared = writer.statement(true);
                if (prepared.sql().matches("(?is)\\s*(select|insert|update|delete|values|with).*")
                        && !prepared.parameters().contains(ScriptStatement.Parameter.NUMBER)
                        && !prepared.sql().contains("/")) {
                    statement(prepared.prepare("s1"));
                    writer.beginUnit();
                    String execute = prepared.execute("s1", writer.values(prepared));
                    if (writer.prepared.isEmpty() && !known) {
                        statement(execute);
                    } else {
                        writer.query(execute);
                    }
                    known = true;
                }
            }
        }
    }

    /** A cursor, in a transaction or, by mistake, without one. */
    private void cursor() {
        if (!writer.inTransaction() && !writer.oneIn(5)) {
            alone(StatementChoice.CONTROL.get(0));
        }
        String name = "c" + (cursors++ % 2);
        ScriptStatement rows = writer.oneIn(2)
                ? ScriptStatement.anywhere("SELECT i FROM generate_series(1, 6) i", 1)
                : writer.statement(true);
        if (!rows.sql().startsWith("SELECT")) {
            rows = ScriptStatement.anywhere("SELECT 6 / (4 - i) FROM generate_series(1, 6) i", 1);
        }
        String scroll = writer.pick(List.of("", "", "SCROLL ", "NO SCROLL ", "BINARY "));
        String hold = writer.oneIn(6) ? "WITH HOLD " : "";
        statement(
                "DECLARE " + name + " " + scroll + "CURSOR " + hold + "FOR " + rows.withLiterals(writer.values(rows)));
        int uses = writer.random.nextInt(4);
        for (int i = 0; i < uses; i++) {
            statement(writer.pick(List.of(
                            "FETCH {c}",
                            "FETCH 2 FROM {c}",
                            "FETCH ALL IN {c}",
                            "FETCH BACKWARD 1 FROM {c}",
                            "MOVE 1 IN {c}",
                            "MOVE FORWARD ALL IN {c}",
                            "CLOSE {c}",
                            "CLOSE ALL",
                            "FETCH nosuch"))
                    .replace("{c}", name));
        }
    }

    // ---- function calls ---------------------------------------------------------------------------------------------

    private void functionCall() {
        int oid = writer.oneIn(2) ? INT4PL : INT4DIV;
        int right = writer.random.nextInt(3);
        byte[][] arguments = writer.oneIn(10)
                ? new byte[][] {int4(6)}
                : new byte[][] {int4(6), writer.oneIn(15) ? new byte[] {1} : int4(right)};
        FunctionCall call = new FunctionCall(oid, BINARY, arguments, writer.random.nextInt(2));
        writer.add(Step.ending(call, "FunctionCall " + oid + " 6 " + right + " (" + arguments.length + ")"));
        if (writer.pipelined && writer.oneIn(10)) {
            writer.add(Step.ending(Query.of("SELECT 1"), "Query \"SELECT 1\""));
        }
    }

    private static byte[] int4(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }
}
