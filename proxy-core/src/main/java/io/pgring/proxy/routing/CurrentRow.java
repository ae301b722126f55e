package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.TableCatalog;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FromItem;
import io.pgring.pgsql.tree.Node;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Update;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * UPDATE and DELETE of the row that a cursor stands on: the row is on the shard of the cursor, and so is all that the statement needs
 * if it mentions nothing else.
 */
final class CurrentRow {
    private CurrentRow() {}

    /** The cursor of a statement that changes its current row and uses no other row; null when it isn't one. */
    static @Nullable String cursor(Statement statement, TableCatalog catalog) {
        Expression where = null;
        FromItem.TableReference table = null;
        if (statement instanceof Update update && update.from().isEmpty()) {
            where = update.where();
            table = update.table();
        } else if (statement instanceof Delete delete && delete.using().isEmpty()) {
            where = delete.where();
            table = delete.table();
        }
        if (table == null || !(where instanceof Expression.CurrentOf current)) {
            return null;
        }
        boolean sharded = catalog.find(table.name().schema(), table.name().name()) instanceof TableClass.Sharded;
        boolean alone = !holdsQuery(statement) && ServerIndependence.isSameOnEveryServer(statement);
        return sharded && alone ? current.cursor().value() : null;
    }

    private static boolean holdsQuery(Statement statement) {
        ArrayDeque<Node> open = new ArrayDeque<>(statement.children());
        while (!open.isEmpty()) {
            Node node = open.remove();
            if (node instanceof Select) {
                return true;
            }
            open.addAll(node.children());
        }
        return false;
    }
}
