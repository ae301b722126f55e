package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Call;
import io.pgring.pgsql.tree.CloseCursor;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.Ddl;
import io.pgring.pgsql.tree.Deallocate;
import io.pgring.pgsql.tree.DeclareCursor;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Do;
import io.pgring.pgsql.tree.Empty;
import io.pgring.pgsql.tree.ExecuteStatement;
import io.pgring.pgsql.tree.Explain;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.FetchCursor;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Listen;
import io.pgring.pgsql.tree.Lock;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.Prepare;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.Show;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Truncate;
import io.pgring.pgsql.tree.Unlisten;
import io.pgring.pgsql.tree.Unparsed;
import io.pgring.pgsql.tree.Update;
import java.util.List;

/**
 * Applies the proof rule to statements: one shard is enough only if every reference to a sharded table, at any depth, is bound to
 * key values. Pure and safe for use by many threads.
 */
public final class ShardAnalysis {
    private final Findings findings;

    private ShardAnalysis(TableCatalog catalog) {
        this.findings = new Findings(catalog);
    }

    /**
     * What the statement needs. Offsets in the result are those of the text that was parsed.
     *
     * <p>Statements about transactions, session variables, prepared statements and cursors mention no table; the caller knows them by
     * their class before it asks.
     */
    public static Analysis analyze(Statement statement, TableCatalog catalog) {
        ShardAnalysis analysis = new ShardAnalysis(catalog);
        analysis.statement(statement);
        return analysis.findings.analysis();
    }

    /** Whether an INSERT takes no default that the home shard alone may compute. */
    public static boolean takesKnownDefaults(Insert insert, TableClass.Sharded table) {
        return DrawnDefaults.in(insert, table) == null;
    }

    /** Whether a value of an INSERT is the word DEFAULT. */
    public static boolean isDefault(Expression value) {
        return DrawnDefaults.isDefault(value);
    }

    private void statement(Statement statement) {
        if (statement instanceof Select
                || statement instanceof Insert
                || statement instanceof Update
                || statement instanceof Delete
                || statement instanceof Merge) {
            new TreeWalk(findings).walk(statement);
            if (findings.writesReference()) {
                findings.divergence(SameEverywhere.reasonAgainstCopies(statement));
            }
        } else if (statement instanceof Explain explain) {
            explain(explain);
        } else if (!(statement instanceof Show) && !(statement instanceof Empty)) {
            findings.writes();
            session(statement);
            utility(statement);
        }
    }

    /** Without ANALYZE nothing runs, so nothing is written; the state is asked for all the same. */
    private void explain(Explain explain) {
        if (explain.analyze() || !(explain.statement() instanceof Select)) {
            findings.writes();
        }
        statement(explain.statement());
    }

    private void session(Statement statement) {
        if (statement instanceof Prepare prepare) {
            findings.state(SessionState.PREPARED_STATEMENT);
            findings.hindrance(
                    "PREPARE of a statement on a sharded table is not supported; the protocol's own prepared statements are.");
            statement(prepare.statement());
        } else if (statement instanceof ExecuteStatement) {
            findings.state(SessionState.PREPARED_STATEMENT);
            findings.obstacle("EXECUTE runs a statement that was prepared by PREPARE.");
        } else if (statement instanceof Deallocate) {
            findings.state(SessionState.PREPARED_STATEMENT);
        } else if (statement instanceof DeclareCursor declare) {
            if (declare.hold()) {
                findings.state(SessionState.HOLD_CURSOR);
            }
            new TreeWalk(findings).walk(declare.query());
        } else if (statement instanceof FetchCursor || statement instanceof CloseCursor) {
            findings.state(SessionState.CURSOR);
        } else if (statement instanceof Listen || statement instanceof Unlisten) {
            findings.state(SessionState.LISTEN);
        }
    }

    private void utility(Statement statement) {
        if (statement instanceof Copy copy) {
            copy(copy);
        } else if (statement instanceof Lock lock) {
            wholeTables(lock.tables(), "LOCK");
        } else if (statement instanceof Truncate truncate) {
            wholeTables(truncate.tables(), "TRUNCATE");
        } else if (statement instanceof Call call) {
            new TreeWalk(findings).walk(call.procedure());
        } else if (statement instanceof Do block) {
            new WordScan(findings).block(block);
        } else if (statement instanceof Ddl ddl) {
            new DdlTables(findings).find(ddl);
        } else if (statement instanceof Other other) {
            new WordScan(findings).other(other);
        } else if (statement instanceof Unparsed unparsed) {
            new WordScan(findings).unparsed(unparsed);
        }
    }

    private void copy(Copy copy) {
        QualifiedName name = copy.table();
        if (name != null) {
            TableClass.Sharded table = copy.from() ? findings.target(name) : findings.table(name);
            if (table != null) {
                concernsEveryShard(table, "COPY");
            }
            if (findings.writesReference() && copy.endpoint() == Copy.Endpoint.CLIENT) {
                findings.divergence(SameEverywhere.reasonAgainstCopies(copy));
            } else if (findings.writesReference()) {
                findings.hindrance("Each server would read a file of its own.");
            }
        }
        for (var child : copy.children()) {
            new TreeWalk(findings).walk(child);
        }
    }

    /** A command that concerns tables as a whole: everywhere if every shard has all of them. */
    private void wholeTables(List<QualifiedName> names, String command) {
        boolean everywhere = true;
        for (QualifiedName name : names) {
            TableClass.Sharded table = findings.target(name);
            if (table != null) {
                concernsEveryShard(table, command);
            }
            TableClass found = findings.catalog().find(name.schema(), name.name());
            everywhere &= found instanceof TableClass.Sharded || found instanceof TableClass.Reference;
        }
        if (everywhere) {
            findings.everywhere(command + " of sharded and reference tables concerns every shard.", true);
        }
    }

    private void concernsEveryShard(TableClass.Sharded table, String command) {
        findings.mention(
                table, command + " of the sharded table \"" + table.qualifiedName() + "\" concerns every shard.");
    }
}
