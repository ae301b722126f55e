package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.analysis.KeyCast;
import io.pgring.pgsql.analysis.KeyValue;
import io.pgring.pgsql.analysis.SessionState;
import io.pgring.pgsql.analysis.ShardAnalysis;
import io.pgring.pgsql.analysis.TableClass;
import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.Normalizer;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.spread.RelayAnalysis;
import io.pgring.pgsql.spread.RelayedInsert;
import io.pgring.pgsql.spread.RowLocks;
import io.pgring.pgsql.spread.Splicer;
import io.pgring.pgsql.spread.SplitRows;
import io.pgring.pgsql.spread.Spread;
import io.pgring.pgsql.spread.SpreadAnalysis;
import io.pgring.pgsql.tree.Call;
import io.pgring.pgsql.tree.CloseCursor;
import io.pgring.pgsql.tree.Copy;
import io.pgring.pgsql.tree.Ddl;
import io.pgring.pgsql.tree.Deallocate;
import io.pgring.pgsql.tree.DeclareCursor;
import io.pgring.pgsql.tree.Delete;
import io.pgring.pgsql.tree.Discard;
import io.pgring.pgsql.tree.Do;
import io.pgring.pgsql.tree.Empty;
import io.pgring.pgsql.tree.ExecuteStatement;
import io.pgring.pgsql.tree.Explain;
import io.pgring.pgsql.tree.FetchCursor;
import io.pgring.pgsql.tree.Insert;
import io.pgring.pgsql.tree.Lock;
import io.pgring.pgsql.tree.Merge;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.Prepare;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Select;
import io.pgring.pgsql.tree.SetVariable;
import io.pgring.pgsql.tree.Show;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.TransactionControl;
import io.pgring.pgsql.tree.Unparsed;
import io.pgring.pgsql.tree.Update;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.metrics.PinReason;
import io.pgring.proxy.topology.KeyType;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the plan of a text that was not seen before: parses it, asks the shard analysis, and refuses what it must. */
final class PlanCompiler {
    /** System views of what belongs to a client and is spread over servers, or kept by the proxy. */
    private static final Set<String> OF_THE_SESSION = Set.of("pg_prepared_statements", "pg_cursors");

    private final Topology topology;
    private final byte[] text;
    private final int from;
    private final int to;
    private final Normalizer literals;
    private final KeyTokens tokens;
    private final ArrayKeys arrays;

    /** @param text of which {@code [from, to)} is to be understood */
    PlanCompiler(
            Topology topology, byte[] text, int from, int to, Normalizer literals, KeyTokens tokens, ArrayKeys arrays) {
        this.topology = topology;
        this.text = text;
        this.from = from;
        this.to = to;
        this.literals = literals;
        this.tokens = tokens;
        this.arrays = arrays;
    }

    /** The plan of a text that has no tokens by PostgreSQL's rules: a server is to say what is wrong with it. */
    static Plan untokenized(Topology topology, byte[] text, int from, int to, SqlSyntaxException found) {
        ErrorResponse error = Refusals.untokenized(text, from, to, found);
        return new Plan(List.of(new PlannedStatement.Refused(error, true)), topology.version());
    }

