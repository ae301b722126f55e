package io.pgring.proxy.routing;

import io.netty.buffer.ByteBuf;
import io.pgring.pgsql.lexer.Normalizer;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.spread.Gather;
import io.pgring.pgsql.spread.Spread;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.frontend.BindView;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides where statements go: from text to plan, from plan and values to route.
 *
 * <p>The rule that matters most: a value that isn't understood never picks a shard.
 *
 * <p>One per event loop, not thread-safe. {@link #plan} leaves the literals of its text behind for the {@link #route(Plan)} or
 * {@link #bind} that follows at once.
 */
public final class Planner {
    private static final Route ANY = new Route.Any();

    private final Supplier<Topology> topologies;
    private final Normalizer normalizer = new Normalizer();
    private final PlanCache cache;
    private final KeyTokens tokens = new KeyTokens();
    private final ArrayKeys arrays = new ArrayKeys(tokens);
    private final RouteBuilder builder;
    private byte[] text = new byte[0];

    /**
     * @param topologies the topology of the moment
     * @param entriesMax how many plans are remembered
     */
    public Planner(Supplier<Topology> topologies, int entriesMax) {
        this.topologies = topologies;
        this.cache = new PlanCache(entriesMax);
        this.builder = new RouteBuilder(topologies.get());
    }

    /**
     * The plan for the text {@code sql[from, to)}.
     *
     * @param sql UTF-8; borrowed until the next call
     */
    public Plan plan(byte[] sql, int from, int to) {
        Topology topology = topologies.get();
        text = sql;
        try {
            normalizer.normalize(sql, from, to);
        } catch (SqlSyntaxException e) {
            return PlanCompiler.untokenized(topology, sql, from, to, e);
        }
        Plan known = cache.find(normalizer.key(), normalizer.keyLength(), normalizer.keyHash(), topology.version());
        if (known != null) {
            known.onHit();
            return known;
        }
        Plan plan = new PlanCompiler(topology, sql, from, to, normalizer, tokens, arrays).compile();
        if (!plan.isUnique()) {
            cache.put(normalizer.key(), normalizer.keyLength(), normalizer.keyHash(), plan);
        }
        return plan;
    }

    /** The route of the text just planned, as a simple query: all of its values are literals. */
    public Route route(Plan plan) {
        builder.start(topologies.get());
        PlannedStatement.Refused refused = plan.refusal();
        if (refused != null) {
            return new Route.Refuse(refused.error());
        }
        if (plan.isEverywhere()) {
            return everywhere(plan.statements());
        }
        PlannedStatement single = plan.single();
        if (single != null) {
            return route(single);
        }
        // By index here and below: an iterator for each execution would be garbage.
        for (int i = 0; i < plan.statements().size(); i++) {
            ErrorResponse refusal = add(plan.statements().get(i));
            if (refusal != null) {
                return new Route.Refuse(refusal);
            }
        }
        return builder.route();
    }

    /** Whether what was just routed concerns rows whose statements wait, or might. */
    public boolean concernsPaused() {
        return builder.isPaused();
    }

    /** Whether what was just routed concerns rows that have just been given to another shard. */
    public boolean concernsFlipped() {
        return builder.isFlipped();
    }

    /** The topology by which the last route was made, or an older one than that. */
    public Topology routed() {
        return builder.topology();
    }

    /** The route of a statement that is alone in its text. */
    private Route route(PlannedStatement single) {
        if (single instanceof PlannedStatement.Declare declare) {
            return ofCursor(route(declare.query()));
        }
        if (single instanceof PlannedStatement.Explained explained) {
            return ExplainedRoutes.of(explained, route(explained.statement()));
        }
        if (single instanceof PlannedStatement.Everywhere) {
            return everywhere(List.of(single));
        }
        if (single instanceof PlannedStatement.Spreads spreads) {
            return spread(spreads);
        }
        if (single instanceof PlannedStatement.Relayed relayed) {
            return relayed(relayed);
        }
        Route copy = copy(single);
        if (copy != null) {
            return copy;
        }
        ErrorResponse refusal = add(single);
        if (refusal != null) {
            return single instanceof PlannedStatement.Keyed keyed
                    ? unplaced(keyed, refusal)
                    : new Route.Refuse(refusal);
        }
        return single instanceof PlannedStatement.Keyed keyed && builder.isSeveral() ? several(keyed) : builder.route();
    }

    /** The route of a cursor whose query would go there: its rows come from one server, which is the home shard if they are on several. */
    private Route ofCursor(Route ofQuery) {
        if (!(ofQuery instanceof Route.Several several)) {
            return ofQuery;
        }
        Topology topology = topologies.get();
        Gather gather = several.spread().gather();
        if (gather == null) {
            return new Route.Refuse(
                    topology.gatherUnavailable() == null ? Refusals.noCursor() : Refusals.noGather(topology));
        }
        return new Route.Gathered(topology.home(), gather.splices(), gather.ship());
    }

    /** Adds one statement of several; tells why it can't be run, or null. */
    private @Nullable ErrorResponse add(PlannedStatement statement) {
        if (statement instanceof PlannedStatement.Home || statement instanceof PlannedStatement.Notification) {
            builder.addHome();
        } else if (statement instanceof PlannedStatement.Declare declare) {
            return add(declare.query());
        } else if (statement instanceof PlannedStatement.Spreads spreads) {
            Gather gather = spreads.spread().gather();
            if (gather == null || topologies.get().gatherUnavailable() != null) {
                return gather == null ? spreads.reason() : Refusals.noGather(topologies.get());
            }
            builder.addGathered(gather.splices());
        } else if (statement instanceof PlannedStatement.Explained explained) {
            return add(explained.statement());
        } else if (statement instanceof PlannedStatement.Relayed) {
            return Refusals.relayAmongOthers();
        } else if (statement instanceof PlannedStatement.Everywhere) {
            return Refusals.everywhereAmongOthers();
        } else if (statement instanceof PlannedStatement.CopyIn || statement instanceof PlannedStatement.CopyOut) {
            return Refusals.copyAmongOthers();
        } else if (statement instanceof PlannedStatement.Keyed keyed) {
            for (int i = 0; i < keyed.keys().size(); i++) {
                KeySource source = keyed.keys().get(i);
                if (source instanceof KeySource.ArrayLiteral array) {
                    if (!addElements(keyed, array, builder::addSought)) {
                        return refusal(keyed, source);
                    }
                } else {
                    long token = tokenOf(keyed, source);
                    if (token < 0) {
                        return refusal(keyed, source);
                    }
                    builder.addToken((int) token);
                }
            }
        }
        return null;
    }

    /** Whether it looks for rows in a way that finds them wherever they are. */
    private static boolean isFound(PlannedStatement.Keyed keyed) {
        return keyed.spread() != null && !keyed.insert();
    }

    /** The route of a statement with a key that isn't understood: if it looks for rows, the shards are asked, and know it. */
    private Route unplaced(PlannedStatement.Keyed keyed, ErrorResponse refusal) {
        builder.addUnknown();
        if (keyed.move() != null) {
            return relayed(keyed.move());
        }
        return !isFound(keyed)
                ? new Route.Refuse(refusal)
                : several(
                        topologies.get().members(),
                        new PlannedStatement.Spreads(
                                Objects.requireNonNull(keyed.spread()), Refusals.severalShards(), false));
    }

    private Route everywhere(List<PlannedStatement> statements) {
        boolean transactional = statements.stream()
                .map(PlannedStatement.Everywhere.class::cast)
                .allMatch(PlannedStatement.Everywhere::transactional);
        String command = statements.stream()
                .map(statement -> ((PlannedStatement.Everywhere) statement).command())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (command != null) {
            // LOCK TABLE, which would hold up who moves rows.
            builder.addUnknown();
        }
        return new Route.Everywhere(topologies.get().members(), transactional, command);
    }

    /** The route of a COPY that every shard runs; null for anything else. */
    private @Nullable Route copy(@Nullable PlannedStatement statement) {
        Route route = CopyPlans.route(statement, topologies.get());
        if (route instanceof Route.CopyOut || (route instanceof Route.CopyIn in && in.placement() != null)) {
            builder.addUnknown();
        }
        return route;
    }

    /** The route of a statement whose rows may be anywhere. */
    private Route spread(PlannedStatement.Spreads spreads) {
        builder.addUnknown();
        return spreads.copies()
                ? CopyPlans.route(spreads, topologies.get())
                : several(topologies.get().members(), spreads);
    }

    private Route relayed(PlannedStatement planned) {
        builder.addUnknown();
        return KeyMoves.route(planned, topologies.get());
    }

    /** The route of a statement that concerns several shards. */
    private Route several(List<Shard> shards, PlannedStatement.Spreads spreads) {
        Topology topology = topologies.get();
        boolean gathers = spreads.spread().gather() != null && topology.gatherUnavailable() == null;
        if (!gathers && spreads.spread().scatter() == null) {
            return new Route.Refuse(spreads.spread().gather() == null ? spreads.reason() : Refusals.noGather(topology));
        }
        return new Route.Several(
                shards, gathers ? spreads.spread() : new Spread(spreads.spread().scatter(), null));
    }

    /** The route of a statement whose keys lie on several shards: those just added. */
    private Route several(PlannedStatement.Keyed keyed) {
        List<Shard> shards = builder.shards();
        if (keyed.move() != null) {
            return relayed(keyed.move());
        }
        if (keyed.spread() != null) {
            return several(shards, new PlannedStatement.Spreads(keyed.spread(), Refusals.severalShards(), false));
        }
        return keyed.rows() != null
                        && keyed.rows().rows().size() == keyed.keys().size()
                ? new Route.Split(shards, keyed.rows(), builder.tokensOfShards())
                : new Route.Refuse(Refusals.severalShards());
    }

    /** The route to the home shard. */
    public Route home() {
        return builder.start(topologies.get()).home();
    }

    /** Whether the tables are still those for which a plan was made. */
    public boolean isCurrent(Plan plan) {
        return plan.topologyVersion() == topologies.get().version();
    }

    /** The plans that are remembered, the most used first: statement, route, reason against one shard, uses. */
    public List<List<String>> plans() {
        return cache.entries().stream()
                .sorted(Comparator.comparingLong(
                                (PlanCache.Entry entry) -> entry.plan().hits())
                        .reversed())
                .map(entry -> PlanReport.row(entry.key(), entry.plan()))
                .toList();
    }

    /** The topology of the moment. */
    public Topology topology() {
        return topologies.get();
    }

    /** The home shard. */
    public Shard homeShard() {
        return topologies.get().home();
    }

    /** Whether a shard is the home shard. */
    public boolean isHome(Shard shard) {
        return topologies.get().home().index() == shard.index();
    }

    /** The token of a key that is in the text just planned. */
    private long tokenOf(PlannedStatement.Keyed keyed, KeySource source) {
        if (source instanceof KeySource.Constant constant) {
            return Integer.toUnsignedLong(constant.token());
        }
        if (source instanceof KeySource.Literal literal) {
            int index = literal.index();
            return tokens.ofLiteral(
                    keyed,
                    literal,
                    text,
                    normalizer.literalStart(index),
                    normalizer.literalEnd(index),
                    normalizer.literalKind(index));
        }
        return KeyTokens.NOT_UNDERSTOOD;
    }

    /** The tokens of an array that is in the text just planned. False if it is not understood. */
    private boolean addElements(PlannedStatement.Keyed keyed, KeySource.ArrayLiteral array, IntConsumer found) {
        int index = array.index();
        return arrays.ofLiteral(
                keyed,
                array,
                text,
                normalizer.literalStart(index),
                normalizer.literalEnd(index),
                normalizer.literalKind(index),
                found);
    }

    private ErrorResponse refusal(PlannedStatement.Keyed keyed, KeySource source) {
        if (source instanceof KeySource.Literal literal) {
            return Refusals.literalType(keyed.table(), normalizer.literalKind(literal.index()));
        }
        return source instanceof KeySource.InBind parameter
                ? ErrorResponse.error("42P02", "there is no parameter $" + (parameter.index() + 1))
                : Refusals.keyType(keyed.table(), "a constant");
    }

    /** The plan of a prepared statement, whose text was just planned. */
    public BoundPlan bind(Plan plan, int[] parameterTypeOids) {
        if (plan.statements().size() > 1) {
            ErrorResponse several =
                    ErrorResponse.error("42601", "cannot insert multiple commands into a prepared statement");
            return new BoundPlan(plan, null, several);
        }
        PlannedStatement.Refused refused = plan.refusal();
        if (refused != null) {
            return new BoundPlan(plan, refused, refused.error());
        }
        if (plan.single() instanceof PlannedStatement.Declare declare) {
            BoundPlan query = bind(plan, declare.query(), parameterTypeOids);
            PlannedStatement found = Objects.requireNonNull(query.statement());
            return new BoundPlan(
                    plan, new PlannedStatement.Declare(declare.cursor(), found, declare.hold()), query.refusal());
        }
        if (plan.single() instanceof PlannedStatement.Explained explained) {
            BoundPlan inner = bind(plan, explained.statement(), parameterTypeOids);
            PlannedStatement found = Objects.requireNonNull(inner.statement());
            return new BoundPlan(plan, explained.with(found), inner.refusal());
        }
        return bind(plan, plan.single(), parameterTypeOids);
    }

    private BoundPlan bind(Plan plan, @Nullable PlannedStatement single, int[] parameterTypeOids) {
        if (!(single instanceof PlannedStatement.Keyed keyed)) {
            return new BoundPlan(plan, single, null);
        }
        List<KeySource> sources = new ArrayList<>(keyed.keys().size());
        ErrorResponse refusal = null;
        for (KeySource source : keyed.keys()) {
            ErrorResponse reason = bind(keyed, source, parameterTypeOids, sources);
            refusal = refusal == null ? reason : refusal;
        }
        if (refusal != null && keyed.move() != null) {
            ErrorResponse reason = keyed.move() instanceof PlannedStatement.Refused refused ? refused.error() : null;
            return new BoundPlan(plan, keyed.move(), reason);
        }
        if (refusal != null && isFound(keyed)) {
            return new BoundPlan(
                    plan, new PlannedStatement.Spreads(Objects.requireNonNull(keyed.spread()), refusal, false), null);
        }
        return new BoundPlan(plan, keyed.with(List.copyOf(sources)), refusal);
    }

    /** Adds a key with what its literal says once and for all; tells why that can't be, or null. */
    private @Nullable ErrorResponse bind(
            PlannedStatement.Keyed keyed, KeySource source, int[] parameterTypeOids, List<KeySource> bound) {
        if (source instanceof KeySource.Parameter parameter) {
            bound.add(parameter);
            return KeyTokens.refuseType(keyed, oid(parameterTypeOids, parameter.index()), parameter.cast());
        }
        if (source instanceof KeySource.ArrayParameter array) {
            bound.add(array);
            return ArrayKeys.refuseType(keyed, oid(parameterTypeOids, array.index()), array);
        }
        if (source instanceof KeySource.ArrayLiteral array) {
            boolean understood = addElements(keyed, array, token -> bound.add(new KeySource.Constant(token)));
            return understood ? null : refusal(keyed, source);
        }
        long token = tokenOf(keyed, source);
        bound.add(new KeySource.Constant((int) token));
        return token < 0 ? refusal(keyed, source) : null;
    }

    private static int oid(int[] parameterTypeOids, int index) {
        return index < parameterTypeOids.length ? parameterTypeOids[index] : 0;
    }

    /**
     * The route of one execution of a prepared statement.
     *
     * @param bind its Bind, over at least the front of {@code body}
     * @return null when the key lies in a part of the Bind that isn't there yet
     */
    public @Nullable Route route(BoundPlan bound, BindView bind, ByteBuf body) {
        builder.start(topologies.get());
        if (bound.refusal() != null) {
            return new Route.Refuse(bound.refusal());
        }
        if (bound.statement() instanceof PlannedStatement.Declare declare) {
            Route ofQuery = route(declare.query(), bind, body);
            return ofQuery == null ? null : ofCursor(ofQuery);
        }
        if (bound.statement() instanceof PlannedStatement.Explained explained) {
            Route route = route(explained.statement(), bind, body);
            return route == null ? null : ExplainedRoutes.of(explained, route);
        }
        return route(bound.statement(), bind, body);
    }

    private @Nullable Route route(@Nullable PlannedStatement statement, BindView bind, ByteBuf body) {
        if (statement instanceof PlannedStatement.Home || statement instanceof PlannedStatement.Notification) {
            return home();
        }
        if (statement instanceof PlannedStatement.Spreads spreads) {
            return spread(spreads);
        }
        if (statement instanceof PlannedStatement.Relayed relayed) {
            return relayed(relayed);
        }
        if (statement instanceof PlannedStatement.Everywhere everywhere) {
            return everywhere(List.of(everywhere));
        }
        if (!(statement instanceof PlannedStatement.Keyed keyed)) {
            Route copy = copy(statement);
            return copy == null ? ANY : copy;
        }
        for (int i = 0; i < keyed.keys().size(); i++) {
            KeySource source = keyed.keys().get(i);
            if (source instanceof KeySource.InBind parameter) {
                if (parameter.index() >= bind.parameterCount()) {
                    return ANY;
                }
                if (!bind.parameterAvailable(parameter.index())) {
                    return null;
                }
                long token = add(keyed, parameter, bind, body);
                if (token == KeyTokens.NOT_UNDERSTOOD) {
                    return unplaced(
                            keyed,
                            Refusals.keyType(keyed.table(), "the value of parameter $" + (parameter.index() + 1)));
                }
                if (token == KeyTokens.NULL && keyed.insert()) {
                    return unplaced(keyed, Refusals.keyIsNull(keyed.table()));
                }
            } else {
                builder.addToken(((KeySource.Constant) source).token());
            }
        }
        return builder.isSeveral() ? several(keyed) : builder.route();
    }

    /** Adds the token of a parameter, which is returned, or those of an array, for which 0 is returned. */
    private long add(PlannedStatement.Keyed keyed, KeySource.InBind source, BindView bind, ByteBuf body) {
        if (source instanceof KeySource.ArrayParameter) {
            boolean understood = arrays.ofParameter(keyed, bind, body, source.index(), builder::addSought);
            return understood ? 0 : KeyTokens.NOT_UNDERSTOOD;
        }
        long token = tokens.ofParameter(keyed, bind, body, source.index());
        if (token >= 0) {
            builder.addToken((int) token);
        }
        return token;
    }
}
