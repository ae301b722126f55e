package io.pgring.proxy.exchange;

import io.pgring.pgsql.spread.Gather;
import io.pgring.pgsql.spread.Relay;
import io.pgring.pgsql.spread.Rewriting;
import io.pgring.pgsql.spread.Ship;
import io.pgring.pgsql.spread.StoredColumn;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.FanOutTask.Description;
import io.pgring.proxy.fanout.FanOutTask.Positions;
import io.pgring.proxy.fanout.Reply;
import io.pgring.proxy.fanout.ShardStatement;
import io.pgring.proxy.fanout.ShardStatement.Input;
import io.pgring.proxy.routing.CopyPlacement;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a statement whose rows the proxy carries:
 *
 * <pre>
 *  judge    the home shard describes the client's text: whatever is wrong with it, PostgreSQL says
 *  count    it describes the source, if the text does not tell how many columns that has
 *  read     the source is run, in steps of its own if its rows are handed to the home shard, or the rows are deleted where they are;
 *           each row of the answer goes to the array of the shard that owns its key
 *  write    each shard inserts its array, and RETURNING gives the rows in the order in which they were read
 * </pre>
 */
final class RelaySteps {
    private static final int[] NONE = {};
    private static final int PARAMETERS_MAX = 65_535;

    private final Relay relay;
    private final CopyPlacement placement;
    private final byte[] text;
    private final Input input;
    private final boolean describes;
    private final Way way;
    private int[] typeOids = NONE;
    private int sourceColumns;
    private Relay.@Nullable Rows rows;
    private @Nullable RelayedRows read;

    /** How the steps run in the client's transaction. */
    interface Way {
        /** What a connection is told before it takes part. */
        List<String> begin();

        /** Makes tasks of the source. */
        SpreadTasks tasks(byte[] source, Input with);

        /** The largest size of all rows together. */
        int bytesMax();

        /** The route of the source. */
        Route route(byte[] source, Input with, boolean atHome);

        /** Whether the home shard can read the rows of all by itself, or they are to be handed to it. */
        boolean mayGather();

        /** The steps of a source that the home shard runs over rows that are handed to it. */
        Step shipped(SpreadTasks tasks, Input with, Ship ship, Route route) throws SpreadTasks.Impossible;

        /** A shard is about to be written to. */
        void onWrite(Shard shard);
    }

    /**
     * @param text the client's
     * @param input the client's values
     * @param describes whether the client is to be told the columns of RETURNING
     */
    RelaySteps(Route.Relayed route, byte[] text, Input input, boolean describes, Way way) {
        this.relay = route.relay();
        this.placement = route.placement();
        this.text = text;
        this.input = input;
        this.describes = describes;
        this.way = way;
        this.sourceColumns = relay.sourceColumns();
    }

    private Shard home() {
        return placement.shards().get(0);
    }

    /** The first step. */
    Step judge() {
        Reply reply = new Reply.Described((types, columns) -> typeOids = types);
        return new Step(
                described(text, input.typeOids(), reply, Positions.SAME),
                null,
                sourceColumns < 0 ? this::count : this::read);
    }

    private FanOutTask described(byte[] described, int[] declared, Reply reply, Positions positions) {
        ShardStatement statement =
                new ShardStatement(home(), described, new Input(declared, NONE, new byte[0][], NONE));
        return new FanOutTask(List.of(statement), reply, new Description.None(), positions, way.begin());
    }

    private Step count() {
        Rewriting source = relay.source();
        Reply reply = new Reply.Described((types, columns) -> sourceColumns = count(columns));
        return new Step(described(source.of(text), typeOids, reply, positions(source)), null, this::read);
    }

    private static int count(@Nullable RowDescription columns) {
        return columns == null ? 0 : columns.fields().size();
    }

    private Positions positions(Rewriting rewriting) {
        return position -> rewriting.originalPosition(text, position);
    }

    // ---- read -------------------------------------------------------------------------------------------------------

    private Step read() throws SpreadTasks.Impossible {
        Relay.Rows found = relay.rows(sourceColumns);
        for (Optional<StoredColumn> column : found.columns()) {
            refuseColumn(column.orElse(null));
        }
        byte[] source = found.read().of(text);
        Input with = new Input(typeOids, input.formats(), input.values(), NONE);
        Route route = way.route(source, with, found.draws());
        rows = found;
        RelayedRows taken = new RelayedRows(placement, found, way.bytesMax());
        read = taken;
        Step first = source(route, source, with);
        if (relay.takesAway()) {
            first.task().statements().forEach(statement -> way.onWrite(statement.shard()));
        }
        return taken(first, taken, positions(found.read()));
    }

