package io.pgring.pgsql.spread;

import org.jspecify.annotations.Nullable;

/** The settings of a server on which it depends whether the text of a row is read back as the same row by another server. */
public final class RowTextSettings {
    private static final String SEPARATOR = "|";
    private static final int DATE_STYLE = 0;
    private static final int FLOAT_DIGITS = 1;
    private static final int ARRAY_NULLS = 2;

    /** What a server says of its own: an expression of type text. */
    static final String EXPRESSION =
            "pg_catalog.concat_ws('" + SEPARATOR + "', pg_catalog.current_setting('DateStyle'),"
                    + " pg_catalog.current_setting('extra_float_digits'), pg_catalog.current_setting('array_nulls'),"
                    + " pg_catalog.current_setting('IntervalStyle'), pg_catalog.current_setting('lc_monetary'))";

    private RowTextSettings() {}

    /**
     * Why the text of a row may stand for another row: abbreviations of time zones are ambiguous, rounded numbers are others, and a
     * NULL in an array would be a word. Other settings must only be the same where the text is read.
     *
     * @param settings what the server said
     * @return what to do about it, a sentence; null when the text is exact
     */
    public static @Nullable String objection(String settings) {
        String[] values = settings.split("\\" + SEPARATOR, -1);
        if (!values[DATE_STYLE].startsWith("ISO")) {
            return "Set DateStyle to ISO.";
        }
        if (Integer.parseInt(values[FLOAT_DIGITS]) < 1) {
            return "Set extra_float_digits to 1 or more.";
        }
        return values[ARRAY_NULLS].equals("on") ? null : "Set array_nulls to on.";
    }
}
