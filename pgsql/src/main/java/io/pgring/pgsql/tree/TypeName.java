package io.pgring.pgsql.tree;

/**
 * A type as written in a cast.
 *
 * @param name the normalised name: {@code character varying} is {@code varchar}, {@code double precision} is {@code float8}, and so on;
 *     with its schema when there is one
 * @param modifiers whether there is a list of modifiers, as in {@code varchar(10)}, or interval fields
 * @param arrayDimensions 0 for a plain type
 */
public record TypeName(String name, boolean modifiers, int arrayDimensions, boolean setOf, int start, int end) {
    /** Whether this is text, or varchar without a length: types whose cast leaves the bytes of a text as they are. */
    public boolean isPlainText() {
        return arrayDimensions == 0 && isTextElement();
    }

    /** Whether this is a one-dimensional array of such a type. */
    public boolean isPlainTextArray() {
        return arrayDimensions == 1 && isTextElement();
    }

    private boolean isTextElement() {
        return !modifiers
                && !setOf
                && (name.equals("text")
                        || name.equals("varchar")
                        || name.equals("pg_catalog.text")
                        || name.equals("pg_catalog.varchar"));
    }
}
