package io.pgring.it.wire;

import io.pgring.it.wire.ScriptWriter.Terrain;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes up messages of the extended protocol: what drivers send, what nobody forbids, and mistakes. */
final class ExtendedScript {
    private static final List<String> STATEMENT_NAMES = List.of("", "", "s1", "s2", "s 'three'");
    private static final List<String> PORTAL_NAMES = List.of("", "", "p1", "p2");
    private static final int[] NONE = {};

    private final ScriptWriter writer;

    ExtendedScript(ScriptWriter writer) {
        this.writer = writer;
    }

    /** Some messages and their Sync. */
    void unit() {
        int count = 1 + writer.random.nextInt(4);
        for (int i = 0; i < count; i++) {
            piece(count == 1);
        }
        sync();
    }

    private void piece(boolean alone) {
        int kind = writer.random.nextInt(16);
        if (kind == 0) {
            nonsense();
        } else if (kind == 1) {
            ScriptStatement statement = writer.statement(alone);
            describe(Target.STATEMENT, parse(statement));
        } else if (kind == 2 && writer.terrain == Terrain.HOME) {
            ScriptStatement control =
                    writer.of(writer.pick(writer.oneIn(2) ? StatementChoice.CONTROL : StatementChoice.SESSION));
            // A statement that was only parsed before has settled the isolation level of a server.
            run(control.sql().contains("ISOLATION") ? ScriptStatement.anywhere("SHOW work_mem", 1) : control);
        } else if (kind < 5 && !writer.portals.isEmpty()) {
            usePortal();
        } else if (kind < 8 && !writer.prepared.isEmpty()) {
            executePrepared(alone);
        } else {
            run(writer.statement(alone));
        }
    }

    /** Parse, Bind and Execute. */
    void run(ScriptStatement statement) {
        String name = parse(statement);
        bind(name, statement);
        if (StatementChoice.isControl(statement)) {
            writer.note(statement);
        }
    }

    /** The unnamed statement does not outlive the unit: an error may have left the one before in its place. */
    void sync() {
        writer.prepared.remove("");
        writer.add(Step.ending(new Sync(), "Sync"));
    }

    void flushPerhaps() {
        if (writer.oneIn(12)) {
            writer.add(new Flush(), "Flush");
        }
    }

    private String parse(ScriptStatement statement) {
        String name = writer.pick(STATEMENT_NAMES);
        if (!name.isEmpty() && writer.prepared.containsKey(name) && !writer.oneIn(10)) {
            writer.add(new Close(Target.STATEMENT, name), "Close S \"" + name + "\"");
        }
        writer.prepared.put(name, statement);
        int[] typeOids = writer.oneIn(3)
                ? statement.parameters().stream()
                        .mapToInt(ScriptStatement.Parameter::typeOid)
                        .toArray()
                : NONE;
        String types = typeOids.length == 0 ? "" : Arrays.toString(typeOids) + " ";
        writer.add(
                new Parse(name, ScriptWriter.bytes(statement.sql()), typeOids),
                "Parse \"" + name + "\" " + types + ScriptWriter.shown(statement.sql()));
        flushPerhaps();
        if (writer.oneIn(3)) {
            describe(Target.STATEMENT, name);
        }
        return name;
    }

    private void describe(Target target, String name) {
        writer.add(
                new Describe(target, name), "Describe " + (target == Target.PORTAL ? "P" : "S") + " \"" + name + "\"");
        flushPerhaps();
    }

    private void executePrepared(boolean alone) {
        String name = writer.pick(writer.prepared.keySet().stream().sorted().toList());
        ScriptStatement statement = Objects.requireNonNull(writer.prepared.get(name));
        boolean free = alone || writer.inTransaction() || writer.terrain == Terrain.HOME;
        if (free || statement.place() == ScriptStatement.Place.KEY) {
            bind(name, statement);
        }
    }

