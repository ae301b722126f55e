package io.pgring.pgsql.parser;

/** Precedence of operators, loosest first, as declared in gram.y (manual, section 4.1.6). */
final class Precedence {
    static final int LOWEST = 0;
    static final int OR = 1;
    static final int AND = 2;
    static final int NOT = 3;
    /** IS, ISNULL, NOTNULL. */
    static final int IS = 4;
    /** {@code < > = <= >= <>}. */
    static final int COMPARISON = 5;
    /** BETWEEN, IN, LIKE, ILIKE, SIMILAR. */
    static final int PATTERN = 6;
    /** Every other operator. */
    static final int OPERATOR = 7;

    static final int ADDITION = 8;
    static final int MULTIPLICATION = 9;
    static final int POWER = 10;
    /** AT TIME ZONE. */
    static final int AT = 11;

    static final int COLLATE = 12;
    static final int UNARY_MINUS = 13;
    static final int TYPECAST = 14;

    private Precedence() {}

    /** Of an operator by its characters. */
    static int of(String symbol) {
        return switch (symbol) {
            case "<", ">", "=", "<=", ">=", "<>", "!=" -> COMPARISON;
            case "+", "-" -> ADDITION;
            case "*", "/", "%" -> MULTIPLICATION;
            case "^" -> POWER;
            default -> OPERATOR;
        };
    }
}
