package io.pgring.pgsql.copy;

import io.pgring.pgsql.copy.CopyCommand.Format;
import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.QualifiedName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the options of a COPY, in the syntax of today (copy_generic_opt_list) and in that of before 9.0 (copy_opt_list). What is not
 * known is noted: what PostgreSQL makes of it can't be told.
 */
final class CopyOptions {
    private static final Set<String> UTF8 = Set.of("utf8", "utf-8", "unicode", "sql_ascii", "sqlascii");
    private static final Set<String> TRUE = Set.of("true", "on", "1", "match");
    private static final Set<String> FALSE = Set.of("false", "off", "0");

    private Format format = Format.TEXT;
    private @Nullable String delimiter;
    private @Nullable String nullText;
    private @Nullable String quote;
    private @Nullable String escape;
    private boolean header;
    private boolean utf8 = true;
    private CopyColumns forceNotNull = CopyColumns.NONE;
    private CopyColumns forceNull = CopyColumns.NONE;
    private @Nullable String unknown;

    /** An option whose meaning is not known; the first one stays. */
    void unknown(String option) {
        if (unknown == null) {
            unknown = option;
        }
    }

    void read(byte[] text, Copy copy) {
        QualifiedName table = Objects.requireNonNull(copy.table());
        CopyTokens front = new CopyTokens(text, copy.start(), table.start());
        front.next();
        if (front.is("binary")) {
            format = Format.BINARY;
        }
        int end = copy.where() == null ? copy.end() : copy.where().start();
        CopyTokens tokens = new CopyTokens(text, copy.optionsStart(), end);
        tokens.accept("with");
        if (tokens.accept(TokenKind.LEFT_PARENTHESIS)) {
            do {
                readGeneric(tokens);
            } while (unknown == null && tokens.accept(TokenKind.COMMA));
            if (!tokens.accept(TokenKind.RIGHT_PARENTHESIS)) {
                unknown("with several values");
            }
        } else {
            while (unknown == null && !tokens.atEnd() && !tokens.is("where")) {
                readWord(tokens);
            }
        }
    }

    // ---- (name value, ...) ------------------------------------------------------------------------------------------

    private void readGeneric(CopyTokens tokens) {
        String name = tokens.takeValue();
        if (name == null) {
            unknown("without a name");
            return;
        }
        switch (name) {
            case "force_not_null" -> forceNotNull = list(tokens);
            case "force_null" -> forceNull = list(tokens);
            case "force_quote" -> list(tokens);
            default -> set(name, tokens.takeValue());
        }
    }

    private CopyColumns list(CopyTokens tokens) {
        if (!tokens.accept(TokenKind.LEFT_PARENTHESIS)) {
            return tokens.takeColumns();
        }
        CopyColumns columns = tokens.takeColumns();
        if (!tokens.accept(TokenKind.RIGHT_PARENTHESIS)) {
            unknown("with a list of something else than columns");
        }
        return columns;
    }

    private void set(String name, @Nullable String value) {
        switch (name) {
            case "format" -> setFormat(String.valueOf(value));
            case "delimiter" -> delimiter = value;
            case "null" -> nullText = value;
            case "quote" -> quote = value;
            case "escape" -> escape = value;
            case "header" -> setHeader(value == null ? "true" : value.toLowerCase(Locale.ROOT));
            case "encoding" -> setEncoding(String.valueOf(value));
            case "freeze", "on_error", "log_verbosity" -> {}
            default -> unknown(name.toUpperCase(Locale.ROOT));
        }
    }

    private void setFormat(String value) {
        switch (value) {
            case "text" -> format = Format.TEXT;
            case "csv" -> format = Format.CSV;
            case "binary" -> format = Format.BINARY;
            default -> unknown("FORMAT");
        }
    }

    private void setHeader(String value) {
        header = TRUE.contains(value);
        if (!header && !FALSE.contains(value)) {
            unknown("HEADER");
        }
    }

    private void setEncoding(String value) {
        utf8 = UTF8.contains(value.toLowerCase(Locale.ROOT));
    }

    // ---- words ------------------------------------------------------------------------------------------------------

    private void readWord(CopyTokens tokens) {
        if (tokens.accept("binary")) {
            format = Format.BINARY;
        } else if (tokens.accept("csv")) {
            format = Format.CSV;
        } else if (tokens.accept("header")) {
            header = true;
        } else if (tokens.accept("delimiter")) {
            delimiter = string(tokens);
        } else if (tokens.accept("null")) {
            nullText = string(tokens);
        } else if (tokens.accept("quote")) {
            quote = string(tokens);
        } else if (tokens.accept("escape")) {
            escape = string(tokens);
        } else if (tokens.accept("encoding")) {
            setEncoding(String.valueOf(string(tokens)));
        } else if (tokens.accept("force")) {
            readForce(tokens);
        } else if (!tokens.accept("freeze")) {
            unknown("in words that are not known");
        }
    }

    private static @Nullable String string(CopyTokens tokens) {
        tokens.accept("as");
        return tokens.takeValue();
    }

    private void readForce(CopyTokens tokens) {
        if (tokens.accept("quote")) {
            tokens.takeColumns();
        } else if (tokens.accept("null")) {
            forceNull = tokens.takeColumns();
        } else if (tokens.accept("not") && tokens.accept("null")) {
            forceNotNull = tokens.takeColumns();
        } else {
            unknown("FORCE");
        }
    }

    // ---- what follows -----------------------------------------------------------------------------------------------

    CopyCommand command(String table, List<String> columns) {
        boolean csv = format == Format.CSV;
        byte delimiterByte = single("DELIMITER", delimiter, csv ? "," : "\t");
        byte quoteByte = single("QUOTE", quote, "\"");
        byte escapeByte = single("ESCAPE", escape, quote == null ? "\"" : quote);
        String nullValue = nullText == null ? (csv ? "" : "\\N") : nullText;
        return new CopyCommand(
                table,
                columns,
                format,
                delimiterByte,
                nullValue,
                quoteByte,
                escapeByte,
                header,
                utf8,
                forceNotNull,
                forceNull,
                unknown);
    }

    /** PostgreSQL takes one byte alone. */
    private byte single(String option, @Nullable String value, String otherwise) {
        byte[] bytes = (value == null ? otherwise : value).getBytes(StandardCharsets.UTF_8);
        if (bytes.length != 1) {
            unknown(option);
            return 0;
        }
        return bytes[0];
    }
}