    private void bind(String name, ScriptStatement statement) {
        String portal = writer.pick(PORTAL_NAMES);
        List<@Nullable String> values = writer.values(statement);
        int[] formats = formats(statement);
        byte[] @Nullable [] parameters = new byte[values.size()][];
        for (int i = 0; i < parameters.length; i++) {
            int format = formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : i];
            parameters[i] =
                    ScriptWriter.bytes(values.get(i), statement.parameters().get(i), format);
        }
        int[] resultFormats = resultFormats(statement);
        if (writer.oneIn(30)) {
            parameters = mistaken(parameters);
        }
        writer.add(
                new Bind(portal, name, formats, parameters, resultFormats),
                "Bind \"" + portal + "\" of \"" + name + "\" " + ScriptWriter.shown(values.toString()) + " ("
                        + parameters.length + ") formats " + Arrays.toString(formats) + " results "
                        + Arrays.toString(resultFormats.length > 12 ? new int[] {-1} : resultFormats));
        flushPerhaps();
        if (writer.oneIn(2)) {
            describe(Target.PORTAL, portal);
        }
        execute(portal, StatementChoice.isControl(statement));
        if (!portal.isEmpty() && writer.oneIn(2)) {
            closePortal(portal);
        } else if (statement.place() == ScriptStatement.Place.ANY && statement.columns() == 0) {
            writer.portals.remove(portal);
        } else {
            writer.portals.add(portal);
        }
    }

    /** A parameter too many, or too few, or one that isn't what it claims to be. */
    private byte[] @Nullable [] mistaken(byte[] @Nullable [] parameters) {
        return switch (writer.random.nextInt(3)) {
            case 0 -> Arrays.copyOf(parameters, parameters.length + 1);
            case 1 -> Arrays.copyOf(parameters, Math.max(0, parameters.length - 1));
            default -> {
                byte[] @Nullable [] bad = parameters.clone();
                if (bad.length > 0) {
                    bad[bad.length - 1] = new byte[] {(byte) 0xff, 0x20, 0x30};
                }
                yield bad;
            }
        };
    }

    private int[] formats(ScriptStatement statement) {
        boolean number = statement.parameters().contains(ScriptStatement.Parameter.NUMBER);
        return switch (writer.random.nextInt(6)) {
            case 0 -> number ? NONE : new int[] {1};
            case 1 ->
                statement.parameters().stream()
                        .mapToInt(parameter -> parameter != ScriptStatement.Parameter.NUMBER && writer.oneIn(2) ? 1 : 0)
                        .toArray();
            case 2 -> new int[] {writer.oneIn(15) && statement.place() != ScriptStatement.Place.KEY ? 7 : 0};
            default -> NONE;
        };
    }

    private int[] resultFormats(ScriptStatement statement) {
        return switch (writer.random.nextInt(6)) {
            case 0, 1 -> new int[] {1};
            case 2 ->
                writer.random
                        .ints(statement.columns() + (writer.oneIn(15) ? 2 : 0), 0, 2)
                        .toArray();
            default -> NONE;
        };
    }

    private void execute(String portal, boolean control) {
        int limit = writer.oneIn(3) ? 1 + writer.random.nextInt(3) : 0;
        writer.add(new Execute(portal, limit), "Execute \"" + portal + "\" " + limit);
        flushPerhaps();
        for (int again = 0; limit > 0 && !control && again < 3 && writer.oneIn(2); again++) {
            writer.add(new Execute(portal, limit), "Execute \"" + portal + "\" " + limit);
            flushPerhaps();
        }
    }

    private void closePortal(String portal) {
        writer.add(new Close(Target.PORTAL, portal), "Close P \"" + portal + "\"");
        writer.portals.remove(portal);
        flushPerhaps();
    }

    /** One that may be there from before. */
    private void usePortal() {
        String portal = writer.pick(writer.portals.stream().sorted().toList());
        switch (writer.random.nextInt(4)) {
            case 0 -> describe(Target.PORTAL, portal);
            case 1 -> closePortal(portal);
            default -> execute(portal, false);
        }
    }

    private void nonsense() {
        switch (writer.random.nextInt(7)) {
            case 0 -> writer.add(new Bind("", "nosuch", NONE, new byte[0][], NONE), "Bind \"\" of \"nosuch\" []");
            case 1 -> writer.add(new Execute("nosuch", 0), "Execute \"nosuch\" 0");
            case 2 -> describe(Target.PORTAL, "nosuch");
            case 3 -> describe(Target.STATEMENT, "nosuch");
            case 4 -> writer.add(new Close(Target.STATEMENT, "nosuch"), "Close S \"nosuch\"");
            case 5 -> writer.add(new Close(Target.PORTAL, "nosuch"), "Close P \"nosuch\"");
            default -> {
                String name = writer.pick(STATEMENT_NAMES);
                writer.prepared.remove(name);
                writer.add(new Close(Target.STATEMENT, name), "Close S \"" + name + "\"");
            }
        }
    }
}
