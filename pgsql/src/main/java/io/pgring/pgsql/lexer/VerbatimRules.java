package io.pgring.pgsql.lexer;

/**
 * Decides which literals stay in a key because their value, and not their kind alone, says what the statement means:
 *
 * <ul>
 *   <li>every literal of a statement that does not begin with SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES or WITH; and of
 *       everything behind a CREATE, because a function's body holds statements of its own;
 *   <li>literals behind LIMIT, OFFSET, FETCH, and positions in ORDER BY, GROUP BY, DISTINCT ON, up to the next clause;
 *   <li>type modifiers, as in {@code x::varchar(10)};
 *   <li>strings behind a word that may be a type: {@code interval '1 day'}.
 * </ul>
 *
 * <p>To keep one too many costs a plan; to keep one too few could give a wrong answer. A word counts as a keyword wherever it
 * stands when it keeps literals, and only where it surely is one when it releases them.
 */
final class VerbatimRules {
    private static final int DEPTH_MAX = 63;

    private static final int NAME = 0;
    /** A reserved word that an expression may follow. */
    private static final int OPERAND_FOLLOWS = 1;
    /** A reserved word that ends the reach of the keepers. */
    private static final int RELEASES = 2;
    /** LIMIT, ORDER and so on. */
    private static final int KEEPS = 3;

    private static final int AS = 4;

    private static final long SELECT = pack("select");
    private static final long INSERT = pack("insert");
    private static final long UPDATE = pack("update");
    private static final long DELETE = pack("delete");
    private static final long MERGE = pack("merge");
    private static final long VALUES = pack("values");
    private static final long WITH = pack("with");
    private static final long CREATE = pack("create");
    private static final long OF_AS = pack("as");
    private static final long OF_IN = pack("in");
    private static final long OF_OR = pack("or");
    private static final long OF_ON = pack("on");
    private static final long OF_AND = pack("and");
    private static final long OF_NOT = pack("not");
    private static final long OF_FOR = pack("for");
    private static final long OF_FROM = pack("from");
    private static final long OF_LIKE = pack("like");
    private static final long OF_WHEN = pack("when");
    private static final long OF_THEN = pack("then");
    private static final long OF_ELSE = pack("else");
    private static final long OF_CASE = pack("case");
    private static final long OF_JOIN = pack("join");
    private static final long OF_LIMIT = pack("limit");
    private static final long OF_FETCH = pack("fetch");
    private static final long OF_ORDER = pack("order");
    private static final long OF_GROUP = pack("group");
    private static final long OF_WHERE = pack("where");
    private static final long OF_UNION = pack("union");
    private static final long OF_ILIKE = pack("ilike");
    private static final long OF_OFFSET = pack("offset");
    private static final long OF_HAVING = pack("having");
    private static final long OF_EXCEPT = pack("except");
    private static final long OF_WINDOW = pack("window");
    private static final long OF_BETWEEN = pack("between");
    private static final long OF_DISTINCT = pack("distinct");
    private static final long OF_INTERSEC = pack("intersec");
    private static final long OF_RETURNIN = pack("returnin");

    /** Bits of {@link #before}, what the last token was. A string behind this one is the literal of a typed constant. */
    private static final int TYPE = 1;

    private static final int DOT = 2;
    private static final int DISTINCT = 4;
    /** A type name may be going on, so that a parenthesis begins its modifiers. */
    private static final int IN_TYPE = 8;
    /** DISTINCT came while literals were kept. */
    private static final int DISTINCT_KEPT = 16;

    private boolean first;
    private boolean wholeStatement;
    private boolean restOfText;
    private int depth;
    /** Bit n: literals at depth n stay. */
    private long keeping;

    private int before;

    void reset() {
        restOfText = false;
        onStatement();
    }

    private void onStatement() {
        first = true;
        wholeStatement = false;
        depth = 0;
        keeping = 0;
        before = 0;
    }

    /**
     * An unquoted word.
     *
     * @param size in bytes
     * @param packed its first 8 bytes, folded, the first in the lowest place
     * @param bytes holds the folded word from {@code offset}
     */
    void onWord(int size, long packed, byte[] bytes, int offset) {
        if (first) {
            onFirstWord(packed, size);
        }
        int last = before;
        int meaning = (last & DOT) != 0 ? NAME : meaning(size, packed, bytes, offset);
        if (meaning == NAME) {
            before = TYPE | (last & IN_TYPE);
        } else {
            onKeyword(meaning, packed, last);
        }
    }

    private void onKeyword(int meaning, long packed, int last) {
        before = 0;
        switch (meaning) {
            case AS -> before = IN_TYPE;
            case KEEPS -> {
                if (packed == OF_DISTINCT) {
                    before = isKeeping() ? DISTINCT | DISTINCT_KEPT : DISTINCT;
                }
                keep(true);
            }
            case RELEASES -> {
                boolean distinctFrom = packed == OF_FROM && (last & DISTINCT) != 0;
                keep(distinctFrom && (last & DISTINCT_KEPT) != 0);
            }
            default -> {}
        }
    }