    Plan compile() {
        List<PlannedStatement> planned = new ArrayList<>();
        boolean notifies = false;
        for (Statement statement : Parser.parse(text, from, to).statements()) {
            if (!(statement instanceof Empty)) {
                planned.add(plan(statement));
                notifies |= NotificationPlans.notifies(statement);
            }
        }
        boolean administers = planned.size() == 1 && planned.get(0) instanceof PlannedStatement.Administer;
        TableVerb verb = administers ? null : TablePlans.mentioned(text, from, to);
        boolean refused = planned.stream().anyMatch(PlannedStatement.Refused.class::isInstance);
        if (verb != null && !refused) {
            planned = List.of(refuse(TablePlans.notAlone(verb)));
        }
        if (planned.size() > 1 && planned.stream().anyMatch(PlanCompiler::standsAlone)) {
            planned = List.of(refuse(ErrorResponse.error(
                            "0A000",
                            "DISCARD, PREPARE, EXECUTE, DEALLOCATE, set_config and SHOW pgring can't be sent together with other"
                                    + " statements")
                    .hint("Send them in messages of their own.")));
        }
        ErrorResponse listens = NotificationPlans.refuseTogether(planned);
        if (listens != null && !refused) {
            planned = List.of(refuse(listens));
        }
        boolean settings = planned.stream().anyMatch(PlannedStatement.Setting.class::isInstance);
        boolean control = planned.stream().anyMatch(PlannedStatement.Transaction.class::isInstance);
        if (settings && control && planned.stream().anyMatch(statement -> lasts(statement.effect()))) {
            planned = List.of(refuse(ErrorResponse.error(
                            "0A000", "SET can't be sent together with statements that control the transaction")
                    .hint("Send them in messages of their own.")));
        }
        return new Plan(planned, topology.version(), notifies);
    }

    private static boolean lasts(@Nullable SessionEffect effect) {
        return effect instanceof SessionEffect.Assign
                || effect instanceof SessionEffect.Reset
                || effect instanceof SessionEffect.ResetAll;
    }

    private static boolean standsAlone(PlannedStatement statement) {
        return statement instanceof PlannedStatement.DiscardAll
                || statement instanceof PlannedStatement.DiscardPlans
                || statement instanceof PlannedStatement.Report
                || statement instanceof PlannedStatement.Configure
                || statement instanceof PlannedStatement.Prepare
                || statement instanceof PlannedStatement.Execute
                || statement instanceof PlannedStatement.Deallocate;
    }

    private PlannedStatement plan(Statement statement) {
        if (statement instanceof TransactionControl control) {
            return TransactionPlans.plan(
                    control, source(control), source(control.optionsStart(), control.optionsEnd()));
        }
        if (statement instanceof SetVariable set) {
            return SettingPlans.plan(set, text, source(set));
        }
        if (statement instanceof Show show) {
            return show(show);
        }
        if (statement instanceof Discard discard) {
            return switch (discard.target()) {
                case ALL -> new PlannedStatement.DiscardAll();
                case PLANS -> new PlannedStatement.DiscardPlans();
                case SEQUENCES -> new PlannedStatement.Home(false, false);
                case TEMP -> new PlannedStatement.Home(false, false, Set.of(PinReason.TEMPORARY_OBJECTS), false);
            };
        }
        if (statement instanceof Prepare prepare) {
            return PreparedPlans.prepare(prepare, text, from);
        }
        if (statement instanceof ExecuteStatement execute) {
            return PreparedPlans.execute(execute, text);
        }
        if (statement instanceof Deallocate deallocate) {
            return new PlannedStatement.Deallocate(
                    deallocate.name() == null ? null : deallocate.name().value());
        }
        if (statement instanceof Explain explain) {
            return explain(explain);
        }
        if (statement instanceof DeclareCursor declare) {
            return declare(declare);
        }
        if (statement instanceof FetchCursor fetch) {
            return new PlannedStatement.OnCursor(fetch.name().value(), PlannedStatement.OnCursor.Use.FETCH);
        }
        if (statement instanceof CloseCursor close) {
            Name name = close.name();
            return name == null
                    ? new PlannedStatement.CloseCursors()
                    : new PlannedStatement.OnCursor(name.value(), PlannedStatement.OnCursor.Use.CLOSE);
        }
        ErrorResponse typed = Refusals.alterType(statement, topology.catalog());
        if (typed != null) {
            return refuse(typed);
        }
        PlannedStatement notification = NotificationPlans.plan(statement, text);
        if (notification != null) {
            return notification;
        }
        PlannedStatement own = statement instanceof Select select ? own(select) : null;
        PlannedStatement planned = own == null ? analyze(statement) : own;
        return statement instanceof Unparsed && planned instanceof PlannedStatement.Refused refused
                ? new PlannedStatement.Refused(refused.error(), true)
                : planned;
    }

