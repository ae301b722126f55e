package io.pgring.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table that is not on the home shard alone. Names are as the catalog of PostgreSQL has them: without quotes, case kept.
 *
 * @param schema schema of the table
 * @param name name of the table
 * @param keyColumn column that decides the shard of a row of a sharded table; null for a reference table, of which every shard has a
 *     full copy
 */
public record TableConfiguration(
        String schema, String name, @Nullable String keyColumn) {
    private static final String DEFAULT_SCHEMA = "public";
    private static final Pattern IDENTIFIER = Pattern.compile("\"((?:[^\"]|\"\")+)\"|([\\p{L}_][\\p{L}\\p{N}_$]*)");

    public TableConfiguration {
        InvalidValueException.ifBlank("name", schema);
        InvalidValueException.ifBlank("name", name);
        if (keyColumn != null) {
            InvalidValueException.ifBlank("keyColumn", keyColumn);
        }
    }

    /** Whether every shard has a full copy. */
    public boolean isReference() {
        return keyColumn == null;
    }

    /** {@code schema.name}, for messages. */
    public String qualifiedName() {
        return schema + "." + name;
    }

    /** A reference table, its name written as in SQL. */
    public static TableConfiguration parseReference(String qualifiedName) {
        List<String> parts = relation(qualifiedName);
        return new TableConfiguration(parts.get(0), parts.get(1), null);
    }

    /**
     * A sharded table, its names written as in SQL: {@code kv}, {@code app.events}, {@code "Odd schema"."T"}; folded to lower
     * case unless quoted, schema {@code public} unless given.
     */
    public static TableConfiguration parse(String qualifiedName, String keyColumn) {
        List<String> parts = relation(qualifiedName);
        List<String> column = identifiers("keyColumn", keyColumn);
        if (column.size() > 1) {
            throw new InvalidValueException("keyColumn", "must be the name of one column, not '" + keyColumn + "'");
        }
        return new TableConfiguration(parts.get(0), parts.get(1), column.get(0));
    }

    /** Schema and name. */
    private static List<String> relation(String qualifiedName) {
        List<String> parts = identifiers("name", qualifiedName);
        if (parts.size() > 2) {
            throw new InvalidValueException("name", "must be table or schema.table, not '" + qualifiedName + "'");
        }
        return parts.size() == 2 ? parts : List.of(DEFAULT_SCHEMA, parts.get(0));
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
