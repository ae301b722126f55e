package io.pgring.pgsql.tree;

import java.util.List;

/** One statement of a text, without its semicolon. */
public sealed interface Statement extends Node
        permits Select,
                Insert,
                Update,
                Delete,
                Merge,
                Copy,
                Explain,
                TransactionControl,
                SetVariable,
                Show,
                Discard,
                Prepare,
                ExecuteStatement,
                Deallocate,
                DeclareCursor,
                FetchCursor,
                CloseCursor,
                Listen,
                Unlisten,
                Notify,
                Lock,
                Truncate,
                Call,
                Do,
                Ddl,
                Other,
                Unparsed,
                Empty {
    @Override
    default List<Node> children() {
        return List.of();
    }
}