    /** The plan of a query that the proxy understands as a command; null for any other. */
    private @Nullable PlannedStatement own(Select select) {
        PlannedStatement administered = TablePlans.plan(select, text);
        return administered == null ? ConfigurePlans.plan(select, text) : administered;
    }

    private static PlannedStatement show(Show show) {
        for (PlannedStatement.Report.Subject subject : PlannedStatement.Report.Subject.values()) {
            if (show.name().equals("pgring." + subject.shown())) {
                return new PlannedStatement.Report(subject);
            }
        }
        return new PlannedStatement.Anywhere();
    }

    /** Of what is on the home shard alone it is PostgreSQL's matter. */
    private PlannedStatement explain(Explain explain) {
        Statement inner = explain.statement();
        boolean query = inner instanceof Select
                || inner instanceof Insert
                || inner instanceof Update
                || inner instanceof Delete
                || inner instanceof Merge;
        if (!query && !(inner instanceof DeclareCursor)) {
            return analyze(explain);
        }
        PlannedStatement planned = analyze(inner instanceof DeclareCursor declare ? declare.query() : inner);
        if (planned instanceof PlannedStatement.OnCursor) {
            return refuse(ErrorResponse.error("0A000", "EXPLAIN of a statement on a cursor's row is not supported"));
        }
        boolean explained = planned instanceof PlannedStatement.Keyed
                || planned instanceof PlannedStatement.Relayed
                || planned instanceof PlannedStatement.Spreads
                || planned instanceof PlannedStatement.Everywhere;
        return explained
                ? new PlannedStatement.Explained(
                        planned, explain.analyze(), explain.text(), Splicer.tokenAt(text, from, to, inner.start()))
                : planned;
    }

    private PlannedStatement declare(DeclareCursor declare) {
        PlannedStatement query = analyze(declare.query());
        return query instanceof PlannedStatement.Refused
                ? query
                : new PlannedStatement.Declare(declare.name().value(), query, declare.hold());
    }

    private PlannedStatement analyze(Statement statement) {
        return NotificationPlans.checked(analyzed(statement), statement);
    }

    private PlannedStatement analyzed(Statement statement) {
        Analysis analysis = ShardAnalysis.analyze(statement, topology);
        Set<SessionState> states = analysis.sessionStates();
        ErrorResponse refusal = SessionPlans.refusal(states, analysis);
        if (refusal != null) {
            return refuse(refusal);
        }
        PlannedStatement copied =
                statement instanceof Copy copy ? CopyPlans.plan(copy, analysis, topology, text, from, to) : null;
        if (copied != null) {
            return copied;
        }
        if (analysis instanceof Analysis.Bound bound) {
            PlannedStatement relayed =
                    isUnreadable(statement, bound) ? relayed(statement, Refusals.severalShards()) : null;
            return relayed == null ? keyed(statement, bound) : relayed;
        }
        if (analysis instanceof Analysis.Unsharded unsharded) {
            for (QualifiedName table : unsharded.tables()) {
                if (OF_THE_SESSION.contains(table.name())) {
                    return refuse(Refusals.viewOfSession(table.name()));
                }
            }
            boolean anywhere = unsharded.readOnly()
                    && states.isEmpty()
                    && unsharded.tables().isEmpty()
                    && ServerIndependence.isSameOnEveryServer(statement);
            return anywhere
                    ? new PlannedStatement.Anywhere()
                    : SessionPlans.home(
                            !unsharded.readOnly(),
                            defines(statement) && !SessionPlans.isTemporary(statement, states),
                            states);
        }
        if (analysis instanceof Analysis.Everywhere everywhere) {
            return everywhere(everywhere, statement);
        }
        if (analysis instanceof Analysis.NotBound notBound) {
            String cursor = notBound.opaque() ? null : CurrentRow.cursor(statement, topology);
            if (cursor != null) {
                return new PlannedStatement.OnCursor(cursor, PlannedStatement.OnCursor.Use.CHANGE);
            }
            Spread spread = spread(statement, analysis);
            String locks = RowLocks.reasonAgainst(statement);
            ErrorResponse reason = locks == null ? Refusals.notRoutable(notBound.reason()) : Refusals.locks(locks);
            if (spread != null) {
                return new PlannedStatement.Spreads(
                        spread,
                        reason,
                        statement instanceof Copy,
                        statement instanceof Insert && spread.scatter() != null);
            }
            PlannedStatement relayed = notBound.opaque() ? null : relayed(statement, reason);
            boolean hindered = relayed == null && MovedTables.hinder(topology, analysis, statement, text, from, to);
            return relayed == null ? refuse(hindered ? Refusals.needsTables() : reason) : relayed;
        }
        PlannedStatement move = KeyMoves.plan(statement, topology, text, from, to);
        return move == null ? refuse(Refusals.refused(((Analysis.Refused) analysis).reason())) : move;
    }

