package io.pgring.pgsql.copy;

import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A COPY of a table from or to the client. Whether the options make sense is for the servers to judge, who read the same text.
 *
 * @param table schema and name as written
 * @param columns of the statement; empty for those of the table
 * @param format how rows are written
 * @param delimiter between columns
 * @param nullText stands for NULL
 * @param quote of csv
 * @param escape of csv
 * @param header whether the first line holds column names
 * @param utf8 whether the data has the client's encoding, or UTF-8
 * @param forceNotNull columns of FORCE_NOT_NULL
 * @param forceNull columns of FORCE_NULL
 * @param unknown an option that may change what the data means in a way that is not known here; null when there is none
 */
public record CopyCommand(
        String table,
        List<String> columns,
        Format format,
        byte delimiter,
        String nullText,
        byte quote,
        byte escape,
        boolean header,
        boolean utf8,
        CopyColumns forceNotNull,
        CopyColumns forceNull,
        @Nullable String unknown) {
    /** FORMAT. */
    public enum Format {
        TEXT,
        CSV,
        BINARY
    }

    public CopyCommand {
        columns = List.copyOf(columns);
    }

    /**
     * Reads the text of one COPY of a table.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static CopyCommand read(byte[] text) {
        List<Statement> statements = Parser.parse(text, 0, text.length).statements();
        Copy copy = statements.stream()
                .filter(Copy.class::isInstance)
                .map(Copy.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a COPY"));
        if (copy.table() == null) {
            throw new IllegalArgumentException("not the COPY of a table");
        }
        CopyOptions options = new CopyOptions();
        try {
            options.read(text, copy);
        } catch (SqlSyntaxException e) {
            options.unknown("of a string whose value is not known");
        }
        return options.command(
                copy.table().name(), copy.columns().stream().map(Name::value).toList());
    }
}
