package io.pgring.pgsql.spread;

import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Node;
import java.util.ArrayList;
import java.util.List;

/** Puts together the query that reads the rows of all tables of a {@link Ship}. */
final class ShipReading {
    private final TokenTable tokens;
    private final boolean views;
    private final List<String> tables = new ArrayList<>();
    private final List<Excerpt.Piece> pieces = new ArrayList<>();
    private final List<Integer> parameters = new ArrayList<>();

    /** @param views whether views take the place of the tables */
    ShipReading(TokenTable tokens, boolean views) {
        this.tokens = tokens;
        this.views = views;
        words("SELECT NULL, NULL, " + RowTextSettings.EXPRESSION);
    }

    private void words(String sql) {
        pieces.add(new Excerpt.Piece.Words(sql));
    }

    private void head(String table, String row) {
        words(" UNION ALL SELECT '" + tables.size() + "', (" + row + ".*)::pg_catalog.text, NULL FROM ");
        tables.add(table);
    }

    /**
     * All rows of a table.
     *
     * @param view that may take its place
     */
    void whole(String table, String view) {
        head(table, "t");
        words((views ? view : table) + " AS t");
    }

    /**
     * The rows of a table that meet some conditions.
     *
     * @param view that may take its place
     * @param item what reads it
     * @param nameEnd where its name ends there
     * @param name by which the conditions know it
     */
    void filtered(
            String table,
            String view,
            FromItem.TableReference item,
            int nameEnd,
            String name,
            List<Expression> conditions) {
        head(table, Names.quoted(name));
        if (!views) {
            tokens(tokens.at(item.start()), tokens.at(item.end()));
        } else if (item.alias() == null) {
            words(view + " AS " + Names.quoted(name));
        } else {
            words(view + " ");
            tokens(tokens.at(nameEnd), tokens.at(item.end()));
        }
        String before = " WHERE (";
        for (Expression condition : conditions) {
            words(before);
            condition(condition);
            before = ") AND (";
        }
        words(")");
    }

    private void condition(Node condition) {
        int from = tokens.at(condition.start());
        for (Expression.Parameter parameter : ShipFilter.parameters(condition)) {
            int token = tokens.at(parameter.start());
            tokens(from, token);
            parameters.add(parameter.number());
            words(" $" + parameters.size() + " ");
            from = token + 1;
        }
        tokens(from, tokens.at(condition.end()));
    }

    private void tokens(int from, int to) {
        if (to > from) {
            pieces.add(new Excerpt.Piece.Tokens(from, to));
        }
    }

    List<String> tables() {
        return tables;
    }

    Excerpt query() {
        return new Excerpt(pieces);
    }

    List<Integer> parameters() {
        return parameters;
    }
}
