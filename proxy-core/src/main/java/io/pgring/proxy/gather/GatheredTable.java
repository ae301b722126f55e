package io.pgring.proxy.gather;

import static java.util.stream.Collectors.joining;

import io.pgring.proxy.topology.GatherNames;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The statements that make the objects for one sharded table.
 *
 * <p>The visible view leaves out the rows whose token is in {@code pgring.hidden}. There is none most of the time, which is looked up once for
 * each statement, so that the hash of each row is computed only while rows are moved. It then has the other form, which can be written through.
 *
 * <p>A view over the table would forbid the user to drop the table or to change the type of a column. So the view reads a function whose
 * body is text, of which PostgreSQL notes no dependencies; the planner puts the body in the function's place ("inlining" in the manual's
 * chapter on query language functions), so that filters and sorts use the table's indexes as with a view. A table that has changed meanwhile
 * makes the view fail, not lie. Price: type modifiers, as the 10 of varchar(10), are not told to clients.
 *
 * @param columns in table order
 * @param token of a row of {@code t}, as SQL
 */
record GatheredTable(String schema, String name, List<GatheredColumn> columns, String token) {
    /** Intersected with all tokens, the value is no longer that of the table's row, which would be decompressed for each token. */
    private static final String HIDDEN =
            "(SELECT h.arcs OPERATOR(pg_catalog.*) '{(,)}'::pg_catalog.int8multirange FROM pgring.hidden AS h)";

    private static final String NONE_HIDDEN = "(SELECT pg_catalog.isempty(h.arcs) FROM pgring.hidden AS h)";

    /** Since then a view can be read with the rights of who reads it. */
    private static final int INVOKER_SINCE = 15;

    GatheredTable {
        columns = List.copyOf(columns);
    }

    /** The name of its views. */
    String relation() {
        return GatherNames.relation(schema, name);
    }

    /** The table as in statements. */
    String quotedName() {
        return GatherNames.quote(schema, name);
    }

    /** The table as in messages. */
    String qualifiedName() {
        return schema + "." + name;
    }

    private String list(Function<GatheredColumn, String> form) {
        return columns.stream().map(form).collect(joining(", "));
    }

    /** Makes the view over the rows of the server on which it is run. */
    List<String> createVisible() {
        String visible = GatherNames.quote(GatherNames.VISIBLE, relation());
        String body = rows();
        return List.of(
                "CREATE FUNCTION " + visible + "() RETURNS TABLE (" + list(GatheredColumn::resultColumn)
                        + ") LANGUAGE sql STABLE AS " + Ddl.literal(body),
                "CREATE VIEW " + visible + " AS SELECT " + list(GatheredColumn::visibleColumn) + " FROM " + visible
                        + "()");
    }

    private String rows() {
        return "SELECT " + list(column -> "t." + column.quotedName()) + " FROM " + quotedName() + " AS t WHERE "
                + NONE_HIDDEN + " OR NOT (" + token + " OPERATOR(pg_catalog.<@) " + HIDDEN + ")";
    }

    /**
     * Makes the view in the form that can be written through, by whoever may do so with the table. The table then can't be dropped, or its columns
     * be given other types, without the view.
     *
     * @param serverVersion major version
     */
    List<String> createWritable(int serverVersion) {
        String visible = GatherNames.quote(GatherNames.VISIBLE, relation());
        boolean invoker = serverVersion >= INVOKER_SINCE;
        List<String> statements = new ArrayList<>();
        statements.add("CREATE VIEW " + visible + (invoker ? " WITH (security_invoker = true)" : "") + " AS " + rows());
        if (invoker) {
            statements.add("GRANT SELECT, UPDATE, DELETE, INSERT ON " + visible + " TO PUBLIC");
        }
        return statements;
    }

    /** Drops what {@link #createVisible} makes for a relation, and what depends on it. */
    static List<String> dropVisible(String relation) {
        String visible = GatherNames.quote(GatherNames.VISIBLE, relation);
        return List.of(
                "DROP VIEW IF EXISTS " + visible + " CASCADE", "DROP FUNCTION IF EXISTS " + visible + "() CASCADE");
    }

    /** Makes, on the home shard, the foreign tables and the view over all rows. */
    List<String> createGather(List<Shard> others) {
        List<String> statements = new ArrayList<>();
        StringBuilder gather = new StringBuilder("CREATE VIEW ")
                .append(GatherNames.quote(GatherNames.GATHER, relation()))
                .append(" AS ")
                .append(selectFrom(GatherNames.VISIBLE, relation()));
        for (Shard shard : others) {
            String foreign = GatherNames.foreign(shard.name(), relation());
            statements.add("CREATE FOREIGN TABLE " + GatherNames.quote(GatherNames.REMOTE, foreign) + " ("
                    + list(GatheredColumn::foreignColumn) + ") SERVER "
                    + GatherNames.quote(GatherNames.server(shard.name()))
                    + " OPTIONS (schema_name " + Ddl.literal(GatherNames.VISIBLE) + ", table_name "
                    + Ddl.literal(relation()) + ")");
            gather.append(" UNION ALL ").append(selectFrom(GatherNames.REMOTE, foreign));
        }
        statements.add(gather.toString());
        return statements;
    }

    private String selectFrom(String in, String relation) {
        return "SELECT " + list(GatheredColumn::quotedName) + " FROM " + GatherNames.quote(in, relation);
    }

    /** Drops what {@link #createGather} makes for a relation, and what depends on it. */
    static List<String> dropGather(String relation, List<Shard> others) {
        List<String> statements = new ArrayList<>();
        statements.add("DROP VIEW IF EXISTS " + GatherNames.quote(GatherNames.GATHER, relation) + " CASCADE");
        for (Shard shard : others) {
            String foreign = GatherNames.foreign(shard.name(), relation);
            statements.add(
                    "DROP FOREIGN TABLE IF EXISTS " + GatherNames.quote(GatherNames.REMOTE, foreign) + " CASCADE");
        }
        return statements;
    }
}
