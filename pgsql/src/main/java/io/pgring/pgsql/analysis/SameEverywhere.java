package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.QueryBody;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Update;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a statement computes of a row is the same on whichever shard it is computed: no function that is volatile or not
 * known, no physical place of a row, no choice between rows that the order of reading decides.
 */
public final class SameEverywhere {
    private static final Set<String> SYSTEM_COLUMNS = Set.of("ctid", "tableoid", "xmin", "xmax", "cmin", "cmax");

    private record Visit(Node node, boolean nested) {}

    private final Node root;
    private final boolean copies;
    private final boolean clock;
    private final Set<Node> tableFunctions = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Visit> pending = new ArrayDeque<>();

    private SameEverywhere(Node root, boolean copies, boolean clock) {
        this.root = root;
        this.copies = copies;
        this.clock = clock;
    }

    /**
     * Why a statement that writes reference tables from reference tables could leave different rows on different shards.
     *
     * @return a sentence for a DETAIL field, or null if it can't
     */
    static @Nullable String reasonAgainstCopies(Statement statement) {
        if (statement instanceof Update update && !update.from().isEmpty()) {
            return "UPDATE ... FROM takes one of several rows that join, and each shard might take another.";
        }
        return new SameEverywhere(statement, true, false).reason();
    }

    /**
     * Whether a statement may run on each shard over the rows of that shard. Aggregates of the statement itself are none of this
     * class's business; in a nested query they are refused, since they may belong to the statement itself.
     *
     * @param clock whether the time may be asked for, which differs between shards by microseconds
     */
    public static boolean holds(Statement statement, boolean clock) {
        return new SameEverywhere(statement, false, clock).reason() == null;
    }

    /** Whether a name is that of a column that every table has and a view has not. */
    public static boolean isSystemColumn(String name) {
        return SYSTEM_COLUMNS.contains(name);
    }

    private @Nullable String reason() {
        pending.push(new Visit(root, false));
        while (!pending.isEmpty()) {
            Visit visit = pending.pop();
            Node node = visit.node();
            boolean nested = visit.nested() || (node instanceof Select && node != root);
            String reason = node instanceof Expression expression ? reason(expression, nested) : reason(node);
            if (reason != null) {
                return reason;
            }
            for (Node child : node.children()) {
                pending.push(new Visit(child, nested));
            }
        }
        return null;
    }

    private @Nullable String reason(Node node) {
        if (node instanceof FromItem.FunctionReference reference) {
            for (Expression function : reference.functions()) {
                if (function instanceof Expression.FunctionCall call
                        && BuiltInFunctions.isTable(call.name().name())) {
                    tableFunctions.add(call);
                }
            }
        } else if (node instanceof FromItem.TableReference table
                && !table.extras().isEmpty()) {
            return "TABLESAMPLE takes rows at random.";
        } else if (node instanceof Select select && (copies || node != root)) {
            return reason(select);
        } else if (node != root && isWrite(node)) {
            return "A part of the statement changes rows.";
        }
        return null;
    }

    private static boolean isWrite(Node node) {
        return node instanceof Insert || node instanceof Update || node instanceof Delete || node instanceof Merge;
    }

    private static @Nullable String reason(Select select) {
        boolean chooses = select.limit() != null || select.offset() != null || select.withTies();
        if (select.body() instanceof QueryBody.Simple simple) {
            chooses |= !simple.distinctOn().isEmpty();
        }
        if (chooses) {
            return "LIMIT, OFFSET and DISTINCT ON choose rows by an order that may differ between shards.";
        }
        return select.locking().isEmpty() ? null : "A part of the statement locks rows.";
    }

    private @Nullable String reason(Expression expression, boolean nested) {
        if (expression instanceof Expression.FunctionCall call) {
            return isSame(call, nested) ? null : differs(call.name().name());
        }
        if (expression instanceof Expression.Special special) {
            return isSame(special) ? null : differs(special.name());
        }
        if (expression instanceof Expression.ColumnReference column
                && !column.star()
                && isSystemColumn(column.names().get(column.names().size() - 1).value())) {
            return "System columns differ between shards.";
        }
        if (expression instanceof Expression.FieldSelection) {
            // It may be the call of a function, f(row).
            return "The field of a row is selected.";
        }
        if (expression instanceof Expression.Cast cast && !BuiltInTypes.contains(cast.type())) {
            return "Type \"" + cast.type().name() + "\" is not known to be the same on every shard.";
        }
        if (expression instanceof Expression.Constant constant
                && constant.value() == Expression.Constant.Value.DEFAULT) {
            return "The default of a column may differ between shards.";
        }
        return expression instanceof Expression.CurrentOf ? "A cursor is on one shard." : null;
    }

    private static String differs(String function) {
        return "\"" + function + "\" is not known to give the same result on every shard.";
    }

    private boolean isSame(Expression.FunctionCall call, boolean nested) {
        String schema = call.name().schema();
        String name = call.name().name();
        if (call.over() != null || (schema != null && !schema.equals("pg_catalog"))) {
            return false;
        }
        if (BuiltInFunctions.isAggregate(name)) {
            return copies ? BuiltInFunctions.isUnorderedAggregate(name) : !nested;
        }
        return BuiltInFunctions.isScalar(name)
                || (clock && BuiltInFunctions.isClock(name))
                || tableFunctions.contains(call);
    }

    private boolean isSame(Expression.Special special) {
        String name = special.name();
        return BuiltInFunctions.isForm(name)
                || (clock && BuiltInFunctions.isClock(name))
                || name.equals("fetch first row")
                || name.equals("merge_action");
    }
}
