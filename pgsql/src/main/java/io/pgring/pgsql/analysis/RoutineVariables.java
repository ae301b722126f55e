package io.pgring.pgsql.analysis;

import io.pgring.pgsql.analysis.RoutineTokens.Token;
import io.pgring.pgsql.lexer.TokenKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The variables that a routine in PL/pgSQL declares, and the expressions from which they get their values. */
final class RoutineVariables {
    /** Words behind which a variable gets a value otherwise than by an assignment. */
    private static final Set<String> FILL =
            Set.of("into", "strict", "for", "foreach", "diagnostics", "current", "stacked", "call");

    private final RoutineTokens tokens;
    private final Set<String> declared = new HashSet<>();
    private final Set<String> filled = new HashSet<>();
    private final Map<String, List<int[]>> assigned = new HashMap<>();
    private boolean calls;

    private RoutineVariables(RoutineTokens tokens) {
        this.tokens = tokens;
    }

    static RoutineVariables of(RoutineTokens tokens) {
        RoutineVariables variables = new RoutineVariables(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            variables.look(i);
        }
        return variables;
    }

    private void look(int index) {
        Token token = tokens.at(index);
        if (token.kind() != TokenKind.IDENTIFIER) {
            return;
        }
        if (!tokens.beginsStatement(index)) {
            Token before = tokens.at(index - 1);
            boolean fills = before.kind() == TokenKind.IDENTIFIER && FILL.contains(before.text());
            if (fills || before.kind() == TokenKind.COMMA || before.kind() == TokenKind.DOT) {
                filled.add(token.text());
            }
            return;
        }
        calls |= token.is("call");
        if (tokens.isWord(index + 1, "alias")) {
            filled.add(token.text());
        } else if (isAssignment(index + 1)) {
            assign(token.text(), index + 2);
        } else if (tokens.isKind(index + 1, TokenKind.IDENTIFIER)) {
            declare(token.text(), index + 1);
        } else {
            filled.add(token.text());
        }
    }

    private boolean isAssignment(int index) {
        return tokens.isKind(index, TokenKind.COLON_EQUALS)
                || (index < tokens.size() && tokens.at(index).isOperator("="));
    }

    /** What looks like one may be a statement as well, whose first word is no variable then. */
    private void declare(String name, int from) {
        declared.add(name);
        int end = tokens.endOf(from, Set.of());
        for (int i = from; i < end; i++) {
            if (isAssignment(i) || tokens.isWord(i, "default")) {
                assign(name, i + 1);
                return;
            }
        }
    }

    private void assign(String name, int from) {
        assigned.computeIfAbsent(name, first -> new ArrayList<>()).add(new int[] {from, tokens.endOf(from, Set.of())});
    }

    /** Whether a name is a variable all of whose values come from {@link #assigned}. */
    boolean isKnown(String name) {
        return declared.contains(name) && !filled.contains(name) && !calls && assigned.containsKey(name);
    }

    /** The expressions, each as the places where it begins and ends. */
    List<int[]> assigned(String name) {
        return assigned.getOrDefault(name, List.of());
    }
}
