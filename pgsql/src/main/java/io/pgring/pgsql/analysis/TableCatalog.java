package io.pgring.pgsql.analysis;

import org.jspecify.annotations.Nullable;

/** What the analysis must know about names. Answers must not change during one analysis. */
public interface TableCatalog {
    /**
     * The class of a table or view by its name as PostgreSQL would resolve it.
     *
     * @param schema the schema as written (folded, unquoted), or null when the name is unqualified
     * @param name the table name, folded or unquoted, at most 63 bytes
     * @return null when the name is neither a sharded table, nor a reference table, nor one that hides a sharded table
     */
    @Nullable
    TableClass find(@Nullable String schema, String name);

    /**
     * The table of an index, as {@link #find} tells it, by the name of the index; null when the index is not known or is one of a
     * table that is not.
     */
    default @Nullable TableClass findByIndex(@Nullable String schema, String index) {
        return null;
    }

    /**
     * Whether a bare word may be the name of a sharded or hiding table, in whichever schema. Asked about the words of statements
     * and function bodies that are not understood; to say yes is always safe.
     */
    default boolean mentions(String word) {
        return find(null, word) != null;
    }

    /**
     * Why a function, procedure or aggregate must not be called without care: its body reads a sharded table.
     *
     * @param name the function name without its schema
     * @return a sentence for a DETAIL field, or null when the function is harmless
     */
    @Nullable
    String hidingFunction(String name);

    /** Whether a function may set variables of its session, or more, without that its source tells. */
    default boolean mayChangeSession(String function) {
        return false;
    }

    /** Whether a table or view of the home shard runs such a function when it is read, or when it is written. */
    default boolean mayChangeSession(@Nullable String schema, String relation, boolean writes) {
        return false;
    }

    /** Whether shards may have rows that count on another one, so that what reads several shards must read {@link #visibleName}. */
    default boolean hidesRows() {
        return false;
    }

    /** The relation, as SQL, that has those rows of a sharded table which count on the shard that runs the statement. */
    default String visibleName(TableClass.Sharded table) {
        throw new UnsupportedOperationException("no rows are hidden");
    }
}
