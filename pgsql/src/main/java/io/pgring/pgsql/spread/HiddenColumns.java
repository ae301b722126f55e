package io.pgring.pgsql.spread;

import io.pgring.pgsql.tree.QueryBody;
import java.util.ArrayList;
import java.util.List;

/** Columns that the shards send behind those that the client asked for. */
final class HiddenColumns {
    private final List<String> sources = new ArrayList<>();

    /**
     * One more.
     *
     * @param source an expression without literals
     * @return its place among the hidden columns, from 0
     */
    int add(String source) {
        sources.add(source);
        return sources.size() - 1;
    }

    int count() {
        return sources.size();
    }

    /** Puts them behind a select list. Their labels keep them apart from the names in ORDER BY. */
    void splice(QueryBody.Simple query, SpliceList splices) {
        if (sources.isEmpty()) {
            return;
        }
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < sources.size(); i++) {
            list.append(", ")
                    .append(sources.get(i))
                    .append(" AS \"pgring_")
                    .append(i + 1)
                    .append('"');
        }
        List<QueryBody.Target> targets = query.targets();
        splices.insertAfter(targets.get(targets.size() - 1), list.append(' ').toString());
    }
}
