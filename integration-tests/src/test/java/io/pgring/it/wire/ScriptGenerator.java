package io.pgring.it.wire;

import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.CopyData;
import io.pgring.pgwire.frontend.CopyDone;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Makes scripts up: mostly sense, some nonsense. All keys of a script lie on one shard. On a shard that is not the home shard a
 * transaction begins with a keyed statement, since the proxy runs a whole transaction where its first statement went.
 */
final class ScriptGenerator {
    private static final List<String> STATEMENT_NAMES = List.of("", "", "s1", "s2");
    private static final List<String> PORTAL_NAMES = List.of("", "", "p1");
    private static final int[] TEXT = {};
    private static final int[] NO_OIDS = {};

    private final Random random;
    private final String prefix;
    private final List<String> keys;
    private final boolean home;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, ScriptStatement> prepared = new HashMap<>();
    private boolean inTransaction;
    private boolean placed;

    private ScriptGenerator(Random random, String prefix, List<String> keys, boolean home) {
        this.random = random;
        this.prefix = prefix;
        this.keys = keys;
        this.home = home;
    }

    /**
     * @param prefix what only this script's rows begin with
     * @param keys on one shard
     * @param home whether that is the home shard
     */
    static Script generate(long seed, String prefix, List<String> keys, boolean home) {
        ScriptGenerator generator = new ScriptGenerator(new Random(seed), prefix, keys, home);
        return generator.script(seed);
    }

    private Script script(long seed) {
        boolean pipelined = random.nextInt(3) == 0;
        int units = 3 + random.nextInt(8);
        for (int i = 0; i < units; i++) {
            unit();
        }
        return new Script(prefix, seed, pipelined, steps);
    }

    private void unit() {
        int kind = random.nextInt(20);
        if (kind < 5) {
            simple();
        } else if (kind < 8) {
            controlUnit();
        } else if (kind == 8) {
            alone(pick(ScriptStatement.SESSION));
        } else if (kind == 9 && home) {
            copyIn();
        } else if (kind == 10) {
            query(pick(List.of("DEALLOCATE ALL", "DISCARD ALL", "DEALLOCATE s1")));
        } else {
            extended();
        }
        if (!inTransaction) {
            placed = false;
        }
    }

    // ---- simple queries ---------------------------------------------------------------------------------------------