    private boolean isKeeping() {
        return (keeping & bit()) != 0;
    }

    private void keep(boolean on) {
        keeping = on ? keeping | bit() : keeping & ~bit();
    }

    /** A literal. Tells whether it stays in the key. */
    boolean onLiteral(LiteralKind kind) {
        boolean keep = first
                || wholeStatement
                || restOfText
                || isKeeping()
                || depth >= DEPTH_MAX
                || ((before & TYPE) != 0 && kind.isString());
        onSymbol();
        return keep;
    }

    /** An operator, a comma, a bracket: a token that says nothing here. */
    void onSymbol() {
        onFirstOther();
        before = 0;
    }

    /** A token that is neither a word nor a literal. */
    void onOther(TokenKind kind) {
        int last = before;
        switch (kind) {
            case LEFT_PARENTHESIS -> open();
            case RIGHT_PARENTHESIS -> close();
            case SEMICOLON -> semicolon();
            case DOT -> {
                onSymbol();
                before = DOT | (last & IN_TYPE);
            }
            case QUOTED_IDENTIFIER -> {
                onSymbol();
                before = TYPE | (last & IN_TYPE);
            }
            case TYPECAST -> {
                onSymbol();
                before = IN_TYPE;
            }
            default -> onSymbol();
        }
    }

    void open() {
        boolean keep = isKeeping() || (before & IN_TYPE) != 0;
        before = 0;
        depth++;
        keep(keep);
    }

    void close() {
        if (depth > 0) {
            depth--;
        }
        before = TYPE;
    }

    void semicolon() {
        before = 0;
        if (depth == 0) {
            onStatement();
        }
    }

    private void onFirstWord(long packed, int size) {
        first = false;
        boolean known = size <= 8
                && (packed == SELECT
                        || packed == INSERT
                        || packed == UPDATE
                        || packed == DELETE
                        || packed == VALUES
                        || packed == WITH
                        || packed == MERGE);
        wholeStatement = !known;
        restOfText |= size <= 8 && packed == CREATE;
    }

    /** A statement that begins with something else than words and parentheses is none that is known. */
    private void onFirstOther() {
        if (first) {
            first = false;
            wholeStatement = true;
        }
    }

    private long bit() {
        return 1L << Math.min(depth, DEPTH_MAX);
    }

    private static int meaning(int size, long packed, byte[] bytes, int offset) {
        return switch (size) {
            case 2 ->
                packed == OF_AS ? AS : packed == OF_IN || packed == OF_OR || packed == OF_ON ? OPERAND_FOLLOWS : NAME;
            case 3 -> packed == OF_AND || packed == OF_NOT ? OPERAND_FOLLOWS : packed == OF_FOR ? RELEASES : NAME;
            case 4 -> meaningOf4(packed);
            case 5 -> meaningOf5(packed);
            case 6 -> packed == OF_OFFSET ? KEEPS : releasesOf6(packed) ? RELEASES : NAME;
            case 7 -> packed == OF_BETWEEN ? OPERAND_FOLLOWS : NAME;
            case 8 -> packed == OF_DISTINCT ? KEEPS : NAME;
            case 9 ->
                (packed == OF_INTERSEC && bytes[offset + 8] == 't')
                                || (packed == OF_RETURNIN && bytes[offset + 8] == 'g')
                        ? RELEASES
                        : NAME;
            default -> NAME;
        };
    }

    private static int meaningOf4(long packed) {
        if (packed == OF_FROM) {
            return RELEASES;
        }
        boolean operand = packed == OF_LIKE
                || packed == OF_WHEN
                || packed == OF_THEN
                || packed == OF_ELSE
                || packed == OF_CASE
                || packed == OF_JOIN;
        return operand ? OPERAND_FOLLOWS : NAME;
    }

    private static int meaningOf5(long packed) {
        if (packed == OF_LIMIT || packed == OF_FETCH || packed == OF_ORDER || packed == OF_GROUP) {
            return KEEPS;
        }
        return packed == OF_WHERE || packed == OF_UNION ? RELEASES : packed == OF_ILIKE ? OPERAND_FOLLOWS : NAME;
    }

    private static boolean releasesOf6(long packed) {
        return packed == SELECT || packed == OF_HAVING || packed == OF_EXCEPT || packed == OF_WINDOW;
    }

    private static long pack(String word) {
        long packed = 0;
        for (int i = 0; i < word.length(); i++) {
            packed |= (long) word.charAt(i) << (8 * i);
        }
        return packed;
    }
}
