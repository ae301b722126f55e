package io.pgring.pgsql.tree;

import java.util.List;

/** A part of a statement with its place in the text. */
public interface Node {
    /** Byte offset of the first token. */
    int start();

    /** Byte offset after the last token. */
    int end();

    /** The nodes directly below, in the order of the text. */
    List<Node> children();
}
