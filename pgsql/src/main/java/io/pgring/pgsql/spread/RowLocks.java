package io.pgring.pgsql.spread;

import io.pgring.pgsql.tree.Locking;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The locking clauses of a query that each shard runs over its own rows (manual, SELECT, "The Locking Clause"). Each shard then locks the
 * rows that it sends.
 *
 * <p>With LIMIT some of these are not returned. That is harmless for who waits for a lock, since it ends with the transaction; but who skips
 * locked rows would not get rows that nobody has.
 */
public final class RowLocks {
    private RowLocks() {}

    /**
     * Why a statement can't lock rows of several shards.
     *
     * @return a sentence for a DETAIL field, or null if it can or need not
     */
    public static @Nullable String reasonAgainst(Statement statement) {
        return statement instanceof Select select && select.limit() != null && !waits(select)
                ? "With LIMIT each shard locks as many rows as are wanted from all of them: SKIP LOCKED would skip rows, and NOWAIT fail"
                        + " on rows, that are locked and were not returned."
                : null;
    }

    private static boolean waits(Select select) {
        return select.locking().stream().allMatch(locking -> locking.onLocked() == Locking.OnLocked.WAIT);
    }

    /** Whether all that is locked are rows of sharded tables, which are on one shard each, and no more of them than do no harm. */
    static boolean arePossible(ScatterQuery query) {
        boolean tables =
                query.select().locking().stream().allMatch(locking -> areSharded(locking.of(), query.relations()));
        return tables && reasonAgainst(query.select()) == null;
    }

    private static boolean areSharded(List<QualifiedName> of, Relations relations) {
        return of.isEmpty()
                ? relations.all().stream().allMatch(Relation::isSharded)
                : of.stream().allMatch(name -> isSharded(name, relations));
    }

    private static boolean isSharded(QualifiedName name, Relations relations) {
        Relation relation = name.schema() == null ? relations.named(name.name()) : null;
        return relation != null && relation.isSharded();
    }

    /** The clauses as they are written. */
    static String source(Select select, byte[] text) {
        List<Locking> clauses = select.locking();
        if (clauses.isEmpty()) {
            return "";
        }
        int start = clauses.get(0).start();
        return " " + new String(text, start, clauses.get(clauses.size() - 1).end() - start, StandardCharsets.UTF_8);
    }
}
