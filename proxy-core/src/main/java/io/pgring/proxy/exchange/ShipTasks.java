package io.pgring.proxy.exchange;

import io.pgring.pgsql.spread.Ship;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.fanout.FanOutTask;
import io.pgring.proxy.fanout.Reply;
import io.pgring.proxy.fanout.ShardStatement.Input;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a statement that the home shard runs as a part of a transaction over the rows of all shards.
 *
 * <pre>
 *  every shard   SELECT (t.*)::text FROM public.t AS t WHERE ... UNION ALL ...      rows become an array for each table
 *  home shard    the statement, with unnest($n::public.t[]) AS t in the place of t
 * </pre>
 *
 * All of it runs on the transaction's own connections, so it sees what the transaction has written, as of its own snapshots.
 */
final class ShipTasks {
    private static final int[] AS_TEXT = {};

    private final SpreadTasks tasks;
    private final Input input;
    private final Ship ship;
    private final Topology topology;
    private final int bytesMax;

    /**
     * @param tasks make tasks of the statement's text
     * @param input the client's values
     * @param bytesMax of all rows together
     */
    ShipTasks(SpreadTasks tasks, Input input, Ship ship, Topology topology, int bytesMax) {
        this.tasks = tasks;
        this.input = input;
        this.ship = ship;
        this.topology = topology;
        this.bytesMax = bytesMax;
    }

    /** The first step. */
    Step step(Route route) throws SpreadTasks.Impossible {
        int expected = Math.max(ship.parameters(), input.typeOids().length);
        if (input.values().length == 0 && expected > 0) {
            throw new SpreadTasks.Impossible("42P02", "there is no parameter $1");
        }
        if (input.values().length != expected) {
            throw new SpreadTasks.Impossible(
                    ProtocolViolation.PROTOCOL_VIOLATION,
                    "bind message supplies " + input.values().length + " parameters, but prepared statement requires "
                            + expected);
        }
        return read(route);
    }

    private Step read(Route route) {
        Ship.Reading reading = ship.reading();
        Input some = input.of(reading.parameters());
        FanOutTask task =
                tasks.read(shards(route), reading, new Input(some.typeOids(), some.formats(), some.values(), AS_TEXT));
        ShippedRows rows = new ShippedRows(reading.tables().size(), bytesMax);
        return new Step(task, rows, () -> last(route, rows.arrays()));
    }

    /** Those that may have rows, and the home shard: its settings must be those of the others. */
    private List<Shard> shards(Route route) {
        if (!(route instanceof Route.Several several)) {
            return topology.members();
        }
        TreeSet<Integer> indexes = new TreeSet<>();
        indexes.add(topology.home().index());
        several.shards().forEach(shard -> indexes.add(shard.index()));
        return indexes.stream().map(topology.shards()::get).toList();
    }

    private Step last(Route route, List<byte[]> arrays) {
        Shard home = topology.home();
        if (route instanceof Route.CopyOut) {
            // COPY has no parameters.
            return Step.only(
                    tasks.shipped(home, ship.splices(i -> literal(arrays.get(i))), null, new Reply.CopiedOut(null)));
        }
        Input with = input;
        for (byte[] array : arrays) {
            with = with.with(array);
        }
        int parameters = input.values().length;
        @Nullable Reply reply = route instanceof Route.ShippedCursor ? new Reply.Same() : null;
        return Step.only(tasks.shipped(home, ship.splices(i -> "$" + (parameters + 1 + i)), with, reply));
    }

    /** A string constant whatever standard_conforming_strings is. */
    private static String literal(byte[] value) {
        String text = new String(value, StandardCharsets.UTF_8);
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** The home shard can't run it as a part of the transaction. */
    static ErrorResponse impossible() {
        return ErrorResponse.error(
                        "0A000",
                        "statement needs the rows of all shards on one, which would miss this transaction's own")
                .detail(
                        "The transaction has written, or has a snapshot of its own. The rows of tables that a statement names can be"
                                + " handed to the home shard then, but not those of a view, for EXPLAIN, or for one statement of several.")
                .hint("Run it before the transaction writes, or after it has ended; or name the tables.");
    }
}
