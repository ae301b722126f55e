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
    private final List<String> tables = new ArrayList<>();
    private final List<Excerpt.Piece> pieces = new ArrayList<>();
    private final List<Integer> parameters = new ArrayList<>();

    ShipReading(TokenTable tokens) {
        this.tokens = tokens;
        words("SELECT NULL, NULL, " + RowTextSettings.EXPRESSION);
    }

    private void words(String sql) {
        pieces.add(new Excerpt.Piece.Words(sql));
    }

    private void head(String table, String row) {
        words(" UNION ALL SELECT '" + tables.size() + "', (" + row + ".*)::pg_catalog.text, NULL FROM ");
        tables.add(table);
    }

    /** All rows of a table. */
    void whole(String table) {
        head(table, "t");
        words(table + " AS t");
    }

    /**
     * The rows of a table that meet some conditions.
     *
     * @param item what reads it
     * @param name by which the conditions know it
     */
    void filtered(String table, FromItem.TableReference item, String name, List<Expression> conditions) {
        head(table, Names.quoted(name));
        pieces.add(new Excerpt.Piece.Tokens(tokens.at(item.start()), tokens.at(item.end())));
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

    Ship.Reading reading() {
        return new Ship.Reading(tables, new Excerpt(pieces), parameters);
    }
}
