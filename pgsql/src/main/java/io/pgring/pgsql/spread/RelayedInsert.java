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
        boolean draws)
        implements Relay {
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

    public RelayedInsert {
        given = List.copyOf(given);
        others = List.copyOf(others);
    }

    @Override
    public String command() {
        return "INSERT";
    }

    @Override
    public String hint() {
        return "Write the key of each row as a constant or a parameter.";
    }

    @Override
    public boolean takesAway() {
        return false;
    }

    @Override
    public Rewriting source() {
        return new Spliced(
                List.of(new Splice(place.insert, place.sourceStart, ""), new Splice(place.sourceEnd, place.end, "")));
    }

    @Override
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
        return new Rows(new Spliced(read), columns, key, draws || added.stream().anyMatch(StoredColumn::isDrawn));
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

    @Override
    public Rewriting write(Rows rows, int parameter) {
        List<Splice> splices = new ArrayList<>();
        if (place.withEnd > place.withStart) {
            splices.add(new Splice(place.withStart, place.withEnd, ""));
        }
        splices.add(new Splice(place.nameEnd, place.sourceEnd, WrittenRows.sql(rows.columns(), table, parameter)));
        return new Spliced(splices);
    }
}
