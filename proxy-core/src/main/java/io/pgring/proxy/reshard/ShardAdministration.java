package io.pgring.proxy.reshard;

import io.pgring.hashring.RingMember;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.InvalidValueException;
import io.pgring.proxy.config.RingConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.CatalogSchema;
import io.pgring.proxy.topology.DeclaredTables;
import io.pgring.proxy.topology.Gathering;
import io.pgring.proxy.topology.Membership;
import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardAccess;
import io.pgring.proxy.topology.ShardInspection;
import io.pgring.proxy.topology.ShardRows;
import io.pgring.proxy.topology.Topology;
import io.pgring.proxy.topology.TopologyBarrier;
import io.pgring.proxy.topology.TopologyCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes which shards there are, and how much each is to own. What follows from that are moves, which the proxies make; this only writes them
 * into the journal:
 *
 * <pre>
 *   add      the server is looked at; gets the tables, and the rows of reference tables   nobody knows of it
 *            joining: all proxies know it, and write to its reference tables              barrier
 *            the rows of reference tables are made the same; the moves are planned        movers begin
 *   remove   leaving, and the moves are planned; a mover takes it away when it is empty
 *   weight   likewise
 * </pre>
 *
 * Each can be called again after a failure, and goes on from what there is. One at a time: an advisory lock on the home shard keeps other
 * changes away, of tables too. Blocks: for control threads, and for commands, which need no proxy.
 */
public final class ShardAdministration {
    private static final Duration BARRIER = Duration.ofMinutes(2);
    private static final String LOCK_WAIT = "10s";
    private static final Set<String> MISSING = Set.of("42P01", "3F000");
    /** Class of SQLSTATEs. */
    private static final String UNREACHABLE = "08";

    private final Configuration configuration;
    private final ShardAccess access;
    private final Furnishing furnishing;

    /** @param configuration its first shard is the home shard; addresses and logins of others go before those of the catalog */
    public ShardAdministration(Configuration configuration, ShardAccess access, Furnishing furnishing) {
        this.configuration = configuration;
        this.access = access;
        this.furnishing = furnishing;
    }

    /**
     * What is known of the ring.
     *
     * @param topology shards, ring and tables
     * @param open moves that are not over
     */
    public record State(Topology topology, List<JournalEntry> open) {}

    /**
     * A server becomes a shard, and gets its share of the rows.
     *
     * @return the moves that follow
     */
    public List<JournalEntry> add(ShardConfiguration joining)
            throws SQLException, RingChangeException, InterruptedException {
        try (Connection home = lock()) {
            MoveJournal journal = new MoveJournal(home);
            Placement before = quiet(home);
            Shard there = there(before, joining);
            checkValid(before, joining);
            new ServerCheck(joining, configuration, access).run(before);
            Catalog catalog = catalog();
            if (there == null) {
                furnishing.define(joining, catalog);
                complete(home, joining, catalog, journal.change(() -> ShardRows.join(home, joining)));
            } else if (before.membershipOf(there) == Membership.JOINING) {
                complete(home, joining, catalog, before.version());
            }
            Placement now = placement(home);
            RingPlan plan = plan(
                    now,
                    now.shards().stream()
                            .filter(shard ->
                                    shard.name().equals(joining.name()) || now.membershipOf(shard) == Membership.MEMBER)
                            .map(shard -> shard.name().equals(joining.name()) ? joining : shard.configuration())
                            .toList());
            if (plan.moves().isEmpty()) {
                throw new RingChangeException(
                        "42710",
                        "shard \"" + joining.name() + "\" is there already, with its share of the rows",
                        null,
                        null);
            }
            return journal.add(plan, () -> ShardRows.weigh(home, joining.name(), joining.weight()));
        }
    }

    /** The shard is known from a version on. One that can't be used as it must is taken away again. */
    private void complete(Connection home, ShardConfiguration joining, Catalog catalog, long version)
            throws SQLException, RingChangeException, InterruptedException {
        try {
            awaitProxies(home, version, catalog);
            furnishing.complete(joining, catalog);
        } catch (SQLException | RingChangeException e) {
            try {
                new MoveJournal(home).change(() -> ShardRows.change(home, joining.name(), Membership.LEAVING));
            } catch (SQLException again) {
                throw halfway(joining.name(), e);
            }
            throw e;
        }
    }

