package io.pgring.pgsql.tree;

import io.pgring.pgsql.lexer.LiteralKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression. Parentheses leave no node of their own; a node's place then is that of what is inside them. Chains of one
 * precedence are one flat node, so that 100,000 terms make no deep tree.
 */
public sealed interface Expression extends Node {
    /**
     * {@code a}, {@code t.a}, {@code schema.t.a}, {@code *}, {@code t.*}.
     *
     * @param star whether a star follows the names
     */
    record ColumnReference(List<Name> names, boolean star, int start, int end) implements Leaf {
        public ColumnReference {
            names = List.copyOf(names);
        }
    }

    /** {@code $n}. */
    record Parameter(int number, int start, int end) implements Leaf {}

    /** A literal constant, with its quotes and prefix. */
    record Literal(LiteralKind kind, int start, int end) implements Leaf {}

    /** NULL, TRUE, FALSE, DEFAULT. */
    record Constant(Value value, int start, int end) implements Leaf {
        /** Which. */
        public enum Value {
            NULL,
            TRUE,
            FALSE,
            DEFAULT
        }
    }

    /** {@code operand::type}, {@code CAST(operand AS type)}, or {@code type 'literal'}. */
    record Cast(Expression operand, TypeName type, Form form, int start, int end) implements Expression {
        /** How it is written. */
        public enum Form {
            TYPECAST,
            CAST,
            TYPED_LITERAL
        }

        @Override
        public List<Node> children() {
            return List.of(operand);
        }
    }

    /** {@code a AND b AND c}: flat, at least two operands. */
    record And(List<Expression> operands, int start, int end) implements Expression {
        public And {
            operands = List.copyOf(operands);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(operands);
        }
    }

    /** {@code a OR b OR c}: flat, at least two operands. */
    record Or(List<Expression> operands, int start, int end) implements Expression {
        public Or {
            operands = List.copyOf(operands);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(operands);
        }
    }

    /** NOT. */
    record Not(Expression operand, int start, int end) implements Expression {
        @Override
        public List<Node> children() {
            return List.of(operand);
        }
    }

    /** {@code left = right} and the other comparison operators; not associative. */
    record Comparison(Operator operator, Expression left, Expression right, int start, int end) implements Expression {
        @Override
        public List<Node> children() {
            return List.of(left, right);
        }
    }

    /** A chain of other binary operators of one precedence, from left to right: {@code operands[0] operators[0] operands[1] ...}. */
    record Operation(List<Operator> operators, List<Expression> operands, int start, int end) implements Expression {
        public Operation {
            operators = List.copyOf(operators);
            operands = List.copyOf(operands);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(operands);
        }
    }

    /** {@code - operand} and other prefix operators. */
    record Prefix(Operator operator, Expression operand, int start, int end) implements Expression {
        @Override
        public List<Node> children() {
            return List.of(operand);
        }
    }

    /**
     * A predicate in words: IS NULL, IS TRUE, IS DISTINCT FROM, BETWEEN, LIKE, ILIKE, SIMILAR TO, OVERLAPS, IS JSON and so on.
     *
     * @param name in upper case without NOT: {@code IS NULL}, {@code BETWEEN SYMMETRIC}, {@code LIKE}
     */
    record Predicate(String name, boolean negated, List<Expression> operands, int start, int end)
            implements Expression {
        public Predicate {
            operands = List.copyOf(operands);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(operands);
        }
    }

    /** {@code operand [NOT] IN (values)}. */
    record InList(boolean negated, Expression operand, List<Expression> values, int start, int end)
            implements Expression {
        public InList {
            values = List.copyOf(values);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(operand, values);
        }
    }

    /** {@code operand [NOT] IN (query)}. */
    record InSubquery(boolean negated, Expression operand, Select query, int start, int end) implements Expression {
        @Override
        public List<Node> children() {
            return List.of(operand, query);
        }
    }

    /**
     * {@code operand op ANY (array or query)}, ALL.
     *
     * @param operator with {@code LIKE}, {@code NOT LIKE}, {@code ILIKE}, {@code NOT ILIKE} as symbols too
     * @param all ALL rather than ANY or SOME
     * @param right an array expression, or a {@link Subquery}
     */
    record Quantified(Operator operator, boolean all, Expression operand, Expression right, int start, int end)
            implements Expression {
        @Override
        public List<Node> children() {
            return List.of(operand, right);
        }
    }

