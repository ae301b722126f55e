package io.pgring.pgsql.spread;

import io.pgring.pgsql.spread.StoredColumn.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An INSERT whose rows are read first, by one statement, and then written, by another one for each shard that gets some:
 *
 * <pre>
 *  WITH w AS (..) INSERT INTO t (a, b) SELECT x, y FROM u ON CONFLICT DO NOTHING RETURNING a
 *
 *  read   WITH w AS (..) SELECT pgring_1::int, pgring_2::text FROM (SELECT x, y FROM u) AS pgring_source (pgring_1, pgring_2)
 *  write  INSERT INTO t ("a", "b") SELECT r."a", r."b" FROM unnest($1::"public"."t"[]) AS r ON CONFLICT DO NOTHING RETURNING a
 * </pre>
 *
 * @param table schema and name, as SQL
 * @param place where its parts are in the text
 * @param given the columns for which the source may have values, in its order
 * @param sourceColumns for how many it has; -1 if only a server can tell
 * @param others all other columns
 * @param keyColumn the name of the key
 * @param values casts and defaults inside of VALUES; null for any other source, whose columns are cast from outside
 * @param draws whether a default is among them that the home shard alone may compute
 */
public record RelayedInsert(
        String table,
        Place place,
        List<StoredColumn> given,
        int sourceColumns,
        List<StoredColumn> others,
        String keyColumn,
        @Nullable List<Splice> values,
        boolean draws) {
    private static final String ROWS = "pgring_source";

    /**
     * Token indexes; a part ends before its end.
     *
     * @param withStart of WITH; the same as the end when there is none
     * @param insert the word INSERT
     * @param nameEnd behind the name of the table and its alias
     * @param sourceStart of the source; the same as the end for DEFAULT VALUES
     * @param sourceEnd behind the source or DEFAULT VALUES
     * @param end behind the statement
     */
    public record Place(int withStart, int withEnd, int insert, int nameEnd, int sourceStart, int sourceEnd, int end) {
        boolean hasSource() {
            return sourceEnd > sourceStart;
        }
    }

    /**
     * The two statements.
     *
     * @param read splices that make the first one, which gives a row with a value for each of the columns
     * @param columns of the table that get values; null for one that gets none although it has a place in the rows
     * @param key the place of the key among them
     * @param draws whether the home shard alone may run the first statement
     */
    public record Rows(List<Splice> read, List<Optional<StoredColumn>> columns, int key, boolean draws) {
        public Rows {
            read = List.copyOf(read);
            columns = List.copyOf(columns);
        }
    }

    public RelayedInsert {
        given = List.copyOf(given);
        others = List.copyOf(others);
    }

    /** The source by itself, so that a server tells how many columns it has. */
    public List<Splice> source() {
        return List.of(new Splice(place.insert, place.sourceStart, ""), new Splice(place.sourceEnd, place.end, ""));
    }

    /**
     * The statements for a source of so many columns.
     *
     * @param count {@link #sourceColumns}, if that is known
     */
    public Rows rows(int count) {
        List<StoredColumn> from = given.subList(0, Math.min(count, given.size()));
        List<StoredColumn> left = new ArrayList<>(given.subList(from.size(), given.size()));
        left.addAll(others);
        List<StoredColumn> added = left.stream()
                .filter(column -> column.isDrawn() || column.name().equals(keyColumn))
                .toList();
        List<Splice> read = new ArrayList<>();
        String select = "SELECT " + targets(from, added);
        if (place.hasSource()) {
            read.add(new Splice(place.insert, place.sourceStart, select + " FROM ("));
            read.addAll(values == null ? List.of() : values);
            read.add(new Splice(place.sourceEnd, place.end, ") AS " + ROWS + " (" + names(from.size()) + ")"));
        } else {
            read.add(new Splice(place.insert, place.end, select));
        }
        List<StoredColumn> all = new ArrayList<>(from);
        all.addAll(added);
        int key = IntStream.range(0, all.size())
                .filter(index -> all.get(index).name().equals(keyColumn))
                .findFirst()
                .orElse(-1);
        List<Optional<StoredColumn>> columns = all.stream()
                .map(column -> Optional.of(column).filter(one -> one.kind() != Kind.GENERATED))
                .toList();
        return new Rows(read, columns, key, draws || added.stream().anyMatch(StoredColumn::isDrawn));
    }

    private String targets(List<StoredColumn> from, List<StoredColumn> added) {
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            targets.add(name(i) + (values == null ? from.get(i).cast() : ""));
        }
        added.forEach(column -> targets.add(column.defaultOfType()));
        return String.join(", ", targets);
    }

    private static String name(int index) {
        return "pgring_" + (index + 1);
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(RelayedInsert::name).collect(Collectors.joining(", "));
    }

    /**
     * The second statement.
     *
     * @param parameter the number of the one that takes the rows
     */
    public List<Splice> write(Rows rows, int parameter) {
        List<StoredColumn> columns =
                rows.columns().stream().flatMap(Optional::stream).toList();
        String list =
                columns.stream().map(column -> Names.quoted(column.name())).collect(Collectors.joining(", "));
        String taken = columns.stream()
                .map(column -> "r." + Names.quoted(column.name()))
                .collect(Collectors.joining(", "));
        boolean overrides = columns.stream().anyMatch(column -> column.kind() == Kind.IDENTITY);
        String statement = " (" + list + ")" + (overrides ? " OVERRIDING SYSTEM VALUE" : "") + " SELECT " + taken
                + " FROM pg_catalog.unnest($" + parameter + "::" + table + "[]) AS r ";
        List<Splice> splices = new ArrayList<>();
        if (place.withEnd > place.withStart) {
            splices.add(new Splice(place.withStart, place.withEnd, ""));
        }
        splices.add(new Splice(place.nameEnd, place.sourceEnd, statement));
        return splices;
    }
}