    private static RingChangeException halfway(String name, Exception cause) {
        return new RingChangeException(
                "55000",
                "shard \"" + name + "\" is still " + Membership.JOINING.word(),
                cause.getMessage() + ". Then the home shard could not be told to take it away.",
                whatHelps(name));
    }

    /** A shard is joining, and nobody is at it any more. */
    public static String whatHelps(String name) {
        return "pgring shard add " + name + ", with its address, goes on from there; pgring shard remove " + name
                + " takes it away.";
    }

    /** A shard gives all its rows to the others, and is no shard any more when that is done. @return the moves that follow */
    public List<JournalEntry> remove(String name) throws SQLException, RingChangeException, InterruptedException {
        try (Connection home = lock()) {
            Placement now = quiet(home);
            Shard leaving = shard(now, name);
            if (leaving.index() == 0) {
                throw new RingChangeException(
                        "0A000",
                        "shard \"" + name + "\" is the home shard, which can't be removed",
                        "It has the catalog, and the tables that are not spread over the shards.",
                        "pgring shard weight " + name + " 1, with greater weights for the others, takes rows from it.");
            }
            RingPlan plan = planWithout(now, leaving);
            return new MoveJournal(home).add(plan, () -> ShardRows.change(home, name, Membership.LEAVING));
        }
    }

    /** A shard gets another share of the rows. @return the moves that follow */
    public List<JournalEntry> weigh(String name, int weight)
            throws SQLException, RingChangeException, InterruptedException {
        try (Connection home = lock()) {
            Placement now = quiet(home);
            Shard changed = shard(now, name);
            RingPlan plan = planWeight(now, changed, weight);
            return new MoveJournal(home).add(plan, () -> ShardRows.weigh(home, name, weight));
        }
    }

    /** What would move if a server became a shard; it is not looked at. */
    public RingPlan planAdd(State state, ShardConfiguration joining) throws RingChangeException {
        Placement now = state.topology().placement();
        Shard there = there(now, joining);
        checkValid(now, joining);
        List<Shard> shards = new ArrayList<>(now.shards());
        if (there == null) {
            shards.add(new Shard(shards.size(), joining));
        }
        List<ShardConfiguration> wanted = shards.stream()
                .filter(shard -> shard.name().equals(joining.name())
                        || (shard.index() < now.shards().size() && now.membershipOf(shard) == Membership.MEMBER))
                .map(shard -> shard.name().equals(joining.name()) ? joining : shard.configuration())
                .toList();
        return plan(new Placement(now.version(), shards, now.ring(), now.moves()), wanted);
    }

    /** What would move if a shard was removed. */
    public RingPlan planRemove(State state, String name) throws RingChangeException {
        Placement now = state.topology().placement();
        return planWithout(now, shard(now, name));
    }

    /** What would move if a shard had another weight. */
    public RingPlan planWeight(State state, String name, int weight) throws RingChangeException {
        Placement now = state.topology().placement();
        return planWeight(now, shard(now, name), weight);
    }

    private static RingPlan planWithout(Placement now, Shard leaving) throws RingChangeException {
        List<ShardConfiguration> others = now.shards().stream()
                .filter(shard -> shard.index() != leaving.index() && now.membershipOf(shard) == Membership.MEMBER)
                .map(Shard::configuration)
                .toList();
        if (others.isEmpty()) {
            throw new RingChangeException(
                    "55000",
                    "shard \"" + leaving.name() + "\" is the last one",
                    "Nobody could take its rows.",
                    "Add another shard first.");
        }
        return plan(now, others);
    }

    private static RingPlan planWeight(Placement now, Shard changed, int weight) throws RingChangeException {
        if (now.membershipOf(changed) != Membership.MEMBER) {
            throw new RingChangeException(
                    "55000",
                    "shard \"" + changed.name() + "\" is "
                            + now.membershipOf(changed).word(),
                    null,
                    now.membershipOf(changed) == Membership.JOINING
                            ? whatHelps(changed.name())
                            : "Wait until it is gone.");
        }
        List<ShardConfiguration> wanted = new ArrayList<>();
        for (Shard shard : now.shards()) {
            if (now.membershipOf(shard) == Membership.MEMBER) {
                wanted.add(
                        shard.index() == changed.index()
                                ? valid(() -> shard.configuration().withWeight(weight))
                                : shard.configuration());
            }
        }
        return plan(now, wanted);
    }