    private PlannedStatement everywhere(Analysis.Everywhere everywhere, Statement statement) {
        return !topology.placement().moves().isEmpty() && MovedTables.mustStay(statement)
                ? refuse(Refusals.tableInUse(topology))
                : new PlannedStatement.Everywhere(
                        everywhere.transactional(),
                        defines(statement),
                        statement instanceof Lock ? "LOCK TABLE" : null);
    }

    /** The plan of a statement that is run in two steps; null for anything else. */
    private @Nullable PlannedStatement relayed(Statement statement, ErrorResponse reason) {
        if (!(statement instanceof Insert insert)) {
            return KeyMoves.plan(statement, topology, text, from, to);
        }
        if (!(topology.find(insert.table().schema(), insert.table().name()) instanceof TableClass.Sharded found)) {
            return null;
        }
        ShardedTable table = topology.catalog().table(found);
        RelayedInsert relayed = RelayAnalysis.insert(insert, found, table.storedColumns(), topology, text, from, to);
        return relayed == null ? null : new PlannedStatement.Relayed(table, relayed, reason);
    }

    /** Whether the rows of an INSERT can't be told apart by their keys: a query is among them, or a number that is no integer. */
    private boolean isUnreadable(Statement statement, Analysis.Bound bound) {
        if (!(statement instanceof Insert) || !bound.inserts()) {
            return false;
        }
        boolean numbers = bound.keys().stream()
                .anyMatch(key -> key instanceof KeyValue.Literal literal
                        && !literal.kind().isString()
                        && !isUnderstood(bound, literal));
        return numbers || (bound.keys().size() > 1 && SplitRows.of(bound, statement, text, from, to) == null);
    }

    private boolean isUnderstood(Analysis.Bound bound, KeyValue.Literal literal) {
        return literal.kind() == LiteralKind.INTEGER
                && (topology.catalog().table(bound.table()).keyType() == KeyType.INTEGER
                        || literal.cast() == KeyCast.TEXT);
    }

    private static boolean defines(Statement statement) {
        return statement instanceof Ddl
                || statement instanceof Other
                || statement instanceof Unparsed
                || statement instanceof Do
                || statement instanceof Call;
    }

    private @Nullable Spread spread(Statement statement, Analysis analysis) {
        return statement instanceof Merge merge && mayShorten(merge)
                ? null
                : SpreadAnalysis.spread(analysis, statement, topology, text, from, to);
    }

    /** Whether a key that it copies from another table may be stored without its trailing spaces, and so belong to another shard. */
    private boolean mayShorten(Merge merge) {
        QualifiedName name = merge.table().name();
        return topology.find(name.schema(), name.name()) instanceof TableClass.Sharded table
                && topology.catalog().table(table).keyLengthMax() < Integer.MAX_VALUE
                && merge.whens().stream().anyMatch(when -> when.action() == Merge.Action.INSERT);
    }

