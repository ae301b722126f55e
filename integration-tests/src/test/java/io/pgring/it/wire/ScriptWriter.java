package io.pgring.it.wire;

import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Query;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A script that is being made up: its steps so far, what the session should have come to, and the choices that are left to chance. */
final class ScriptWriter {
    private static final List<String> NUMBERS = List.of("7", "-1", "0", "2147483648", "seven");
    private static final List<String> WORDS = List.of("word", "another one", "");
    private static final List<String> TEXTS =
            List.of("7", "value", "l'été", "", "tab\there", "back\\slash", "forbidden", "€".repeat(2_000));

    /** Where the rows of a script are. */
    enum Terrain {
        /** On the home shard. */
        HOME,
        /** On one other shard. */
        AWAY,
        /** On all shards. */
        SPREAD
    }

    final Random random;
    final String prefix;
    final Terrain terrain;
    final boolean pipelined;
    final Map<String, ScriptStatement> prepared = new HashMap<>();
    final Set<String> portals = new HashSet<>();
    private final List<String> keys;
    private final List<Long> ids;
    private final long firstId;
    private final List<Step> steps = new ArrayList<>();
    private boolean inTransaction;

    /**
     * There was a simple Query in the transaction. One that has failed leaves a server its unnamed portal, whose use makes it crash: so that is
     * used in the unit of its Bind alone, which would be skipped if the Bind failed.
     */
    private boolean queried;

    /** The only key, and the only id, of the unit at hand; 0 to 2. */
    private int only = -1;

    /**
     * @param keys of {@code kv}: on one shard unless the terrain is all shards
     * @param ids of {@code events}, likewise
     * @param firstId the first of the numbers that belong to the script
     */
    ScriptWriter(
            Random random,
            String prefix,
            Terrain terrain,
            boolean pipelined,
            List<String> keys,
            List<Long> ids,
            long firstId) {
        this.random = random;
        this.prefix = prefix;
        this.terrain = terrain;
        this.pipelined = pipelined;
        this.keys = keys;
        this.ids = ids;
        this.firstId = firstId;
    }

    List<Step> steps() {
        return steps;
    }

    boolean inTransaction() {
        return inTransaction;
    }

    /** Statements of one unit outside of a transaction stay on one shard. */
    void beginUnit() {
        only = terrain == Terrain.SPREAD && !inTransaction ? random.nextInt(keys.size()) : -1;
        if (!inTransaction) {
            portals.clear();
            queried = false;
        } else if (queried) {
            portals.remove("");
        }
    }

    // ---- steps ------------------------------------------------------------------------------------------------------

    void add(FrontendMessage message, String text) {
        steps.add(Step.of(message, text));
    }

    void add(Step step) {
        steps.add(step);
    }

    void query(String sql) {
        portals.remove("");
        queried = true;
        steps.add(Step.ending(Query.of(sql), "Query \"" + shown(sql) + "\""));
    }

    static String shown(String text) {
        return text.length() < 400 ? text : text.substring(0, 60) + "... " + text.length();
    }

    /** What a statement means for the transaction, if it succeeds. */
    void note(ScriptStatement statement) {
        String sql = statement.sql();
        if (sql.startsWith("BEGIN") || sql.startsWith("START")) {
            inTransaction = true;
        } else if (List.of("COMMIT", "ROLLBACK", "END", "ABORT").contains(sql)) {
            inTransaction = false;
        }
    }

    /** The connection has ended. */
    void noteClosed() {
        inTransaction = false;
        prepared.clear();
        portals.clear();
    }

    // ---- choices ----------------------------------------------------------------------------------------------------

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** @param alone whether no other statement shares its unit */
    ScriptStatement statement(boolean alone) {
        return of(pick(kinds(alone)));
    }

    /** For this script. */
    ScriptStatement of(ScriptStatement statement) {
        return statement.of(prefix, firstId);
    }

    private List<ScriptStatement> kinds(boolean alone) {
        int kind = random.nextInt(10);
        boolean free = alone || inTransaction;
        return switch (terrain) {
            case HOME -> kind < 3 ? StatementChoice.ANYWHERE : kind < 6 ? StatementChoice.HOME : StatementChoice.KEYED;
            case AWAY ->
                kind < 3 && free
                        ? StatementChoice.ANYWHERE
                        : kind < 5 && free ? StatementChoice.HOME : StatementChoice.KEYED;
            case SPREAD ->
                kind < 2 && free
                        ? StatementChoice.ANYWHERE
                        : kind < 3 && free
                                ? StatementChoice.HOME
                                : kind < 6 && free ? StatementChoice.SPREAD : StatementChoice.KEYED;
        };
    }

    List<@Nullable String> values(ScriptStatement statement) {
        List<@Nullable String> values = new ArrayList<>();
        for (ScriptStatement.Parameter parameter : statement.parameters()) {
            values.add(
                    switch (parameter) {
                        case KEY -> only < 0 ? pick(keys) : keys.get(only);
                        case ID -> Long.toString(only < 0 ? pick(ids) : ids.get(only));
                        case TEXT -> oneIn(12) ? null : pick(TEXTS);
                        case WORD -> pick(WORDS);
                        case NUMBER -> pick(NUMBERS);
                    });
        }
        return values;
    }

    static byte[] bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A value on the wire. */
    static byte @Nullable [] bytes(@Nullable String value, ScriptStatement.Parameter parameter, int format) {
        if (value == null) {
            return null;
        }
        boolean number = format == 1 && parameter == ScriptStatement.Parameter.ID;
        return number
                ? ByteBuffer.allocate(Long.BYTES).putLong(Long.parseLong(value)).array()
                : bytes(value);
    }
}
