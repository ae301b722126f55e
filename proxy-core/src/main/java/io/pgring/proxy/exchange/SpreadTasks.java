package io.pgring.proxy.exchange;

import io.pgring.pgsql.copy.CopyCommand;
import io.pgring.pgsql.spread.Combination;
import io.pgring.pgsql.spread.Excerpt;
import io.pgring.pgsql.spread.Gather;
import io.pgring.pgsql.spread.RowLimit;
import io.pgring.pgsql.spread.Scatter;
import io.pgring.pgsql.spread.Ship;
import io.pgring.pgsql.spread.Splice;
import io.pgring.pgsql.spread.Splicer;
import io.pgring.pgsql.spread.SplitRows;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.FanOutTask.Description;
import io.pgring.proxy.fanout.FanOutTask.Positions;
import io.pgring.proxy.fanout.Reply;
import io.pgring.proxy.fanout.ShardStatement;
import io.pgring.proxy.fanout.ShardStatement.Input;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Placement;
import io.pgring.proxy.topology.Shard;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns a route that concerns several shards into what each of them runs. */
final class SpreadTasks {
    private static final RowLimit.Bound NONE = new RowLimit.Bound.None();
    private static final Reply ALL_ROWS = new Reply.Rows(new Combination.Append(new RowLimit(NONE, NONE)), -1, 0);
    private static final String INVALID_LIMIT = "2201W";
    private static final String INVALID_OFFSET = "2201X";

    private final byte[] text;
    private final Input input;
    private final Description description;
    private final List<String> begin;
    private final Placement placement;

    /**
     * @param text the client's
     * @param input the client's values
     * @param description how the client is to be told the columns
     * @param begin what a connection is told before it takes part
     * @param placement tells which shards may have rows that count on another one
     */
    SpreadTasks(byte[] text, Input input, Description description, List<String> begin, Placement placement) {
        this.text = text;
        this.input = input;
        this.description = description;
        this.begin = begin;
        this.placement = placement;
    }

    /** A value of the statement makes it impossible. */
    static final class Impossible extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient ErrorResponse error;

        Impossible(String sqlState, String message) {
            this(ErrorResponse.error(sqlState, message));
        }

        Impossible(ErrorResponse error) {
            super(error.fields().message());
            this.error = error;
        }