    private static RingPlan plan(Placement now, List<ShardConfiguration> wanted) throws RingChangeException {
        List<RingMember> members = wanted.stream()
                .map(shard -> new RingMember(shard.name(), shard.weight()))
                .toList();
        try {
            return RingPlan.of(now, members);
        } catch (IllegalArgumentException e) {
            throw new RingChangeException("22023", String.valueOf(e.getMessage()), null, null);
        }
    }

    /**
     * What is aborted is over when its mover has taken everything back.
     *
     * @param id of a move; null for whatever is moved
     * @param force the target can't be reached any more: it is no shard from now on, unless it owns rows
     * @return the moves that are told to abort, and those that can't be
     */
    public Aborted abort(@Nullable Long id, boolean force)
            throws SQLException, RingChangeException, InterruptedException {
        try (Connection home = connect()) {
            Abortion abortion = new Abortion(new MoveJournal(home));
            List<String> forsaken = force ? abortion.forsake(id, placement(home), this::isLost) : List.of();
            return abortion.run(id, forsaken);
        }
    }

    private boolean isLost(Shard shard) {
        try (Connection there = access.open(shard.configuration(), configuration.pool())) {
            return there.isClosed();
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState()).startsWith(UNREACHABLE);
        }
    }

    /**
     * What became of an attempt to abort.
     *
     * @param told moves that go back, or are not begun
     * @param finishing moves past the point of no return, which end soon
     * @param forsaken targets that could not be reached, and are no shards any more
     */
    public record Aborted(List<JournalEntry> told, List<JournalEntry> finishing, List<String> forsaken) {}

    /** What is the case. */
    public State state() throws SQLException, RingChangeException {
        try (Connection home = connect()) {
            Topology topology =
                    new Topology(1, placement(home), catalog(), Gathering.unavailable("This is no proxy."), List.of());
            return new State(topology, new MoveJournal(home).open());
        }
    }

    /** Fails if the catalog has tables that this configuration has not: what it says of all rows would not be true. */
    public void requireAllTables() throws SQLException, RingChangeException {
        List<TableConfiguration> here = DeclaredTables.of(catalog()).settled();
        try (Connection home = connect()) {
            for (TableConfiguration table : new MoveJournal(home).tables()) {
                if (!here.contains(table)) {
                    throw new RingChangeException(
                            "55000",
                            "the configuration file does not have table " + table.qualifiedName()
                                    + " as the proxies have it",
                            null,
                            "With --home in place of the file, the tables of the proxies count.");
                }
            }
        }
    }

    /** The moves that are not over, in their order. */
    public List<JournalEntry> open() throws SQLException {
        try (Connection home = connect()) {
            return new MoveJournal(home).open();
        }
    }

    /** All moves there have been, the newest first. */
    public List<JournalEntry> moves(int most) throws SQLException {
        try (Connection home = connect()) {
            return new MoveJournal(home).history(most);
        }
    }

    private Connection connect() throws SQLException {
        Connection home = access.open(configuration.shards().get(0), configuration.pool());
        home.setNetworkTimeout(Runnable::run, 0);
        return home;
    }

    private Connection lock() throws SQLException, RingChangeException {
        Connection home = connect();
        try {
            lock(home);
            return home;
        } catch (SQLException e) {
            home.close();
            if ("55P03".equals(e.getSQLState())) {
                throw new RingChangeException(
                        "55006", "tables or shards are being changed by somebody else", null, "Try again later.");
            }
            throw e;
        }
    }

    /** Keeps other changes of tables and shards away for as long as the connection is open. */
    static void lock(Connection home) throws SQLException {
        try (Statement statement = home.createStatement()) {
            statement.execute("SET lock_timeout = '" + LOCK_WAIT + "'");
            statement.execute("SELECT pg_catalog.pg_advisory_lock(" + CatalogSchema.ADMINISTRATION_LOCK + ")");
        }
    }

    private Placement placement(Connection home) throws SQLException, RingChangeException {
        Optional<Placement> found = Optional.empty();
        try {
            found = TopologyCatalog.read(home, configuration.shards());
        } catch (SQLException e) {
            if (!MISSING.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
        }
        return found.orElseThrow(() -> new RingChangeException(
                "55000", "there is no catalog of shards", null, "The first proxy that is started makes it."));
    }

    private Placement quiet(Connection home) throws SQLException, RingChangeException {
        Placement now = placement(home);
        if (!now.moves().isEmpty()) {
            Move move = now.moves().get(0);
            throw new RingChangeException(
                    "55006",
                    "rows are being moved",
                    "Move " + move.id() + " from shard \""
                            + now.shards().get(move.source()).name() + "\" to shard \""
                            + now.shards().get(move.target()).name() + "\" is under way.",
                    "Wait for its end, which pgring reshard status shows, or abort it.");
        }
        return now;
    }

    private Catalog catalog() throws RingChangeException {
        ShardInspection found = ShardInspection.ofHome(configuration, access);
        Catalog catalog = found.catalog();
        if (catalog == null || !found.problems().isEmpty()) {
            throw new RingChangeException(
                    "55000",
                    "the tables of the home shard can't be used",
                    String.join("; ", found.problems()) + ".",
                    "pgring check --connect says more.");
        }
        return catalog;
    }

    private static Shard shard(Placement now, String name) throws RingChangeException {
        return now.members().stream()
                .filter(shard -> shard.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RingChangeException(
                        "42704",
                        "shard \"" + name + "\" does not exist",
                        null,
                        "pgring shard list shows those there are."));
    }

    /** The shard, if it has been added before and that is to be gone on with; null if it is new. */
    private static @Nullable Shard there(Placement now, ShardConfiguration joining) throws RingChangeException {
        for (Shard shard : now.members()) {
            ShardConfiguration other = shard.configuration();
            if (other.name().equals(joining.name()) && !isSamePlace(other, joining)) {
                throw new RingChangeException(
                        "42710",
                        "shard \"" + joining.name() + "\" exists already",
                        "It is at " + other.addresses() + "/" + other.database() + ".",
                        "Choose another name.");
            }
            if (other.name().equals(joining.name()) && now.membershipOf(shard) == Membership.LEAVING) {
                throw new RingChangeException(
                        "55006", "shard \"" + joining.name() + "\" is about to leave", null, "Wait until it is gone.");
            }
            if (other.name().equals(joining.name())) {
                return shard;
            }
        }
        return null;
    }

    private static boolean isSamePlace(ShardConfiguration one, ShardConfiguration other) {
        return one.addresses().equals(other.addresses()) && one.database().equals(other.database());
    }

    /** As the configuration file of a proxy would be. */
    private void checkValid(Placement now, ShardConfiguration joining) throws RingChangeException {
        for (ShardConfiguration entry : configuration.shards()) {
            if (entry.name().equals(joining.name()) && !isSamePlace(entry, joining)) {
                throw new RingChangeException(
                        "22023",
                        "shard \"" + joining.name() + "\" is somewhere else in the configuration file",
                        "The file has it at " + entry.addresses() + "/" + entry.database() + ", which goes before.",
                        "Take it out of the files of all proxies, or choose another name.");
            }
        }
        List<ShardConfiguration> all = new ArrayList<>();
        now.members().stream()
                .map(Shard::configuration)
                .filter(shard -> !shard.name().equals(joining.name()))
                .forEach(all::add);
        all.add(joining);
        RingConfiguration ring = new RingConfiguration(now.ring().pointsPerWeight());
        valid(() -> configuration.withShards(all, ring));
    }

    private interface Valid<T> {
        T make();
    }

    private static <T> T valid(Valid<T> value) throws RingChangeException {
        try {
            return value.make();
        } catch (InvalidValueException e) {
            throw new RingChangeException("22023", String.valueOf(e.getMessage()), null, null);
        }
    }

    private void awaitProxies(Connection home, long version, Catalog catalog)
            throws SQLException, RingChangeException, InterruptedException {
        Topology topology =
                new Topology(1, placement(home), catalog, Gathering.unavailable("This is no proxy."), List.of());
        TopologyBarrier barrier = new TopologyBarrier(() -> topology, access, configuration.pool());
        if (!barrier.await(version, topology.members(), BARRIER)) {
            throw new RingChangeException(
                    "55006",
                    "not all proxies have come to know the new shard",
                    "A transaction of a client on several shards may hold one up, or a shard that it can't reach.",
                    "It is taken away again; try once more.");
        }
    }
}
