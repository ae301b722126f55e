package io.pgring.pgsql.lexer;

/**
 * The elements of an array in text format, one after another, by the rules of PostgreSQL (arrayfuncs.c, array_in). Arrays of more than
 * one dimension and those that tell their bounds are not understood. Reusable, not thread-safe.
 *
 * <pre>
 *   { a , "b \" c" , \N ull , NULL }
 *     │    │          │        └ the word: NULL, unless array_nulls is off
 *     │    │          └ a backslash makes it a value, and keeps the character behind it
 *     │    └ in quotes space counts
 *     └ without quotes space counts inside of the value alone
 * </pre>
 */
public final class ArrayElements {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private byte[] text = new byte[0];
    private int position;
    private int end;
    private boolean first;
    private boolean understood;

    private int start;
    private int length;
    private boolean plain;

    /**
     * Stands before the first element of an array.
     *
     * @param array holds it at {@code [from, to)}; what has been read there is overwritten
     */
    public void read(byte[] array, int from, int to) {
        text = array;
        position = from;
        end = to;
        first = true;
        skipSpace();
        understood = isAt('{');
        position++;
    }

    /** Goes to the next element. False behind the last one, and when the array is not understood. */
    public boolean next() {
        if (!understood) {
            return false;
        }
        skipSpace();
        if (isAt('}')) {
            return end();
        }
        if (!first) {
            if (!isAt(',')) {
                return fail();
            }
            position++;
            skipSpace();
        }
        first = false;
        return isAt('"') ? quoted() : unquoted();
    }

    /** Whether all that was read so far is the text of an array. */
    public boolean isUnderstood() {
        return understood;
    }

    /** Index of the value of the element. */
    public int start() {
        return start;
    }

    /** Bytes of the value of the element. */
    public int length() {
        return length;
    }

    /** Whether the element is the word NULL. Without {@code array_nulls} that is a value as any other. */
    public boolean isNull() {
        if (!plain || length != NULL.length) {
            return false;
        }
        for (int i = 0; i < NULL.length; i++) {
            if ((text[start + i] | 0x20) != NULL[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean end() {
        position++;
        skipSpace();
        understood = position == end;
        return false;
    }

    private boolean fail() {
        understood = false;
        return false;
    }

    private boolean quoted() {
        plain = false;
        position++;
        start = position;
        int to = start;
        while (position < end && text[position] != '"') {
            if (text[position] == '\\') {
                position++;
            }
            if (position < end) {
                text[to++] = text[position++];
            }
        }
        length = to - start;
        if (position >= end) {
            return fail();
        }
        position++;
        return true;
    }

    private boolean unquoted() {
        plain = true;
        start = position;
        int to = start;
        int valueEnd = start;
        while (position < end && !isAt(',') && !isAt('}')) {
            if (isAt('{') || isAt('"')) {
                return fail();
            }
            boolean escaped = isAt('\\');
            if (escaped) {
                plain = false;
                position++;
            }
            if (position < end) {
                byte character = text[position++];
                text[to++] = character;
                valueEnd = escaped || !isSpace(character) ? to : valueEnd;
            }
        }
        length = valueEnd - start;
        return length > 0 || fail();
    }

    private boolean isAt(char character) {
        return position < end && text[position] == character;
    }

    private void skipSpace() {
        while (position < end && isSpace(text[position])) {
            position++;
        }
    }

    /** By array_isspace(). */
    private static boolean isSpace(byte character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }
}
