package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.QualifiedName;
import java.util.List;
import java.util.Set;

/**
 * What a statement needs. It depends on the structure of the text and on the kinds of its literals, never on the value of
 * a literal that {@link io.pgring.pgsql.lexer.Normalizer} leaves out of the key: a plan made of it fits every text of that key.
 */
public sealed interface Analysis {
    /** What the statement makes or needs on its connection beyond a transaction; empty for most. */
    Set<SessionState> sessionStates();

    /**
     * Every reference to a sharded table, at any depth, sees only rows whose key is one of the values. When <em>all</em>
     * values lie on one shard the statement may run there, whole; otherwise this analysis proves nothing.
     *
     * @param keys at least one; for an INSERT of rows and nothing else one for each row in turn, else in no order
     * @param table one of the sharded tables; all of them have keys of its key's type
     * @param inserts whether some of the values are keys of new rows, at any depth: then a parameter that is NULL must be refused
     * @param readOnly by its grammar: no data-modifying part, no locking clause; a function that it calls may still write
     */
    record Bound(
            List<KeyValue> keys,
            TableClass.Sharded table,
            boolean inserts,
            boolean readOnly,
            Set<SessionState> sessionStates)
            implements Analysis {
        public Bound {
            keys = List.copyOf(keys);
            sessionStates = Set.copyOf(sessionStates);
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("a bound statement has at least one key");
            }
        }
    }

    /**
     * Mentions no sharded and no hiding table at all, and writes no reference table.
     *
     * @param readOnly as in {@link Bound}
     * @param tables the tables that it mentions, as far as its grammar is known
     */
    record Unsharded(boolean readOnly, List<QualifiedName> tables, Set<SessionState> sessionStates)
            implements Analysis {
        public Unsharded {
            tables = List.copyOf(tables);
            sessionStates = Set.copyOf(sessionStates);
        }
    }

    /**
     * Every shard must run the statement, and all give the same reply but for numbers of rows: it writes reference tables, or defines
     * sharded or reference tables, or locks or empties them.
     *
     * @param reason a sentence for a DETAIL field, for callers that can't do it
     * @param transactional whether it may run in a transaction block
     */
    record Everywhere(String reason, boolean transactional, Set<SessionState> sessionStates) implements Analysis {
        public Everywhere {
            sessionStates = Set.copyOf(sessionStates);
        }
    }

    /**
     * Mentions, or may mention, a sharded table without being bound to key values.
     *
     * @param reason a sentence for a DETAIL field
     * @param opaque whether it may reach sharded tables in ways that its tree doesn't show: then it can't be spread over shards either
     */
    record NotBound(String reason, boolean opaque, Set<SessionState> sessionStates) implements Analysis {
        public NotBound {
            sessionStates = Set.copyOf(sessionStates);
        }
    }

    /**
     * Can't be run on shards whatever the values are: a key that would change or that is not given.
     *
     * @param reason a sentence for a DETAIL field
     */
    record Refused(String reason, Set<SessionState> sessionStates) implements Analysis {
        public Refused {
            sessionStates = Set.copyOf(sessionStates);
        }
    }
}
