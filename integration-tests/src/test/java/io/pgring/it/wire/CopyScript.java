package io.pgring.it.wire;

import io.pgring.it.wire.ScriptWriter.Terrain;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.CopyData;
import io.pgring.pgwire.frontend.CopyDone;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Flush;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Makes up COPY: in and out, in each format, ended in each way, with rows that are right and rows that are not. */
final class CopyScript {
    private static final int[] NONE = {};

    private final ScriptWriter writer;
    /**
     * A row of the data is wrong: no CopyFail then, which another shard might hear first, and no key that may be taken. Each shard
     * finds the mistakes in its own rows, so of two different ones either may come first.
     */
    private boolean wrong;

    CopyScript(ScriptWriter writer) {
        this.writer = writer;
    }

    private enum Format {
        TEXT,
        CSV,
        BINARY
    }

    /** Rows to the client. */
    String out() {
        String format = writer.pick(List.of("", " (FORMAT csv, HEADER)", " (FORMAT binary)"));
        return writer.pick(List.of(
                                "COPY (SELECT owner, note FROM home WHERE owner LIKE '{p}%' ORDER BY owner, note) TO STDOUT",
                                "COPY (SELECT i, 'x' || i FROM generate_series(1, 20) i) TO STDOUT",
                                "COPY (SELECT 6 / (3 - i) FROM generate_series(1, 5) i) TO STDOUT",
                                "COPY (SELECT nosuch FROM home) TO STDOUT"))
                        .replace("{p}", writer.prefix)
                + format;
    }

    /** Rows from the client. */
    void in() {
        boolean sharded = writer.terrain == Terrain.SPREAD || writer.oneIn(3);
        Format format = Format.values()[writer.random.nextInt(3)];
        boolean header = format == Format.CSV && writer.oneIn(3);
        String table = sharded ? "kv (key, value)" : "home (owner, note)";
        String sql = "COPY " + (writer.oneIn(15) ? "nosuch" : table) + " FROM STDIN"
                + (format == Format.TEXT
                        ? ""
                        : " (FORMAT " + format.name().toLowerCase(Locale.ROOT) + (header ? ", HEADER)" : ")"));
        boolean extended = writer.oneIn(2);
        boolean syncBefore = extended && writer.pipelined && writer.oneIn(3);
        List<FrontendMessage> messages = new ArrayList<>();
        if (extended) {
            messages.add(new Parse("", ScriptWriter.bytes(sql), NONE));
            messages.add(new Bind("", "", NONE, new byte[0][], NONE));
            messages.add(new Execute("", 0));
        } else {
            messages.add(Query.of(sql));
        }
        if (syncBefore) {
            messages.add(new Sync());
        }
        byte[] data = data(format, header);
        addData(messages, data);
        messages.add(writer.oneIn(5) && !wrong ? new CopyFail("no more") : new CopyDone());
        if (extended) {
            messages.add(new Sync());
        }
        String text = (extended ? "Parse, Bind, Execute" + (syncBefore ? ", Sync" : "") : "Query") + " \"" + sql + "\" "
                + ScriptWriter.shown(
                        format == Format.BINARY
                                ? data.length + " bytes"
                                : new String(data, java.nio.charset.StandardCharsets.UTF_8))
                + (messages.stream().anyMatch(CopyFail.class::isInstance) ? " CopyFail" : "");
        writer.add(new Step(messages, text, syncBefore ? Step.End.OPEN : Step.End.READY));
    }

    /** In pieces that end anywhere, with what a server ignores in between. */
    private void addData(List<FrontendMessage> messages, byte[] data) {
        int from = 0;
        while (from < data.length) {
            int length = 1 + writer.random.nextInt(writer.oneIn(2) ? 5 : data.length);
            int to = Math.min(data.length, from + length);
            messages.add(new CopyData(Arrays.copyOfRange(data, from, to)));
            from = to;
            if (writer.oneIn(20)) {
                messages.add(new Flush());
            }
        }
    }

    private byte[] data(Format format, boolean header) {
        int rows = writer.random.nextInt(6);
        wrong = false;
        try {
            return format == Format.BINARY ? binary(rows) : ScriptWriter.bytes(lines(rows, format, header));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A row to be.
     *
     * @param wrong whether it has another number of columns than the table
     */
    private record Row(int key, boolean wrong) {}

    private List<Row> rows(int rows, int oneInWrong) {
        List<Row> result = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            Row row = new Row(writer.random.nextInt(200), writer.oneIn(oneInWrong));
            wrong |= row.wrong();
            result.add(row);
        }
        return result;
    }

    /** Rows of data with a wrong one never stay, so their keys are free as long as they differ. */
    private String key(Row row, int number) {
        return writer.prefix + (wrong ? "w" + number + "-" : "c") + row.key();
    }

    private String lines(int rows, Format format, boolean header) {
        StringBuilder lines = new StringBuilder(header ? "one,two\n" : "");
        String separator = format == Format.CSV ? "," : "\t";
        List<Row> all = rows(rows, 15);
        for (int i = 0; i < rows; i++) {
            lines.append(key(all.get(i), i));
            if (!all.get(i).wrong()) {
                lines.append(separator)
                        .append(
                                format == Format.CSV
                                        ? "\"a \"\"note\"\",\nof two lines\""
                                        : "l'\u00e9t\\tin two words");
            }
            lines.append('\n');
        }
        if (format == Format.TEXT && writer.oneIn(4)) {
            lines.append("\\.\n");
        }
        return lines.toString();
    }

    private byte[] binary(int rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0});
        out.writeInt(0);
        out.writeInt(0);
        List<Row> all = rows(rows, 20);
        for (int i = 0; i < rows; i++) {
            out.writeShort(all.get(i).wrong() ? 3 : 2);
            value(out, key(all.get(i), i));
            value(out, "a note");
        }
        if (!writer.oneIn(10)) {
            out.writeShort(-1);
        }
        return bytes.toByteArray();
    }

    private static void value(DataOutputStream out, String text) throws IOException {
        byte[] value = ScriptWriter.bytes(text);
        out.writeInt(value.length);
        out.write(value);
    }
}