    /** {@code (query)}, {@code EXISTS (query)}, {@code ARRAY(query)}. */
    record Subquery(Kind kind, Select query, int start, int end) implements Expression {
        /** Which. */
        public enum Kind {
            SCALAR,
            EXISTS,
            ARRAY
        }

        @Override
        public List<Node> children() {
            return List.of(query);
        }
    }

    /** {@code ARRAY[...]}, and the inner {@code [...]} of nested ones. */
    record ArrayConstructor(List<Expression> elements, int start, int end) implements Expression {
        public ArrayConstructor {
            elements = List.copyOf(elements);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(elements);
        }
    }

    /** {@code ROW(...)}, {@code (a, b)}, a row of VALUES. */
    record Row(List<Expression> elements, int start, int end) implements Expression {
        public Row {
            elements = List.copyOf(elements);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(elements);
        }
    }

    /**
     * CASE.
     *
     * @param whens conditions and results in turn
     */
    record Case(
            @Nullable Expression operand,
            List<Expression> whens,
            @Nullable Expression otherwise,
            int start,
            int end) implements Expression {
        public Case {
            whens = List.copyOf(whens);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(operand, whens, otherwise);
        }
    }

    /** A call of a named function. */
    record FunctionCall(
            QualifiedName name,
            Arguments arguments,
            @Nullable WindowDefinition over,
            int start,
            int end) implements Expression {
        /**
         * What stands in and right behind the parentheses.
         *
         * @param star {@code f(*)}
         */
        public record Arguments(
                List<Expression> values,
                boolean star,
                boolean distinct,
                boolean variadic,
                List<SortKey> orderBy,
                List<SortKey> withinGroup,
                @Nullable Expression filter) {
            public Arguments {
                values = List.copyOf(values);
                orderBy = List.copyOf(orderBy);
                withinGroup = List.copyOf(withinGroup);
            }
        }

        @Override
        public List<Node> children() {
            return Nodes.of(arguments.values(), arguments.orderBy(), arguments.withinGroup(), arguments.filter(), over);
        }
    }

    /** {@code name => value} or {@code name := value} among the arguments. */
    record NamedArgument(Name name, Expression value, int start, int end) implements Expression {
        @Override
        public List<Node> children() {
            return List.of(value);
        }
    }

    /**
     * An expression with a syntax of its own: EXTRACT, COALESCE, NULLIF, CURRENT_DATE, GROUPING SETS, the XML and JSON constructors...
     *
     * @param name in lower case
     * @param operands every expression in it, in the order of the text
     */
    record Special(String name, List<Node> operands, int start, int end) implements Expression {
        public Special {
            operands = List.copyOf(operands);
        }

        @Override
        public List<Node> children() {
            return operands;
        }
    }

    /**
     * {@code (operand).field}.
     *
     * @param field null for {@code .*}
     */
    record FieldSelection(Expression operand, @Nullable Name field, int start, int end) implements Expression {
        @Override
        public List<Node> children() {
            return List.of(operand);
        }
    }

    /**
     * {@code operand[index]}, {@code operand[lower:upper]}.
     *
     * @param bounds the expressions that are given
     */
    record Subscript(Expression operand, List<Expression> bounds, int start, int end) implements Expression {
        public Subscript {
            bounds = List.copyOf(bounds);
        }

        @Override
        public List<Node> children() {
            return Nodes.of(operand, bounds);
        }
    }

    /** {@code operand COLLATE collation}. */
    record Collate(Expression operand, QualifiedName collation, int start, int end) implements Expression {
        @Override
        public List<Node> children() {
            return List.of(operand);
        }
    }

    /**
     * {@code operand AT TIME ZONE zone}.
     *
     * @param zone null for AT LOCAL
     */
    record AtTimeZone(Expression operand, @Nullable Expression zone, int start, int end) implements Expression {
        @Override
        public List<Node> children() {
            return Nodes.of(operand, zone);
        }
    }

    /** WHERE CURRENT OF cursor. */
    record CurrentOf(Name cursor, int start, int end) implements Leaf {}

    /** An expression with nothing below it. */
    sealed interface Leaf extends Expression {
        @Override
        default List<Node> children() {
            return List.of();
        }
    }
}
