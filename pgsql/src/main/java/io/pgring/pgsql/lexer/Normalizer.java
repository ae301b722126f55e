package io.pgring.pgsql.lexer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Turns a text into the key of its plan and the table of its literals, in one pass and without allocation once its arrays
 * have grown. One instance per thread.
 *
 * <pre>
 * SELECT value FROM kv  WHERE Key = 'user_1' LIMIT 10   -- text
 * select␟value␟from␟kv␟where␟key␟=␟①␟limit␟10␟          -- key
 * </pre>
 *
 * <p>The key holds each token followed by a separator; unquoted words are folded to lower case; comments and whitespace are gone;
 * a literal is one marker byte of its kind ({@link LiteralKind#marker}). Separator and markers are bytes 0xF8 to 0xFF, which
 * occur in no UTF-8 text and are refused outside of literals: so two texts of one key have the same tokens but for the values of their literals.
 *
 * <p>Literals whose value changes what the statement means stay in the key, see {@link VerbatimRules}.
 */
public final class Normalizer {
    /** Between tokens of a key. */
    public static final byte SEPARATOR = (byte) 0xFF;

    private static final int INITIAL_KEY_BYTES = 512;
    private static final int INITIAL_LITERALS = 32;
    /** Up to here the key's array is made large enough for the whole text at once. */
    private static final int SHORT_TEXT_BYTES = 64 * 1024;
    /** Arrays above this are given back when the next text is smaller. */
    private static final int KEPT_KEY_BYTES = 256 * 1024;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int WORD_SLACK = 8;
    private static final long ONES = 0x0101010101010101L;
    private static final long SPACES = ' ' * ONES;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final Lexer lexer = new Lexer();
    private final VerbatimRules rules = new VerbatimRules();
    private byte[] key = new byte[INITIAL_KEY_BYTES];
    private int length;
    private long hash;
    private int literals;
    private int[] starts = new int[INITIAL_LITERALS];
    private int[] ends = new int[INITIAL_LITERALS];
    private LiteralKind[] kinds = new LiteralKind[INITIAL_LITERALS];

    /**
     * Normalises {@code text[from, to)}; the results hold until the next call. Borrows the text for this call alone.
     *
     * @throws SqlSyntaxException if the text has no tokens by PostgreSQL's lexical rules, or is not UTF-8 where it matters
     */
    public void normalize(byte[] text, int from, int to) {
        shrink(to - from);
        length = 0;
        literals = 0;
        rules.reset();
        if (to - from <= SHORT_TEXT_BYTES) {
            ensure(2 * (to - from));
            shortText(text, from, to);
        } else {
            int position = from;
            while (position < to) {
                position = token(text, position, to);
            }
        }
        hash = hashOf(key, length);
    }

    /** The key: bytes 0 to {@link #keyLength()} of an internal array, valid until the next call. */
    public byte[] key() {
        return key;
    }

    public int keyLength() {
        return length;
    }

    /** A 64-bit hash of the key, the same in every process. */
    public long keyHash() {
        return hash;
    }

    /** Number of literals that the key replaces by a marker. */
    public int literalCount() {
        return literals;
    }

    /** Byte offset of a literal in the text, at its quote or prefix. */
    public int literalStart(int index) {
        return starts[index];
    }

    /** Byte offset after a literal in the text. */
    public int literalEnd(int index) {
        return ends[index];
    }

    public LiteralKind literalKind(int index) {
        return kinds[index];
    }

    /**
     * The index of the literal that starts at a byte offset, or -1 when the key holds that literal verbatim: then it is the
     * same in every text of this key, and its value is that of the text that was analysed.
     */
    public int literalAt(int start) {
        int index = Arrays.binarySearch(starts, 0, literals, start);
        return index < 0 ? -1 : index;
    }

    /** The common tokens at once, all others by {@link #token}. The key has room for all of them. */
    private void shortText(byte[] text, int from, int to) {
        int position = from;
        while (position < to) {
            byte character = text[position];
            switch (CharacterClass.of(character)) {
                case CharacterClass.SPACE -> position++;
                case CharacterClass.LETTER -> position = shortWord(text, position, to);
                case CharacterClass.PREFIX ->
                    position = isLiteralPrefix(text, position, to)
                            ? token(text, position, to)
                            : shortWord(text, position, to);
                case CharacterClass.OPERATOR -> {
                    if (position + 1 < to && CharacterClass.isOperator(text[position + 1])) {
                        position = token(text, position, to);
                    } else {
                        rules.onSymbol();
                        position = symbol(character, position);
                    }
                }
                case CharacterClass.PUNCTUATION -> position = punctuation(character, position);
                case CharacterClass.QUOTE -> position = shortString(text, position, to);
                case CharacterClass.DIGIT -> position = shortInteger(text, position, to);
                default -> position = token(text, position, to);
            }
        }
    }

    private static boolean isLiteralPrefix(byte[] text, int position, int to) {
        return position + 1 < to && (text[position + 1] == '\'' || text[position + 1] == '&');
    }

    /** A word: its first letters eight at a time, the rest by the table. */
    private int shortWord(byte[] text, int start, int to) {
        byte[] target = key;
        int offset = length;
        int size = 0;
        if (start + Long.BYTES <= to) {
            long word = (long) LONG.get(text, start);
            long lower = word | SPACES;
            size = letters(word, lower);
            LONG.set(target, offset, lower);
            if (size < Long.BYTES && CharacterClass.fold(text[start + size]) == 0) {
                target[offset + size] = SEPARATOR;
                length = offset + size + 1;
                rules.onWord(size, lower & lowBytes(size), target, offset);
                return start + size;
            }
        }
        while (start + size < to) {
            byte folded = CharacterClass.fold(text[start + size]);
            if (folded == 0) {
                break;
            }
            target[offset + size++] = folded;
        }
        onWord(size, offset);
        target[offset + size] = SEPARATOR;
        length = offset + size + 1;
        return start + size;
    }

    /** How many bytes of a word of eight are ASCII letters, from the lowest on. */
    private static int letters(long word, long lower) {
        long low = lower & ~HIGH_BITS;
        long fromA = low + (0x80 - 'a') * ONES;
        long aboveZ = low + (0x80 - 'z' - 1) * ONES;
        long letters = fromA & ~aboveZ & ~word & HIGH_BITS;
        return Long.numberOfTrailingZeros(~letters & HIGH_BITS) >>> 3;
    }

    private void onWord(int size, int offset) {
        long packed = (long) LONG.get(key, offset) & lowBytes(Math.min(size, Long.BYTES));
        rules.onWord(size, packed, key, offset);
    }

    private int shortString(byte[] text, int start, int to) {
        int end = start + 1;
        while (end < to && text[end] != '\'') {
            end++;
        }
        end++;
        boolean plain = end == to || (end < to && text[end] != '\'' && StringScanner.continuation(text, end, to) < 0);
        if (!plain) {
            return token(text, start, to);
        }
        literal(LiteralKind.STRING, text, start, end);
        key[length++] = SEPARATOR;
        return end;
    }

    private int shortInteger(byte[] text, int start, int to) {
        int end = start + 1;
        while (end < to && CharacterClass.isDigit(text[end])) {
            end++;
        }
        if (end < to && (text[end] == '.' || CharacterClass.isIdentifierStart(text[end]))) {
            return token(text, start, to);
        }
        literal(LiteralKind.INTEGER, text, start, end);
        key[length++] = SEPARATOR;
        return end;
    }

    private int symbol(byte character, int position) {
        key[length++] = character;
        key[length++] = SEPARATOR;
        return position + 1;
    }

    private int punctuation(byte character, int position) {
        switch (character) {
            case '(' -> rules.open();
            case ')' -> rules.close();
            case ';' -> rules.semicolon();
            default -> rules.onSymbol();
        }
        return symbol(character, position);
    }

    /**
     * One token at or after a position, by the lexer.
     *
     * @return the offset after it
     */
    private int token(byte[] text, int position, int to) {
        lexer.reset(text, position, to);
        TokenKind kind = lexer.next();
        int start = lexer.start();
        int end = lexer.end();
        switch (kind) {
            case END -> {
                return to;
            }
            case IDENTIFIER -> word(text, start, end);
            case STRING -> literal(LiteralKind.STRING, text, start, end);
            case STRING_ESCAPED -> literal(LiteralKind.STRING_ESCAPED, text, start, end);
            case INTEGER -> literal(LiteralKind.INTEGER, text, start, end);
            case NUMERIC -> literal(LiteralKind.NUMERIC, text, start, end);
            case BIT_STRING -> literal(LiteralKind.BIT_STRING, text, start, end);
            default -> {
                rules.onOther(kind);
                copy(text, start, end);
            }
        }
        key[length++] = SEPARATOR;
        return end;
    }

    private void word(byte[] text, int start, int end) {
        ensure(end - start);
        int write = length;
        for (int read = start; read < end; read++) {
            key[write++] = CharacterClass.fold(text[read]);
        }
        onWord(end - start, length);
        length = write;
    }

    private static long lowBytes(int count) {
        return count == 8 ? -1L : (1L << (count * 8)) - 1;
    }

    private void literal(LiteralKind kind, byte[] text, int start, int end) {
        if (rules.onLiteral(kind)) {
            copy(text, start, end);
            return;
        }
        ensure(1);
        if (literals == starts.length) {
            growLiterals();
        }
        starts[literals] = start;
        ends[literals] = end;
        kinds[literals++] = kind;
        key[length++] = kind.marker();
    }

    private void copy(byte[] text, int start, int end) {
        ensure(end - start);
        int write = length;
        for (int read = start; read < end; read++) {
            byte character = text[read];
            if ((character & 0xF8) == 0xF8) {
                throw notUtf8(read);
            }
            key[write++] = character;
        }
        length = write;
    }

    private static SqlSyntaxException notUtf8(int position) {
        return new SqlSyntaxException(
                SqlSyntaxException.CHARACTER_NOT_IN_REPERTOIRE,
                "invalid byte sequence for encoding \"UTF8\"",
                position);
    }

    /** Room for so many bytes, a separator, and a read of 8 bytes behind them. */
    private void ensure(int bytes) {
        int needed = length + bytes + 1 + WORD_SLACK;
        if (needed > key.length) {
            key = Arrays.copyOf(key, Math.max(key.length * 2, needed));
        }
    }

    private void growLiterals() {
        int size = literals * 2;
        starts = Arrays.copyOf(starts, size);
        ends = Arrays.copyOf(ends, size);
        kinds = Arrays.copyOf(kinds, size);
    }

    private void shrink(int textBytes) {
        if (key.length > KEPT_KEY_BYTES && textBytes < KEPT_KEY_BYTES) {
            key = new byte[INITIAL_KEY_BYTES];
        }
        if (starts.length > KEPT_KEY_BYTES / 8 && textBytes < KEPT_KEY_BYTES) {
            starts = new int[INITIAL_LITERALS];
            ends = new int[INITIAL_LITERALS];
            kinds = new LiteralKind[INITIAL_LITERALS];
        }
    }

    /** Two lanes of eight bytes each, so that their multiplications overlap. */
    private static long hashOf(byte[] bytes, int length) {
        long one = length * MULTIPLIER;
        long two = ~one;
        int position = 0;
        for (; position + 16 <= length; position += 16) {
            one = mix(one ^ (long) LONG.get(bytes, position));
            two = mix(two ^ (long) LONG.get(bytes, position + 8));
        }
        if (position + 8 <= length) {
            one = mix(one ^ (long) LONG.get(bytes, position));
            position += 8;
        }
        if (position < length) {
            two = mix(two ^ ((long) LONG.get(bytes, position) & lowBytes(length - position)));
        }
        return mix(one ^ Long.rotateLeft(two, 32));
    }

    private static long mix(long value) {
        long product = value * MULTIPLIER;
        return product ^ product >>> 29;
    }
}
