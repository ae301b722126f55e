package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.analysis.TableCatalog;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.spread.Excerpt.Piece;
import io.pgring.pgsql.tree.Assignment;
import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds how an UPDATE that assigns the key of a sharded table can be run as a DELETE and an INSERT. Pure. */
public final class KeyMove {
    /** What RETURNING calls the row as it was, and as it is (PostgreSQL 18): an INSERT has no row as it was. */
    private static final Set<String> VERSIONS = Set.of("old", "new");

    private final Update update;
    private final TableClass.Sharded table;
    private final List<StoredColumn> columns;
    private final Source source;
    private final TokenTable tokens;
    private final Map<String, Expression> assigned = new HashMap<>();

    /**
     * @param table that it updates
     * @param columns all columns of the table, in its order
     * @param text that the statement was parsed from: {@code text[from, to)}, whose tokens are counted
     */
    public KeyMove(
            Update update,
            TableClass.Sharded table,
            List<StoredColumn> columns,
            TableCatalog catalog,
            byte[] text,
            int from,
            int to) {
        this.update = update;
        this.table = table;
        this.columns = columns;
        this.tokens = TokenTable.of(text, from, to);
        this.source = new Source(tokens, catalog);
    }

    /** Whether an UPDATE of a table assigns its key. */
    public static boolean isIn(Update update, TableClass.Sharded table) {
        return ScatterWrites.assignsKey(update.assignments(), table);
    }

    /** Why there is no way, as a sentence; null if there is one. */
    public @Nullable String reasonAgainst() {
        if (columns.isEmpty()) {
            return "The columns of table \"" + table.qualifiedName() + "\" are not known to the proxy yet.";
        }
        if (!update.from().isEmpty()) {
            return "UPDATE ... FROM takes one of several rows that join.";
        }
        if (update.table().only()) {
            return "Rows that ONLY leaves out could not be told from the others.";
        }
        String reason = readAssignments();
        if (reason == null && Queries.change(update)) {
            reason = "A part of the statement changes or locks rows.";
        }
        if (reason == null) {
            reason = reasonAgainstReturning();
        }
        return reason == null ? reasonAgainstDelete() : reason;
    }

    /** Notes what each column becomes. */
    private @Nullable String readAssignments() {
        for (Assignment assignment : update.assignments()) {
            if (!assignment.columns().stream().allMatch(ColumnTarget::whole)) {
                return "A part of a column is assigned.";
            }
            List<Expression> values = List.of(assignment.value());
            if (tokens.word(tokens.at(assignment.start())).equals("(")) {
                if (!(assignment.value() instanceof Expression.Row row) || hasStar(row)) {
                    return "Several columns are assigned what is not a list of as many values.";
                }
                values = row.elements();
            }
            for (int i = 0; i < assignment.columns().size() && i < values.size(); i++) {
                assigned.put(assignment.columns().get(i).column().value(), values.get(i));
            }
        }
        for (StoredColumn column : columns) {
            if (column.isDrawn() && isDefault(assigned.get(column.name()))) {
                return "The home shard alone may compute the default of column \"" + column.name() + "\".";
            }
        }
        return null;
    }

    private static boolean hasStar(Expression.Row row) {
        return row.elements().stream()
                .anyMatch(element -> element instanceof Expression.FieldSelection
                        || (element instanceof Expression.ColumnReference column && column.star()));
    }

    private static boolean isDefault(@Nullable Expression value) {
        return value != null && ShardAnalysis.isDefault(value);
    }

    /** Whether the rows that are inserted give what the rows that are updated would. */
    private @Nullable String reasonAgainstReturning() {
        if (update.returning().isEmpty()) {
            return null;
        }
        int token = returning();
        if (tokens.word(token + 1).equals("with") && tokens.word(token + 2).equals("(")) {
            return "RETURNING names the row as it was.";
        }
        for (QueryBody.Target target : update.returning()) {
            if (Queries.any(target, KeyMove::namesVersion)) {
                return "RETURNING names the row as it was.";
            }
            if (Queries.any(target, Select.class::isInstance)) {
                return "RETURNING has a query.";
            }
        }
        FromItem.Alias alias = update.table().alias();
        Insert insert = new Insert(
                null,
                update.table().name(),
                alias == null ? null : alias.name(),
                List.of(),
                null,
                null,
                null,
                update.returning(),
                update.start(),
                update.end());
        Analysis analysis = ShardAnalysis.analyze(InsertedRows.ofConstants(insert, table), source.catalog());
        return analysis instanceof Analysis.Bound && analysis.sessionStates().isEmpty()
                ? null
                : "RETURNING needs more than the row.";
    }

