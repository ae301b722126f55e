package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.analysis.TableUses;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts arrays of rows in the place of sharded tables, wherever these are read, and says how the rows are read: all of them, or those
 * that meet conditions of the only place where the table is read.
 */
final class ShipRules {
    private final Source source;
    private final TableUses uses;
    private final SpliceList names;
    private final List<QueryBody.Simple> blocks = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private boolean possible = true;

    /** A table in FROM, and the command TABLE if it is that. */
    private record Read(
            FromItem.TableReference item, TableClass.Sharded table, int nameEnd, QueryBody.@Nullable Simple command) {}

    ShipRules(Source source, TableUses uses) {
        this.source = source;
        this.uses = uses;
        this.names = new SpliceList(source.tokens());
    }

    /** A SELECT at any depth. */
    void block(QueryBody.Simple block) {
        blocks.add(block);
    }

    /**
     * A table or a view is read.
     *
     * @param nameEnd where its name ends
     * @param command the command TABLE; null for an item of FROM
     */
    void table(FromItem.TableReference item, TableClass table, int nameEnd, QueryBody.@Nullable Simple command) {
        if (table instanceof TableClass.Sharded sharded) {
            reads.add(new Read(item, sharded, nameEnd, command));
        } else {
            // Its tables stand in its definition, out of reach.
            possible = false;
        }
    }

    /** What stands before the name of a table is left out. */
    void name(int start, int end) {
        names.replace(start, end, "");
    }

    /** Something is added behind a part of the statement. */
    void insertAfter(Node node, String text) {
        names.insertAfter(node, text);
    }

    /** Null if it is not possible. */
    @Nullable
    Ship ship() {
        if (!possible) {
            return null;
        }
        Map<Integer, Integer> parameters = parameters();
        Map<TableClass.Sharded, List<Read>> byTable = new LinkedHashMap<>();
        reads.stream()
                .sorted(Comparator.comparingInt(read -> read.item().start()))
                .forEach(read -> byTable.computeIfAbsent(read.table(), table -> new ArrayList<>())
                        .add(read));
        ShipReading reading = new ShipReading(source.tokens(), false);
        ShipReading visible = new ShipReading(source.tokens(), true);
        List<Ship.Place> places = new ArrayList<>();
        List<TableClass.Sharded> tables = List.copyOf(byTable.keySet());
        byTable.forEach((table, found) -> {
            found.forEach(read -> places.add(place(read, tables.indexOf(table))));
            List<Expression> conditions = found.size() == 1 ? conditions(found.get(0), parameters) : List.of();
            read(table, found.get(0), conditions, reading);
            read(table, found.get(0), conditions, visible);
        });
        int highest =
                parameters.keySet().stream().mapToInt(number -> number).max().orElse(0);
        Excerpt query = reading.query();
        Ship.Reading read = new Ship.Reading(
                reading.tables(), query, source.catalog().hidesRows() ? visible.query() : query, reading.parameters());
        return new Ship(read, places, names.sorted(), highest);
    }

    /** How often each parameter occurs in the text, by its number. */
    private Map<Integer, Integer> parameters() {
        TokenTable tokens = source.tokens();
        Map<Integer, Integer> counts = new HashMap<>();
        for (int token = 0; token < tokens.count(); token++) {
            if (tokens.kind(token) == TokenKind.PARAMETER) {
                int start = tokens.start(token) + 1;
                String number = new String(source.text(), start, tokens.end(token) - start, StandardCharsets.US_ASCII);
                counts.merge(Integer.parseInt(number), 1, Integer::sum);
            }
        }
        return counts;
    }

    private Ship.Place place(Read read, int table) {
        TokenTable tokens = source.tokens();
        QueryBody.Simple command = read.command();
        boolean named = read.item().alias() != null;
        return new Ship.Place(
                tokens.at(command == null ? read.item().start() : command.start()),
                tokens.at(read.nameEnd()),
                table,
                command == null ? "" : "SELECT * FROM ",
                named ? "" : " AS " + Names.quoted(read.table().name()));
    }

    // ---- how the rows are read --------------------------------------------------------------------------------------

    private void read(TableClass.Sharded table, Read read, List<Expression> conditions, ShipReading reading) {
        String name = Names.quoted(table.schema()) + "." + Names.quoted(table.name());
        String view = source.catalog().hidesRows() ? source.catalog().visibleName(table) : name;
        FromItem.Alias alias = read.item().alias();
        if (conditions.isEmpty()) {
            reading.whole(name, view);
        } else {
            reading.filtered(
                    name,
                    view,
                    read.item(),
                    read.nameEnd(),
                    alias == null ? table.name() : alias.name().value(),
                    conditions);
        }
    }

    /** What limits the rows of a table that is read but once. */
    private List<Expression> conditions(Read read, Map<Integer, Integer> counts) {
        for (QueryBody.Simple block : blocks) {
            Relations relations = Relations.of(block.from(), null, null, uses);
            if (relations != null && relations.contains(read.item())) {
                List<Expression> conditions =
                        ShipFilter.of(read.item(), block, relations, number -> counts.getOrDefault(number, 0) == 1);
                // A view in the table's place is not found by the table's schema.
                boolean qualified =
                        conditions.stream().anyMatch(condition -> Queries.any(condition, ShipRules::isQualified));
                return qualified && source.catalog().hidesRows() ? List.of() : conditions;
            }
        }
        return List.of();
    }

    private static boolean isQualified(Node node) {
        return node instanceof Expression.ColumnReference column
                && column.names().size() > 2;
    }
}
