package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.analysis.TableCatalog;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.tree.ColumnTarget;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds how an INSERT into a sharded table can be run whose text does not tell the keys of its rows. Pure. */
public final class RelayAnalysis {
    private static final String UNKNOWN_TYPE = "";

    private final Insert insert;
    private final List<StoredColumn> columns;
    private final TokenTable tokens;
    private boolean draws;

    private RelayAnalysis(Insert insert, List<StoredColumn> columns, TokenTable tokens) {
        this.insert = insert;
        this.columns = columns;
        this.tokens = tokens;
    }

    /**
     * The way, or null if there is none: the source writes or locks rows, or what becomes of the rows depends on more than these.
     *
     * @param table into which it inserts
     * @param columns all columns of the table, in its order
     * @param text that the statement was parsed from: {@code text[from, to)}, whose tokens the splices count
     */
    public static @Nullable RelayedInsert insert(
            Insert insert,
            TableClass.Sharded table,
            List<StoredColumn> columns,
            TableCatalog catalog,
            byte[] text,
            int from,
            int to) {
        boolean possible = insert.overriding() != Insert.Overriding.USER
                && insert.columns().stream().allMatch(ColumnTarget::whole)
                && !Queries.change(insert)
                && Queries.areNone(InsertedRows.ofConstants(insert, table))
                && writesAlike(InsertedRows.ofConstants(insert, table), catalog);
        return possible ? new RelayAnalysis(insert, columns, TokenTable.of(text, from, to)).relayed(table) : null;
    }

    /** Whether rows of known keys could be written so. */
    private static boolean writesAlike(Insert ofConstants, TableCatalog catalog) {
        return ShardAnalysis.analyze(ofConstants, catalog) instanceof Analysis.Bound bound
                && bound.sessionStates().isEmpty();
    }

    private RelayedInsert relayed(TableClass.Sharded table) {
        List<StoredColumn> given = insert.columns().isEmpty()
                ? columns
                : insert.columns().stream()
                        .map(target -> stored(target.column().value()))
                        .toList();
        Select source = insert.source();
        List<Splice> values = source != null && isPlain(source) && source.body() instanceof QueryBody.Values rows
                ? values(rows, given)
                : null;
        int count = source == null ? 0 : insert.columns().isEmpty() ? count(source) : given.size();
        return new RelayedInsert(
                Names.quoted(table.schema()) + "." + Names.quoted(table.name()),
                place(),
                source == null ? List.of() : given,
                count,
                source == null
                        ? columns
                        : columns.stream()
                                .filter(column -> given.stream()
                                        .noneMatch(one -> one.name().equals(column.name())))
                                .toList(),
                table.keyColumn(),
                values,
                draws);
    }

    /** Behind VALUES with an order or a limit its values are those of a query, compared before they are assigned. */
    private static boolean isPlain(Select source) {
        return source.with() == null && source.orderBy().isEmpty() && source.limit() == null && source.offset() == null;
    }

    private StoredColumn stored(String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElse(new StoredColumn(name, UNKNOWN_TYPE, null, StoredColumn.Kind.PLAIN));
    }

    private RelayedInsert.Place place() {
        Select source = insert.source();
        int start = tokens.at(insert.start());
        int withEnd = insert.with() == null ? start : tokens.at(insert.with().end());
        int nameEnd = tokens.at(
                insert.alias() == null ? insert.table().end() : insert.alias().end());
        int sourceEnd = source == null ? endOfDefaultValues(nameEnd) : tokens.at(source.end());
        return new RelayedInsert.Place(
                start,
                withEnd,
                withEnd,
                nameEnd,
                source == null ? sourceEnd : tokens.at(source.start()),
                sourceEnd,
                tokens.at(insert.end()));
    }

    private int endOfDefaultValues(int nameEnd) {
        int token = nameEnd;
        while (!tokens.word(token).equals("values")) {
            token++;
        }
        return token + 1;
    }

    /** How many columns a query has; -1 if its text does not tell. */
    private static int count(Select query) {
        QueryBody body = query.body();
        while (!(body instanceof QueryBody.Simple) && !(body instanceof QueryBody.Values)) {
            body = body instanceof QueryBody.Parenthesized inner
                    ? inner.query().body()
                    : ((QueryBody.SetOperation) body).operands().get(0);
        }
        if (body instanceof QueryBody.Values values) {
            return values.rows().get(0).elements().size();
        }
        List<QueryBody.Target> targets = ((QueryBody.Simple) body).targets();
        // A field selection may be (row).*, as well.
        boolean star = targets.stream()
                .anyMatch(target -> target.expression() instanceof Expression.FieldSelection
                        || (target.expression() instanceof Expression.ColumnReference column && column.star()));
        return star ? -1 : targets.size();
    }

    /** Each value as one of its column's type, as it would be assigned, and defaults in their places. */
    private List<Splice> values(QueryBody.Values values, List<StoredColumn> given) {
        List<Splice> splices = new ArrayList<>();
        for (Expression.Row row : values.rows()) {
            for (int i = 0; i < row.elements().size() && i < given.size(); i++) {
                Expression element = row.elements().get(i);
                StoredColumn column = given.get(i);
                int start = tokens.at(element.start());
                int end = tokens.at(element.end());
                if (ShardAnalysis.isDefault(element)) {
                    draws |= column.isDrawn();
                    boolean generated = column.kind() == StoredColumn.Kind.GENERATED;
                    splices.add(new Splice(start, end, generated ? "NULL" : column.defaultOfType()));
                } else if (!column.type().equals(UNKNOWN_TYPE)) {
                    splices.add(new Splice(start, start, "("));
                    splices.add(new Splice(end, end, ")::" + column.type()));
                }
            }
        }
        return splices;
    }
}