    private void simple() {
        int count = random.nextInt(4) == 0 ? 3 : 1;
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ScriptStatement statement = statement(count == 1);
            texts.add(statement.withLiterals(values(statement)));
        }
        if (!inTransaction && home && count > 1 && random.nextInt(4) == 0) {
            texts.add(0, "BEGIN");
            texts.add("COMMIT");
        }
        query(String.join(";", texts));
    }

    private void query(String sql) {
        steps.add(Step.ending(Query.of(sql), "Query \"" + sql + "\""));
    }

    private void controlUnit() {
        ScriptStatement statement = inTransaction ? pick(ScriptStatement.CONTROL) : ScriptStatement.CONTROL.get(0);
        alone(random.nextInt(8) == 0 ? pick(ScriptStatement.CONTROL) : statement);
    }

    /** One statement, so that no error before it keeps it from being run. */
    private void alone(ScriptStatement statement) {
        if (random.nextBoolean()) {
            query(statement.sql());
        } else {
            parseBindExecute(statement);
            sync();
        }
        noteControl(statement);
    }

    private void noteControl(ScriptStatement statement) {
        String sql = statement.sql();
        if (sql.startsWith("BEGIN")) {
            inTransaction = true;
        } else if (sql.equals("COMMIT") || sql.equals("ROLLBACK")) {
            inTransaction = false;
        } else if (sql.endsWith("CHAIN")) {
            placed = false;
        }
    }

    private void copyIn() {
        boolean extended = random.nextBoolean();
        String sql = "COPY home (owner, note) FROM STDIN";
        List<FrontendMessage> messages = new ArrayList<>();
        if (extended) {
            messages.add(new Parse("", bytes(sql), NO_OIDS));
            messages.add(new Bind("", "", TEXT, new byte[0][], TEXT));
            messages.add(new Execute("", 0));
        } else {
            messages.add(Query.of(sql));
        }
        int rows = random.nextInt(4);
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            data.append(prefix).append(i).append(random.nextInt(6) == 0 ? "" : "\tnote\n");
        }
        int middle = data.length() / 2;
        messages.add(new CopyData(bytes(data.substring(0, middle))));
        messages.add(new CopyData(bytes(data.substring(middle))));
        messages.add(random.nextInt(5) == 0 ? new CopyFail("no more") : new CopyDone());
        if (extended) {
            messages.add(new Sync());
        }
        steps.add(new Step(messages, (extended ? "Parse, Bind, Execute" : "Query") + " \"" + sql + "\" " + data, true));
        placed = true;
    }

    // ---- extended queries -------------------------------------------------------------------------------------------

    private void extended() {
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(12);
            if (kind == 0) {
                nonsense();
            } else if (kind == 1) {
                parseAndDescribe();
            } else if (kind == 2 && home) {
                ScriptStatement statement =
                        pick(random.nextBoolean() ? ScriptStatement.CONTROL : ScriptStatement.SESSION);
                parseBindExecute(statement);
                noteControl(statement);
            } else if (kind < 6 && !prepared.isEmpty()) {
                executePrepared();
            } else {
                parseBindExecute(statement(count == 1));
            }
            if (random.nextInt(6) == 0) {
                add(new Flush(), "Flush");
            }
        }
        sync();
    }

    /** The unnamed statement does not outlive the unit: an error may have left the one before in its place. */
    private void sync() {
        prepared.remove("");
        steps.add(Step.ending(new Sync(), "Sync"));
    }

    private void add(FrontendMessage message, String text) {
        steps.add(Step.of(message, text));
    }

    private void parseBindExecute(ScriptStatement statement) {
        String name = parse(statement);
        bindExecute(name, statement);
    }

    private String parse(ScriptStatement statement) {
        String name = pick(STATEMENT_NAMES);
        if (!name.isEmpty() && prepared.containsKey(name) && random.nextInt(10) != 0) {
            add(new Close(Target.STATEMENT, name), "Close S " + name);
        }
        prepared.put(name, statement);
        add(new Parse(name, bytes(statement.sql()), NO_OIDS), "Parse \"" + name + "\" " + statement.sql());
        if (random.nextInt(3) == 0) {
            add(new Describe(Target.STATEMENT, name), "Describe S \"" + name + "\"");
        }
        return name;
    }

    private void parseAndDescribe() {
        String name = parse(pick(ScriptStatement.KEYED));
        add(new Describe(Target.STATEMENT, name), "Describe S \"" + name + "\"");
    }

    private void executePrepared() {
        List<String> names = prepared.keySet().stream().sorted().toList();
        String name = pick(names);
        ScriptStatement statement = Objects.requireNonNull(prepared.get(name));
        if (home || statement.place() == ScriptStatement.Place.KEY || placed) {
            bindExecute(name, statement);
        }
    }

    private void bindExecute(String name, ScriptStatement statement) {
        String portal = statement.isVirtual() ? "" : pick(PORTAL_NAMES);
        List<String> values = values(statement);
        byte[][] parameters = values.stream().map(ScriptGenerator::bytes).toArray(byte[][]::new);
        int[] resultFormats = random.nextInt(4) == 0 ? new int[] {1} : TEXT;
        add(
                new Bind(portal, name, TEXT, parameters, resultFormats),
                "Bind \"" + portal + "\" of \"" + name + "\" " + values);
        if (random.nextBoolean()) {
            add(new Describe(Target.PORTAL, portal), "Describe P \"" + portal + "\"");
        }
        int limit = random.nextInt(3) == 0 ? 2 : 0;
        add(new Execute(portal, limit), "Execute \"" + portal + "\" " + limit);
        if (limit > 0 && !statement.isVirtual() && random.nextBoolean()) {
            add(new Execute(portal, limit), "Execute \"" + portal + "\" " + limit);
        }
        if (!portal.isEmpty()) {
            add(new Close(Target.PORTAL, portal), "Close P \"" + portal + "\"");
        }
        placed |= statement.place() == ScriptStatement.Place.KEY;
    }

    private void nonsense() {
        switch (random.nextInt(5)) {
            case 0 -> add(new Bind("", "nosuch", TEXT, new byte[0][], TEXT), "Bind \"\" of \"nosuch\" []");
            case 1 -> add(new Execute("nosuch", 0), "Execute \"nosuch\" 0");
            case 2 -> add(new Describe(Target.PORTAL, "nosuch"), "Describe P \"nosuch\"");
            case 3 -> add(new Describe(Target.STATEMENT, "nosuch"), "Describe S \"nosuch\"");
            default -> add(new Close(Target.STATEMENT, "nosuch"), "Close S \"nosuch\"");
        }
    }

    // ---- choices ----------------------------------------------------------------------------------------------------

    /** @param only whether no other statement shares its unit */
    private ScriptStatement statement(boolean only) {
        boolean anywhere = home || placed || (only && !inTransaction);
        int kind = random.nextInt(10);
        if (kind < 3 && anywhere) {
            return pick(ScriptStatement.ANYWHERE);
        }
        if (kind < 6 && home) {
            return pick(ScriptStatement.HOME);
        }
        placed = true;
        return pick(ScriptStatement.KEYED);
    }

    private List<String> values(ScriptStatement statement) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < statement.parameters(); i++) {
            values.add(i == 0 ? pick(keys) : pick(List.of("7", "value", "l'été", "")));
        }
        return values;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
