package io.pgring.pgsql.spread;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.TableCatalog;
import io.pgring.pgsql.lexer.TokenTable;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.DeclareCursor;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Explain;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Update;
import org.jspecify.annotations.Nullable;

/** Finds how a statement that needs more than one shard can be run. Pure and safe for use by many threads. */
public final class SpreadAnalysis {
    private SpreadAnalysis() {}

    /**
     * The ways to run a statement, or null if there is none. For one that is {@link Analysis.Bound} these are the ways when its keys
     * turn out to lie on several shards; the scatter then needs just these.
     *
     * @param analysis of the statement, by the same catalog
     * @param text that the statement was parsed from: {@code text[from, to)}, whose tokens the splices count
     */
    public static @Nullable Spread spread(
            Analysis analysis, Statement statement, TableCatalog catalog, byte[] text, int from, int to) {
        boolean possible = analysis instanceof Analysis.Bound
                || (analysis instanceof Analysis.NotBound notBound && !notBound.opaque());
        if (!possible) {
            return null;
        }
        Source source = new Source(TokenTable.of(text, from, to), catalog);
        Scatter scatter = scatter(statement, source);
        if (scatter != null && catalog.hidesRows()) {
            scatter = VisibleRules.scatter(scatter, statement, source);
        }
        Gather gather = gather(statement, source);
        return scatter == null && gather == null ? null : new Spread(scatter, gather);
    }

    private static @Nullable Scatter scatter(Statement statement, Source source) {
        if (statement instanceof Select select) {
            return ScatterReads.scatter(select, source);
        }
        if (statement instanceof Update update) {
            return ScatterWrites.update(update, source);
        }
        if (statement instanceof Merge merge) {
            return ScatterMerges.scatter(merge, source);
        }
        if (statement instanceof Insert insert) {
            return ScatterWrites.insert(insert, source);
        }
        return statement instanceof Delete delete ? ScatterWrites.delete(delete, source) : null;
    }

    private static @Nullable Gather gather(Statement statement, Source source) {
        Statement inner = statement;
        if (inner instanceof Explain explain) {
            inner = explain.statement();
        } else if (inner instanceof DeclareCursor declare) {
            inner = declare.query();
        } else if (inner instanceof Copy copy && !copy.from() && copy.query() != null) {
            inner = copy.query();
        }
        boolean tree = inner instanceof Select
                || inner instanceof Insert
                || inner instanceof Update
                || inner instanceof Delete;
        return tree ? GatherRules.gather(inner, source) : null;
    }
}