    /** The steps of the source, whose rows are taken. */
    private Step taken(Step step, RelayedRows rows, Positions whole) {
        FanOutTask task = step.task();
        FanOutTask placed = new FanOutTask(
                task.statements(),
                task.reply(),
                task.description(),
                position -> whole.original(task.positions().original(position)),
                task.begin());
        Step.Next next = step.next();
        return next == null
                ? new Step(placed, rows, this::write)
                : new Step(placed, step.taker(), () -> taken(next.step(), rows, whole));
    }

    private void refuseColumn(@Nullable StoredColumn column) throws SpreadTasks.Impossible {
        if (column != null && column.type().isEmpty()) {
            throw new SpreadTasks.Impossible(
                    ErrorResponse.error("0A000", "column \"" + column.name() + "\" is not known to the proxy yet")
                            .hint("Try again when the proxy has looked at the table."));
        }
        if (column != null && !column.travels()) {
            throw new SpreadTasks.Impossible(ErrorResponse.error(
                            "0A000",
                            "values of column \"" + column.name() + "\" can't be taken from one shard to another")
                    .detail("What a value of type " + column.type() + " means differs between servers.")
                    .hint(relay.hint()));
        }
    }

    private Step source(Route route, byte[] source, Input with) throws SpreadTasks.Impossible {
        SpreadTasks tasks = way.tasks(source, with);
        if (route instanceof Route.Refuse refused) {
            throw new SpreadTasks.Impossible(refused.error());
        }
        if (route instanceof Route.Several several && several.spread().scatter() != null) {
            return Step.only(tasks.scattered(several.shards(), several.spread().scatter()));
        }
        if (route instanceof Route.Several several) {
            Gather gather = Objects.requireNonNull(several.spread().gather());
            if (way.mayGather()) {
                return Step.only(tasks.gathered(home(), gather.splices()));
            }
            if (gather.ship() == null) {
                throw new SpreadTasks.Impossible(ShipTasks.impossible());
            }
            return way.shipped(tasks, with, gather.ship(), route);
        }
        return Step.only(tasks.on(route instanceof Route.Single single ? single.shard() : home()));
    }

    // ---- write ------------------------------------------------------------------------------------------------------

    private Step write() throws SpreadTasks.Impossible {
        RelayedRows taken = Objects.requireNonNull(read);
        if (taken.refusal() != null) {
            throw new SpreadTasks.Impossible(taken.refusal());
        }
        int parameter = typeOids.length + 1;
        if (parameter > PARAMETERS_MAX) {
            throw new SpreadTasks.Impossible(
                    ErrorResponse.error("54000", "the statement has no room for one more parameter"));
        }
        Rewriting write = relay.write(Objects.requireNonNull(rows), parameter);
        byte[] written = write.of(text);
        List<ShardStatement> statements = new ArrayList<>();
        for (int index : taken.shards()) {
            Shard shard = placement.shards().get(index);
            way.onWrite(shard);
            statements.add(new ShardStatement(shard, written, with(taken.rowsOf(index))));
        }
        FanOutTask task = new FanOutTask(
                statements,
                new Reply.InOrder(taken.sources(), relay.command()),
                describes ? new Description.OfRows(true) : new Description.None(),
                positions(write),
                way.begin());
        return new Step(task, null, taken.hasNullKey() ? this::nullKeyWasTaken : null);
    }

    /** The client's values, and the rows behind them. */
    private Input with(byte[] array) {
        int count = typeOids.length;
        byte[] @Nullable [] values = Arrays.copyOf(input.values(), count + 1);
        values[count] = array;
        int[] formats = new int[count + 1];
        int[] given = input.formats();
        for (int i = 0; i < count; i++) {
            formats[i] = given.length == 0 ? 0 : given[given.length == 1 ? 0 : i];
        }
        return new Input(Arrays.copyOf(typeOids, count + 1), formats, values, input.resultFormats());
    }

    /** PostgreSQL says itself what is wrong with it, unless the column may be NULL: then nobody would find the row again. */
    private Step nullKeyWasTaken() throws SpreadTasks.Impossible {
        throw new SpreadTasks.Impossible(placement.refusal(null));
    }
}