        ErrorResponse error() {
            return error;
        }
    }

    /** The home shard runs it over all rows. Its views know less of the types than the tables, which describe the rows. */
    FanOutTask gathered(Shard home, List<Splice> splices) {
        return task(List.of(home), Texts.same(splices), input, ALL_ROWS, ofTables());
    }

    private Description ofTables() {
        return description instanceof Description.None ? description : new Description.OfText(text, input);
    }

    /** Each shard runs a query for rows, which is an excerpt of the text. */
    FanOutTask read(List<Shard> shards, Ship.Reading reading, Input with) {
        Excerpt excerpt = placement.hidesRows() ? reading.visible() : reading.query();
        byte[] query = reading.query().of(text);
        byte[] visible = reading.visible().of(text);
        return new FanOutTask(
                shards.stream()
                        .map(shard -> new ShardStatement(shard, placement.hidesRowsOn(shard) ? visible : query, with))
                        .toList(),
                ALL_ROWS,
                new Description.None(),
                position -> excerpt.originalPosition(text, position),
                begin);
    }

    /**
     * The home shard runs it over rows that are handed to it.
     *
     * @param with its parameters; null if it can't have any
     * @param reply how it is answered; null with its rows
     */
    FanOutTask shipped(Shard home, List<Splice> splices, @Nullable Input with, @Nullable Reply reply) {
        return task(List.of(home), Texts.same(splices), with, reply == null ? ALL_ROWS : reply, ofTables());
    }

    /** One shard runs it as it is. */
    FanOutTask on(Shard shard) {
        return task(List.of(shard), Texts.same(List.of()), input, ALL_ROWS, description);
    }

    /** Each shard runs it over its own rows. */
    FanOutTask scattered(List<Shard> shards, Scatter scatter) throws Impossible {
        Combination combination = scatter.combination();
        // A view is another relation than the table, whose columns are to be described.
        Description described = placement.hidesRows() && !scatter.writes() ? ofTables() : description;
        return task(
                shards,
                new Texts(scatter.splices(), scatter.visible()),
                input.withColumns(combination.hiddenColumns()),
                combination instanceof Combination.Counted ? new Reply.Counted() : rows(combination),
                described);
    }

    private Reply rows(Combination combination) throws Impossible {
        RowLimit limit = null;
        if (combination instanceof Combination.Append append) {
            limit = append.limit();
        } else if (combination instanceof Combination.Ordered ordered) {
            limit = ordered.limit();
        } else if (combination instanceof Combination.Grouped grouped) {
            limit = grouped.limit();
        }
        if (limit == null) {
            return new Reply.Rows(combination, -1, 0);
        }
        long rows = rows(limit.limit(), -1, INVALID_LIMIT, "LIMIT must not be negative");
        long offset = rows(limit.offset(), 0, INVALID_OFFSET, "OFFSET must not be negative");
        return new Reply.Rows(combination, rows, offset);
    }

    private long rows(RowLimit.Bound bound, long otherwise, String sqlState, String complaint) throws Impossible {
        long rows = otherwise;
        if (bound instanceof RowLimit.Bound.Constant constant) {
            rows = constant.rows();
        } else if (bound instanceof RowLimit.Bound.Parameter parameter) {
            byte[] value = parameter.number() > input.values().length ? null : input.values()[parameter.number() - 1];
            if (value == null) {
                return otherwise;
            }
            rows = number(value, input.isBinary(parameter.number() - 1));
        } else {
            return otherwise;
        }
        if (rows < 0) {
            throw new Impossible(sqlState, complaint);
        }
        return rows;
    }

    private static long number(byte[] value, boolean binary) throws Impossible {
        if (binary) {
            return switch (value.length) {
                case Short.BYTES -> ByteBuffer.wrap(value).getShort();
                case Integer.BYTES -> ByteBuffer.wrap(value).getInt();
                case Long.BYTES -> ByteBuffer.wrap(value).getLong();
                default -> throw new Impossible("22P03", "incorrect binary data format in bind parameter");
            };
        }
        String digits = new String(value, StandardCharsets.UTF_8).strip();
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new Impossible("22P02", "invalid input syntax for type bigint: \"" + digits + "\"");
        }
    }

    /** Every shard runs the same. */
    FanOutTask everywhere(List<Shard> shards, boolean asQuery) {
        return same(shards, asQuery && input.values().length == 0 ? null : input, new Reply.Same());
    }

    /**
     * Every shard takes copy data. Sent as a simple Query, since a server that waits for copy data would not read a Sync.
     *
     * @param rowBytesMax the largest row that is taken
     */
    FanOutTask copiedIn(Route.CopyIn copy, int rowBytesMax) {
        return same(copy.shards(), null, new Reply.CopiedIn(CopyCommand.read(text), copy.placement(), rowBytesMax));
    }

    /** Shards send copy data. */
    FanOutTask copiedOut(Route.CopyOut copy) throws Impossible {
        Gather gather = copy.gather();
        if (gather != null) {
            return task(copy.shards(), Texts.same(gather.splices()), null, new Reply.CopiedOut(null), description);
        }
        CopyCommand command = CopyCommand.read(text);
        if (copy.namesTypes() && command.format() == CopyCommand.Format.BINARY) {
            throw new Impossible(ErrorResponse.error("0A000", "COPY in binary format is not supported for this table")
                    .detail(
                            "It has a column of arrays or composites of types that a user has made. In binary format they name"
                                    + " the types by object identifiers, which differ from shard to shard.")
                    .hint("Use text or csv, or COPY (SELECT ...), which the home shard runs."));
        }
        return task(
                copy.shards(), new Texts(List.of(), copy.visible()), null, new Reply.CopiedOut(command), description);
    }

    private FanOutTask same(List<Shard> shards, @Nullable Input with, Reply reply) {
        List<ShardStatement> statements = new ArrayList<>();
        for (Shard shard : shards) {
            statements.add(new ShardStatement(shard, text, with));
        }
        return new FanOutTask(statements, reply, description, Positions.SAME, begin);
    }

    private FanOutTask task(List<Shard> shards, Texts texts, @Nullable Input with, Reply reply, Description described) {
        byte[] plain = apply(texts.splices());
        byte[] visible = texts.visible().equals(texts.splices()) ? plain : apply(texts.visible());
        List<ShardStatement> statements = new ArrayList<>();
        boolean hidden = false;
        for (Shard shard : shards) {
            boolean hides = placement.hidesRowsOn(shard);
            hidden |= hides;
            statements.add(new ShardStatement(shard, hides ? visible : plain, with));
        }
        // An error in the text is the same on all shards.
        List<Splice> splices = hidden ? texts.visible() : texts.splices();
        Positions positions = splices.isEmpty()
                ? Positions.SAME
                : position -> Splicer.originalPosition(text, 0, text.length, splices, position);
        return new FanOutTask(statements, reply, described, positions, begin);
    }

    private byte[] apply(List<Splice> splices) {
        return splices.isEmpty() ? text : Splicer.apply(text, 0, text.length, splices);
    }

    /**
     * What makes the texts for the shards.
     *
     * @param visible for those that may have rows which count on another one
     */
    private record Texts(List<Splice> splices, List<Splice> visible) {
        static Texts same(List<Splice> splices) {
            return new Texts(splices, splices);
        }
    }

    /** Each shard gets its rows of the INSERT, with their parameters numbered anew. */
    FanOutTask split(Route.Split split) {
        List<ShardStatement> statements = new ArrayList<>();
        for (Shard shard : split.shards()) {
            statements.add(part(shard, split.rows(), split.rowsOf()[shard.index()]));
        }
        int[] sources = new int[split.rows().rows().size()];
        for (int i = 0; i < split.shards().size(); i++) {
            for (int row : split.rowsOf()[split.shards().get(i).index()]) {
                sources[row] = i;
            }
        }
        return new FanOutTask(statements, new Reply.InOrder(sources, "INSERT"), description, Positions.SAME, begin);
    }

    private ShardStatement part(Shard shard, SplitRows rows, int[] indexes) {
        TreeSet<Integer> used = new TreeSet<>(rows.sharedParameters());
        for (int index : indexes) {
            used.addAll(rows.rows().get(index).parameters());
        }
        Input some = input.of(used);
        int[] numbers = new int[input.values().length];
        int next = 0;
        for (int number : used) {
            numbers[number - 1] = ++next;
        }
        byte[] part = rows.textFor(text, 0, text.length, indexes, numbers);
        return new ShardStatement(shard, part, some);
    }

    /** The values of a Bind. */
    static Input input(SpreadPortal portal) {
        int[] typeOids = portal.statement().key().parameterTypeOids();
        return new Input(
                Arrays.copyOf(typeOids, typeOids.length),
                portal.bind().parameterFormats(),
                portal.bind().parameters(),
                portal.bind().resultFormats());
    }
}
