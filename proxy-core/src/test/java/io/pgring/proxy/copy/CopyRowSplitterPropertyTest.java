package io.pgring.proxy.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random tables, written in each format and cut anywhere, give back their rows and keys. */
class CopyRowSplitterPropertyTest {
    private static final String[] PIECES = {
        "a", "", ",", "\t", "\\", "\"", "\n", "\r", ".", "N", "\\N", "ä", "😀", " ", "0"
    };
    private static final CopyFormat.Csv STRANGE_CSV =
            new CopyFormat.Csv((byte) ';', "NULL", (byte) '\'', (byte) '\\', true, true);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void textRowsAreFound() {
        for (int round = 0; round < 400; round++) {
            String lineEnd = lineEnd();
            List<List<@Nullable String>> table = table();
            List<String> rows =
                    table.stream().map(row -> textRow(row) + lineEnd).toList();
            assertFound(CopyFormat.Text.DEFAULT, table, "", rows, "\\." + lineEnd);
        }
    }

    @Test
    void csvRowsAreFound() {
        for (int round = 0; round < 400; round++) {
            String lineEnd = lineEnd();
            List<List<@Nullable String>> table = table();
            for (CopyFormat.Csv format : List.of(CopyFormat.Csv.DEFAULT, STRANGE_CSV)) {
                List<String> rows =
                        table.stream().map(row -> csvRow(format, row) + lineEnd).toList();
                String header = format.header() ? "'a\nb';c" + lineEnd : "";
                assertFound(format, table, header, rows, "\\." + lineEnd);
            }
        }
    }

    @Test
    void binaryRowsAreFound() {
        for (int round = 0; round < 400; round++) {
            List<List<@Nullable String>> table = table();
            byte[] extension = new byte[random.nextInt(5)];
            ByteBuffer header = ByteBuffer.allocate(19 + extension.length);
            header.put(HexFormat.of().parseHex("5047434f50590aff0d0a00"));
            header.putInt(random.nextInt(1 << 16)).putInt(extension.length).put(extension);
            List<byte[]> rows =
                    table.stream().map(CopyRowSplitterPropertyTest::binaryRow).toList();
            assertFound(new CopyFormat.Binary(), table, header.array(), rows, new byte[] {-1, -1});
        }
    }

    private void assertFound(
            CopyFormat format, List<List<@Nullable String>> table, String header, List<String> rows, String marker) {
        List<byte[]> bytes = rows.stream().map(row -> row.getBytes(UTF_8)).toList();
        assertFound(format, table, header.getBytes(UTF_8), bytes, marker.getBytes(UTF_8));
    }

    private void assertFound(
            CopyFormat format, List<List<@Nullable String>> table, byte[] header, List<byte[]> rows, byte[] marker) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(header);
        rows.forEach(data::writeBytes);
        boolean marked = random.nextBoolean();
        data.writeBytes(marked ? marker : new byte[0]);
        byte[] bytes = data.toByteArray();
        int keyIndex = random.nextInt(columns(table));
        CopyKeyColumn key = new CopyKeyColumn("key", keyIndex, columns(table));
        List<String> keys = table.stream()
                .map(row -> row.get(keyIndex) == null ? "NULL" : String.valueOf(row.get(keyIndex)))
                .toList();
        int[] cuts =
                random.ints(random.nextInt(5), 0, bytes.length + 1).sorted().toArray();
        Stream.of(
                        Splitting.whole(format, key, bytes),
                        Splitting.everywhere(format, key, bytes),
                        Splitting.cut(format, key, bytes, cuts))
                .forEach(found -> {
                    String description = "seed " + seed + ": " + new String(bytes, UTF_8);
                    assertThat(found.keys()).as(description).isEqualTo(keys);
                    assertThat(found.rows()).as(description).isEqualTo(texts(rows));
                    assertThat(found.headers()).as(description).hasSize(header.length == 0 ? 0 : 1);
                    assertThat(found.markers()).as(description).hasSize(marked ? 1 : 0);
                    assertThat(found.all()).as(description).isEqualTo(bytes);
                });
    }

    private static List<String> texts(List<byte[]> rows) {
        return rows.stream().map(row -> new String(row, UTF_8)).toList();
    }

    private static int columns(List<List<@Nullable String>> table) {
        return table.isEmpty() ? 1 : table.get(0).size();
    }

    private List<List<@Nullable String>> table() {
        int columns = 1 + random.nextInt(4);
        List<List<@Nullable String>> table = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            List<@Nullable String> row = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                row.add(value());
            }
            table.add(row);
        }
        return table;
    }

    private @Nullable String value() {
        if (random.nextInt(6) == 0) {
            return null;
        }
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            value.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return value.toString();
    }

    private String lineEnd() {
        return new String[] {"\n", "\r", "\r\n"}[random.nextInt(3)];
    }

    private String textRow(List<@Nullable String> row) {
        return String.join("\t", row.stream().map(this::textField).toList());
    }

    /** As COPY TO writes it, and now and then with escapes that only COPY FROM knows. */
    private String textField(@Nullable String value) {
        if (value == null) {
            return "\\N";
        }
        return value.replace("\\", random.nextBoolean() ? "\\\\" : "\\134")
                .replace("a", random.nextInt(4) > 0 ? "a" : "\\x61")
                .replace("\t", random.nextBoolean() ? "\\t" : "\\\t")
                .replace("\n", random.nextBoolean() ? "\\n" : "\\x0a")
                .replace("\r", random.nextBoolean() ? "\\r" : "\\015");
    }

    private String csvRow(CopyFormat.Csv format, List<@Nullable String> row) {
        String delimiter = Character.toString(format.delimiter());
        return String.join(
                delimiter, row.stream().map(value -> csvField(format, value)).toList());
    }

    /** As COPY TO writes it, and now and then with quotes that are not needed. */
    private String csvField(CopyFormat.Csv format, @Nullable String value) {
        if (value == null) {
            return format.nullText();
        }
        String quote = Character.toString(format.quote());
        String escape = Character.toString(format.escape());
        boolean special = value.matches("(?s).*[,;'\"\\\\\r\n].*");
        if (!special && !value.equals(format.nullText()) && !value.equals("\\.") && random.nextInt(4) > 0) {
            return value;
        }
        String escaped = value.replace(escape, escape + escape);
        return quote + (escape.equals(quote) ? escaped : escaped.replace(quote, escape + quote)) + quote;
    }

    private static byte[] binaryRow(List<@Nullable String> row) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(2).putShort((short) row.size()).array());
        for (String value : row) {
            byte[] bytes = value == null ? new byte[0] : value.getBytes(UTF_8);
            out.writeBytes(ByteBuffer.allocate(4)
                    .putInt(value == null ? -1 : bytes.length)
                    .array());
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }
}
