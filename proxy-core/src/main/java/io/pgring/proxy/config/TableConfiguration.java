package io.pgring.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sharded table. Names are as the catalog of PostgreSQL has them: without quotes, case kept.
 *
 * @param schema schema of the table
 * @param name name of the table
 * @param keyColumn column that decides the shard of a row
 */
public record TableConfiguration(String schema, String name, String keyColumn) {
    private static final String DEFAULT_SCHEMA = "public";
    private static final Pattern IDENTIFIER = Pattern.compile("\"((?:[^\"]|\"\")+)\"|([\\p{L}_][\\p{L}\\p{N}_$]*)");

    public TableConfiguration {
        InvalidValueException.ifBlank("name", schema);
        InvalidValueException.ifBlank("name", name);
        InvalidValueException.ifBlank("keyColumn", keyColumn);
    }

    /**
     * Reads names that are written as in SQL: {@code kv}, {@code app.events}, {@code "Odd schema"."T"}; folded to lower
     * case unless quoted, schema {@code public} unless given.
     */
    public static TableConfiguration parse(String qualifiedName, String keyColumn) {
        List<String> parts = identifiers("name", qualifiedName);
        List<String> column = identifiers("keyColumn", keyColumn);
        if (parts.size() > 2) {
            throw new InvalidValueException("name", "must be table or schema.table, not '" + qualifiedName + "'");
        }
        if (column.size() > 1) {
            throw new InvalidValueException("keyColumn", "must be the name of one column, not '" + keyColumn + "'");
        }
        String schema = parts.size() == 2 ? parts.get(0) : DEFAULT_SCHEMA;
        return new TableConfiguration(schema, parts.get(parts.size() - 1), column.get(0));
    }

    private static List<String> identifiers(String key, String text) {
        List<String> parts = new ArrayList<>();
        Matcher identifier = IDENTIFIER.matcher(text);
        int at = 0;
        while (identifier.find(at) && identifier.start() == at) {
            String quoted = identifier.group(1);
            parts.add(
                    quoted != null
                            ? quoted.replace("\"\"", "\"")
                            : identifier.group().toLowerCase(Locale.ROOT));
            if (identifier.end() == text.length()) {
                return parts;
            }
            if (text.charAt(identifier.end()) != '.') {
                break;
            }
            at = identifier.end() + 1;
        }
        throw new InvalidValueException(key, "is not a name as in SQL: '" + text + "'");
    }
}