    private static boolean namesVersion(Node node) {
        return node instanceof Expression.ColumnReference column
                && !column.names().isEmpty()
                && VERSIONS.contains(column.names().get(0).value());
    }

    private @Nullable String reasonAgainstDelete() {
        List<QueryBody.Target> values = assigned.values().stream()
                .filter(value -> !isDefault(value))
                .map(value -> new QueryBody.Target(value, null, value.start(), value.end()))
                .toList();
        Delete delete = new Delete(
                update.with(), update.table(), List.of(), update.where(), values, update.start(), update.end());
        Analysis analysis = ShardAnalysis.analyze(delete, source.catalog());
        if (analysis instanceof Analysis.Bound && analysis.sessionStates().isEmpty()) {
            return null;
        }
        if (analysis instanceof Analysis.NotBound notBound && !notBound.opaque()) {
            return ScatterWrites.delete(delete, source) != null
                    ? null
                    : "What it computes is not known to be the same when each shard computes it over its own rows.";
        }
        return analysis instanceof Analysis.NotBound notBound
                ? notBound.reason()
                : "It uses more than the rows of the table.";
    }

    // ---- the two statements -----------------------------------------------------------------------------------------

    /** The way, if {@link #reasonAgainst} has found nothing. */
    public RelayedUpdate relayed() {
        List<StoredColumn> stored = columns.stream()
                .filter(column -> column.kind() != StoredColumn.Kind.GENERATED)
                .toList();
        int key = stored.stream().map(StoredColumn::name).toList().indexOf(table.keyColumn());
        String name = Names.quoted(table.schema()) + "." + Names.quoted(table.name());
        FromItem.Alias alias = update.table().alias();
        String target =
                alias == null ? name : name + " AS " + Names.quoted(alias.name().value());
        Piece.Tokens returning =
                update.returning().isEmpty() ? null : new Piece.Tokens(returning(), tokens.at(update.end()));
        return new RelayedUpdate(name, target, delete(stored, target), returning, stored, key);
    }

    private Excerpt delete(List<StoredColumn> stored, String target) {
        List<Piece> pieces = new ArrayList<>();
        int start = update.with() == null
                ? tokens.at(update.start())
                : tokens.at(update.with().end());
        if (start > 0) {
            pieces.add(new Piece.Tokens(0, start));
        }
        pieces.add(new Piece.Words(" DELETE FROM " + target));
        if (update.where() != null) {
            pieces.add(new Piece.Words(" WHERE ("));
            pieces.add(tokensOf(update.where()));
            pieces.add(new Piece.Words(")"));
        }
        FromItem.Alias alias = update.table().alias();
        String qualifier =
                Names.quoted(alias == null ? table.name() : alias.name().value());
        String before = " RETURNING ";
        for (StoredColumn column : stored) {
            Expression value = assigned.get(column.name());
            if (value == null) {
                pieces.add(new Piece.Words(before + qualifier + "." + Names.quoted(column.name())));
            } else if (isDefault(value)) {
                pieces.add(new Piece.Words(before + column.defaultOfType()));
            } else {
                pieces.add(new Piece.Words(before + "("));
                pieces.add(tokensOf(value));
                pieces.add(new Piece.Words(")" + column.cast()));
            }
            before = ", ";
        }
        return new Excerpt(pieces);
    }

    private Piece.Tokens tokensOf(Expression expression) {
        return new Piece.Tokens(tokens.at(expression.start()), tokens.at(expression.end()));
    }

    /** The token of the word, before which nothing but parentheses stands behind the last expression. */
    private int returning() {
        Expression where = update.where();
        List<Assignment> assignments = update.assignments();
        int token = tokens.at(
                where == null ? assignments.get(assignments.size() - 1).end() : where.end());
        while (!tokens.word(token).equals("returning")) {
            token++;
        }
        return token;
    }
}