    private PlannedStatement keyed(Statement statement, Analysis.Bound bound) {
        if (statement instanceof Copy copy && copy.from()) {
            return refuse(Refusals.notRoutable("COPY FROM can't be split by key."));
        }
        ShardedTable table = topology.catalog().table(bound.table());
        Spread spread = spread(statement, bound);
        boolean copies = statement instanceof Copy;
        // In binary format its values may name types, which are those that clients know on the home shard alone.
        boolean copiedAtHome = copies && topology.catalog().hasTypesOfUsers();
        if (copies && spread != null && (copiedAtHome || mayBeSeveral(bound.keys()))) {
            return new PlannedStatement.Spreads(spread, Refusals.severalShards(), true);
        }
        PlannedStatement.Keyed keyed = new PlannedStatement.Keyed(
                table,
                List.of(),
                bound.inserts(),
                !bound.readOnly(),
                copies ? null : spread,
                SplitRows.of(bound, statement, text, from, to),
                KeyMoves.plan(statement, topology, text, from, to));
        List<KeySource> sources = new ArrayList<>();
        for (KeyValue value : bound.keys()) {
            if (!addSource(keyed, value, sources)) {
                if (keyed.move() != null) {
                    return keyed.move();
                }
                ErrorResponse reason = Refusals.keyType(table, "this value");
                return spread == null || bound.inserts()
                        ? refuse(reason)
                        : new PlannedStatement.Spreads(spread, reason, copies);
            }
        }
        return keyed.with(List.copyOf(sources));
    }

    private static boolean mayBeSeveral(List<KeyValue> keys) {
        return keys.size() > 1
                || keys.get(0) instanceof KeyValue.ArrayParameter
                || keys.get(0) instanceof KeyValue.ArrayLiteral;
    }

    /** Notes where a value is found; false if it is not understood. */
    private boolean addSource(PlannedStatement.Keyed keyed, KeyValue value, List<KeySource> sources) {
        if (value instanceof KeyValue.Parameter parameter) {
            return sources.add(new KeySource.Parameter(parameter.number() - 1, parameter.cast()));
        }
        if (value instanceof KeyValue.ArrayParameter parameter) {
            return sources.add(new KeySource.ArrayParameter(parameter.number() - 1, parameter.cast()));
        }
        if (value instanceof KeyValue.ArrayLiteral array) {
            return addSource(keyed, array, sources);
        }
        KeyValue.Literal literal = (KeyValue.Literal) value;
        KeySource.Literal source =
                new KeySource.Literal(literals.literalAt(literal.start()), literal.cast(), literal.negated());
        if (source.index() >= 0) {
            return sources.add(source);
        }
        long token = tokens.ofLiteral(keyed, source, text, literal.start(), literal.end(), literal.kind());
        return token >= 0 && sources.add(new KeySource.Constant((int) token));
    }

    private boolean addSource(PlannedStatement.Keyed keyed, KeyValue.ArrayLiteral array, List<KeySource> sources) {
        KeySource.ArrayLiteral source = new KeySource.ArrayLiteral(literals.literalAt(array.start()), array.cast());
        return source.index() >= 0
                ? sources.add(source)
                : arrays.ofLiteral(
                        keyed,
                        source,
                        text,
                        array.start(),
                        array.end(),
                        array.kind(),
                        token -> sources.add(new KeySource.Constant(token)));
    }

    private String source(Statement statement) {
        return source(statement.start(), statement.end());
    }

    private String source(int start, int end) {
        return new String(text, start, end - start, StandardCharsets.UTF_8);
    }

    private static PlannedStatement refuse(ErrorResponse error) {
        return new PlannedStatement.Refused(error);
    }
}
