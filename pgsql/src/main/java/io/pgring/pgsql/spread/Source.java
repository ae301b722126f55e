package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.TableCatalog;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.tree.FromItem;

/** What a statement is analysed with: the tokens of its text, and the tables. */
record Source(TokenTable tokens, TableCatalog catalog) {
    byte[] text() {
        return tokens.text();
    }

    /** Behind the name of a table, and the star that may follow it. */
    int nameEnd(FromItem.TableReference item) {
        int next = tokens.at(item.name().end());
        boolean star = next < tokens.count()
                && tokens.kind(next) == TokenKind.OPERATOR
                && tokens.start(next) < item.end()
                && tokens.word(next).equals("*");
        return star ? tokens.end(next) : item.name().end();
    }
}
