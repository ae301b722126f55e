package io.pgring.it.compare;

import io.pgring.proxy.topology.KeyType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that both sides have.
 *
 * @param create its definition
 * @param keyColumn what its rows are spread by; null unless it is sharded
 */
record ComparedTable(
        String name,
        Kind kind,
        String create,
        @Nullable String keyColumn,
        @Nullable KeyType keyType) {
    /** Where its rows are. */
    enum Kind {
        /** Each on the shard of its key. */
        SHARDED,
        /** All of them on every shard. */
        REFERENCE,
        /** All of them on the home shard. */
        HOME
    }

    /** The tables that are made for the comparison; those of {@code home.setup.sql} are on the home shard. */
    static final List<ComparedTable> ALL = List.of(
            sharded("kv", "key", KeyType.TEXT, "key text PRIMARY KEY, value text"),
            sharded(
                    "customers",
                    "id",
                    KeyType.INTEGER,
                    "id bigint PRIMARY KEY, name text NOT NULL, country text, vip boolean NOT NULL DEFAULT false, born date"),
            sharded(
                    "orders",
                    "customer",
                    KeyType.INTEGER,
                    "customer bigint NOT NULL, id int NOT NULL, amount numeric(12,2), note text DEFAULT 'none', placed timestamptz,"
                            + " PRIMARY KEY (customer, id), CHECK (amount > -1000000)"),
            sharded(
                    "tickets",
                    "id",
                    KeyType.INTEGER,
                    "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text, state text NOT NULL DEFAULT 'open'"),
            sharded(
                    "visits",
                    "visitor",
                    KeyType.INTEGER,
                    "visitor bigint NOT NULL, n serial, page text, length int GENERATED ALWAYS AS (length(page)) STORED,"
                            + " PRIMARY KEY (visitor, n)"),
            sharded(
                    "places",
                    "code",
                    KeyType.TEXT,
                    "code varchar(8) PRIMARY KEY DEFAULT 'nowhere', name char(5), tags text[], far interval, high numeric(6,2),"
                            + " mask bit(3), seen timestamptz DEFAULT '2026-01-01 00:00+00', ratio float8, facts jsonb, raw bytea"),
            plain("countries", Kind.REFERENCE, "code text PRIMARY KEY, name text NOT NULL"),
            plain("settings", Kind.HOME, "name text PRIMARY KEY, value text, n int"),
            plain("notes", Kind.HOME, ""),
            plain("side.kv", Kind.HOME, ""),
            plain("triggering", Kind.HOME, ""),
            plain("ruled", Kind.HOME, ""),
            plain("defaulting", Kind.HOME, ""),
            plain("numbers_drawn", Kind.HOME, ""));

    private static ComparedTable sharded(String name, String keyColumn, KeyType type, String columns) {
        return new ComparedTable(name, Kind.SHARDED, create(name, columns), keyColumn, type);
    }

    private static ComparedTable plain(String name, Kind kind, String columns) {
        return new ComparedTable(name, kind, columns.isEmpty() ? "" : create(name, columns), null, null);
    }

    private static String create(String name, String columns) {
        return "CREATE TABLE " + name + " (" + columns + ");\n";
    }

    /** Whether a shard has it. */
    boolean isOn(int shard) {
        return kind != Kind.HOME || shard == 0;
    }

    /** A query of its rows: the table's name, the row as text, and for a sharded table the token of its key. */
    String rowsSql() {
        String token = keyType == null || keyColumn == null ? "NULL::bigint" : keyType.tokenSql(keyColumn);
        return "SELECT '" + name + "' AS name, t::text AS line, " + token + " AS token FROM " + name + " AS t";
    }
}
