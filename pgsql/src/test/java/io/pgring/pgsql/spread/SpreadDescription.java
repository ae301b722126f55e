package io.pgring.pgsql.spread;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.tree.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is found about a statement, in lines: the way, then the text that is sent if it is another one, with single blanks. */
final class SpreadDescription {
    private SpreadDescription() {}

    static List<String> of(Statement statement, byte[] text, int from, int to) {
        SpreadCatalog catalog = new SpreadCatalog();
        Analysis analysis = ShardAnalysis.analyze(statement, catalog);
        Spread spread = SpreadAnalysis.spread(analysis, statement, catalog, text, from, to);
        List<String> lines = new ArrayList<>();
        if (spread == null) {
            lines.add(analysis.getClass().getSimpleName().toLowerCase(Locale.ROOT));
            return lines;
        }
        Scatter scatter = spread.scatter();
        if (scatter != null) {
            lines.add((scatter.writes() ? "scatter-rw " : "scatter ") + of(scatter.combination()));
            addText(lines, scatter.splices(), text, from, to);
        }
        Gather gather = spread.gather();
        if (gather != null && scatter == null) {
            lines.add("gather");
            addText(lines, gather.splices(), text, from, to);
        }
        return lines;
    }

    private static void addText(List<String> lines, List<Splice> splices, byte[] text, int from, int to) {
        if (!splices.isEmpty()) {
            String spliced = new String(Splicer.apply(text, from, to, splices), UTF_8);
            lines.add("> " + spliced.replaceAll("\\s+", " ").strip());
        }
    }

    private static String of(Combination combination) {
        if (combination instanceof Combination.Append append) {
            return "append" + of(append.limit());
        }
        if (combination instanceof Combination.Ordered ordered) {
            return "ordered " + keys(ordered.keys()) + hidden(ordered.hiddenColumns()) + of(ordered.limit());
        }
        if (combination instanceof Combination.Aggregated aggregated) {
            return "aggregated " + columns(aggregated.columns());
        }
        if (combination instanceof Combination.Grouped grouped) {
            return "grouped " + keys(grouped.groupOrder()) + " : " + columns(grouped.columns())
                    + hidden(grouped.hiddenColumns()) + of(grouped.limit());
        }
        return "counted";
    }

    private static String hidden(int count) {
        return count == 0 ? "" : " hidden " + count;
    }

    private static String keys(List<SortKey> keys) {
        return keys.stream()
                .map(key -> key.column() + " " + key.type() + (key.descending() ? " desc" : "")
                        + (key.nullsFirst() ? " nulls first" : ""))
                .collect(Collectors.joining(", "));
    }

    private static String columns(List<AggregateColumn> columns) {
        return columns.stream()
                .map(column -> column.kind() + "(" + column.column()
                        + (column.countColumn() < 0 ? "" : "/" + column.countColumn()) + " " + column.type() + ")")
                .collect(Collectors.joining(" "));
    }

    private static String of(RowLimit limit) {
        return bound(" limit ", limit.limit()) + bound(" offset ", limit.offset());
    }

    private static String bound(String name, RowLimit.Bound bound) {
        if (bound instanceof RowLimit.Bound.Constant constant) {
            return name + constant.rows();
        }
        return bound instanceof RowLimit.Bound.Parameter parameter ? name + "$" + parameter.number() : "";
    }
}
