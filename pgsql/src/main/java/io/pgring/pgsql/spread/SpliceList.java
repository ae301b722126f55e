package io.pgring.pgsql.spread;

import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.tree.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects splices at places of the tree, in any order. */
final class SpliceList {
    private final TokenTable tokens;
    private final List<Splice> splices = new ArrayList<>();

    SpliceList(TokenTable tokens) {
        this.tokens = tokens;
    }

    /** Replaces the tokens between two byte offsets. */
    void replace(int start, int end, String replacement) {
        splices.add(new Splice(tokens.at(start), tokens.at(end), replacement));
    }

    /** Inserts behind the tokens of a node, and behind what was inserted there before. */
    void insertAfter(Node node, String text) {
        int token = tokens.at(node.end());
        splices.add(new Splice(token, token, text));
    }

    void add(Splice splice) {
        splices.add(splice);
    }

    /** By place; an insertion comes before the replacement of the token that it stands before. */
    List<Splice> sorted() {
        return sorted(splices);
    }

    static List<Splice> sorted(List<Splice> splices) {
        List<Splice> sorted = new ArrayList<>(splices);
        sorted.sort(Comparator.comparingInt(Splice::fromToken)
                .thenComparing(splice -> splice.toToken() > splice.fromToken()));
        return sorted;
    }
}
