package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.TableCatalog;
import io.pgring.pgsql.lexer.TokenTable;

/** What a statement is analysed with: the tokens of its text, and the tables. */
record Source(TokenTable tokens, TableCatalog catalog) {
    byte[] text() {
        return tokens.text();
    }
}
