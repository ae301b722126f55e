package io.pgring.pgsql.parser;

import io.pgring.pgsql.lexer.TokenKind;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.TypeName;

/** Names of types (Typename), with their modifiers and array bounds. */
final class TypeRules {
    private final Cursor cursor;
    private final NameRules names;
    private boolean modifiers;

    TypeRules(Cursor cursor, NameRules names) {
        this.cursor = cursor;
        this.names = names;
    }

    /** Typename. */
    TypeName type() {
        int start = cursor.start();
        boolean setOf = cursor.accept("setof");
        modifiers = false;
        String name = simple();
        int dimensions = arrayBounds();
        return new TypeName(name, modifiers, dimensions, setOf, start, cursor.end());
    }

    /** SimpleTypename: the type of {@code type 'literal'}. */
    TypeName simpleType() {
        int start = cursor.start();
        modifiers = false;
        String name = simple();
        return new TypeName(name, modifiers, 0, false, start, cursor.end());
    }

    private String simple() {
        String word = cursor.word();
        switch (word) {
            case "int", "integer" -> {
                return take("int4");
            }
            case "smallint" -> {
                return take("int2");
            }
            case "bigint" -> {
                return take("int8");
            }
            case "real" -> {
                return take("float4");
            }
            case "boolean" -> {
                return take("bool");
            }
            case "float", "decimal", "dec", "numeric" -> {
                cursor.next();
                modifierList();
                return word.equals("float") ? "float8" : "numeric";
            }
            case "double" -> {
                return doublePrecision();
            }
            case "bit" -> {
                cursor.next();
                return lengthOf(cursor.accept("varying") ? "varbit" : "bit");
            }
            case "character", "char", "nchar" -> {
                cursor.next();
                return lengthOf(cursor.accept("varying") ? "varchar" : "bpchar");
            }
            case "national" -> {
                cursor.next();
                if (!cursor.accept("character")) {
                    cursor.expect("char");
                }
                return lengthOf(cursor.accept("varying") ? "varchar" : "bpchar");
            }
            case "varchar" -> {
                cursor.next();
                return lengthOf("varchar");
            }
            case "time", "timestamp" -> {
                return time(word);
            }
            case "interval" -> {
                return interval();
            }
            default -> {
                return generic();
            }
        }
    }

    private String take(String name) {
        cursor.next();
        return name;
    }

    private String doublePrecision() {
        if (!cursor.is(1, "precision")) {
            return generic();
        }
        cursor.next();
        cursor.next();
        return "float8";
    }

    /** {@code char} and {@code bit} without a length mean length 1. */
    private String lengthOf(String name) {
        modifierList();
        modifiers |= name.equals("bpchar") || name.equals("bit");
        return name;
    }

    private String time(String word) {
        cursor.next();
        modifierList();
        if (cursor.is("with") && cursor.is(1, "time") && cursor.is(2, "zone")) {
            cursor.moveTo(cursor.position() + 3);
            return word + "tz";
        }
        if (cursor.is("without") && cursor.is(1, "time") && cursor.is(2, "zone")) {
            cursor.moveTo(cursor.position() + 3);
        }
        return word;
    }

    private String interval() {
        cursor.next();
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            modifierList();
        } else {
            intervalFields();
        }
        return "interval";
    }

    /** {@code YEAR TO MONTH} and its kin, behind INTERVAL or behind its literal. */
    void intervalFields() {
        if (!isIntervalField()) {
            return;
        }
        modifiers = true;
        cursor.next();
        modifierList();
        if (cursor.accept("to")) {
            if (!isIntervalField()) {
                throw cursor.unexpected();
            }
            cursor.next();
            modifierList();
        }
    }

    private boolean isIntervalField() {
        return cursor.isAny("year", "month", "day", "hour", "minute", "second");
    }

    private String generic() {
        if (!names.isTypeOrFunctionName()) {
            throw cursor.unexpected();
        }
        QualifiedName name = names.anyName();
        modifierList();
        boolean dotted = name.parts().stream().anyMatch(part -> part.value().contains("."));
        return dotted ? '"' + name.toString() + '"' : name.toString();
    }

    private void modifierList() {
        if (cursor.is(TokenKind.LEFT_PARENTHESIS)) {
            modifiers = true;
            cursor.skipParentheses();
        }
    }

    private int arrayBounds() {
        int dimensions = 0;
        if (cursor.accept("array")) {
            if (cursor.is(TokenKind.LEFT_BRACKET)) {
                bound();
            }
            return 1;
        }
        while (cursor.is(TokenKind.LEFT_BRACKET)) {
            bound();
            dimensions++;
        }
        return dimensions;
    }

    private void bound() {
        cursor.expect(TokenKind.LEFT_BRACKET);
        cursor.accept(TokenKind.INTEGER);
        cursor.expect(TokenKind.RIGHT_BRACKET);
    }
}
