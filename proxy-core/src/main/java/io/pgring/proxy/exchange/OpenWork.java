package io.pgring.proxy.exchange;

import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an exchange has under way that others wait for; and since when, in the time of {@link SeenMoves}.
 *
 * <p>The same question, {@link #isOlder}, decides who goes on while statements are paused and who is waited for, so that nobody goes on
 * who is not waited for. To say that work is older than it is does no harm: it delays a move.
 */
final class OpenWork {
    private final Exchange exchange;
    private final Exchanges exchanges;
    private final SeenMoves moves;
    private final MoveWait moveWait;
    private final List<Runnable> whenAnswered = new ArrayList<>(0);
    /** When the transaction has come to each shard, by index. */
    private long[] parts = {};

    private long segment = SeenMoves.NEVER;
    private int segmentShard = -1;
    private long spread = SeenMoves.NEVER;
    private boolean within;
    private boolean closed;

    OpenWork(Exchange exchange, Exchanges exchanges) {
        this.exchange = exchange;
        this.exchanges = exchanges;
        this.moves = exchanges.moves();
        this.moveWait = new MoveWait(exchange, exchanges);
    }

    /** Where the client waits for rows that are moved. */
    MoveWait moveWait() {
        return moveWait;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    /** Calls back when servers have answered what they have been asked for the client up to now. */
    void whenAnswered(Runnable then) {
        whenAnswered.add(then);
        onBoundary();
    }

    /** Something may have ended. */
    void onBoundary() {
        if (!whenAnswered.isEmpty() && (closed || !isAsking())) {
            List.copyOf(whenAnswered).forEach(Runnable::run);
            whenAnswered.clear();
        }
        exchanges.onBoundary(exchange);
    }

    /** Whether anything is asked, or is about to be asked by a plan that was made before. */
    private boolean isAsking() {
        return exchange.segment().isOpen() || exchange.spread().isRunning();
    }

    /** The client is gone. */
    void close() {
        closed = true;
        moveWait.close();
        exchanges.remove(exchange);
        onBoundary();
    }

    /** The server at hand is asked something. */
    void onSegment(Shard shard) {
        if (!exchange.transaction().isOpen()) {
            within = false;
        } else {
            enter();
            stamp(shard.index(), moves.now());
        }
        segment = moves.now();
        segmentShard = shard.index();
    }

    /** The first segment of a transaction: the one before may have begun it. */
    private void enter() {
        if (!within) {
            within = true;
            Arrays.fill(parts, SeenMoves.NEVER);
            if (segmentShard >= 0) {
                stamp(segmentShard, segment);
            }
        }
    }

    private void stamp(int shard, long time) {
        int length = parts.length;
        if (shard >= length) {
            parts = Arrays.copyOf(parts, shard + 1);
            Arrays.fill(parts, length, parts.length, SeenMoves.NEVER);
        }
        parts[shard] = Math.min(parts[shard], time);
    }

    /** Several shards are asked something. */
    void onSpread() {
        if (spread == SeenMoves.NEVER || !(exchange.transaction().isOpen() || isSpreadUnderWay())) {
            spread = moves.now();
        }
    }

    private boolean isSpreadUnderWay() {
        SpreadStatements statements = exchange.spread();
        return statements.hasSuspended()
                || statements.end().isUncommitted()
                || statements.end().isConcluding();
    }

    /** Whether work is under way that concerns a move and was begun before a time. */
    boolean isOlder(Move move, long time) {
        if (exchange.tables().isRunning() || isSpreadOlder(time)) {
            return true;
        }
        boolean open = exchange.transaction().isOpen();
        if ((exchange.segment().isOpen() || (open && !within)) && segment < time && concerns(move, segmentShard)) {
            return true;
        }
        return open && within && (isPartOlder(move.source(), time) || isPartOlder(move.target(), time));
    }

    /** Whether work on several shards is under way that was begun before a time. */
    boolean isSpreadOlder(long time) {
        boolean spreads = exchange.transaction().isOpen() || exchange.spread().isRunning() || isSpreadUnderWay();
        return spreads && spread < time;
    }

    private boolean isPartOlder(int shard, long time) {
        return shard < parts.length && parts[shard] < time;
    }

    private static boolean concerns(Move move, int shard) {
        return shard == move.source() || shard == move.target();
    }

    /** Whether the client's transaction has come to a shard before a time, or may have. */
    boolean wasThere(int shard, long time) {
        boolean there = within ? isPartOlder(shard, time) : segmentShard == shard && segment < time;
        return there || spread < time;
    }

    /** When the client's transaction has first looked at rows. */
    long begun() {
        long first = Math.min(spread, within ? SeenMoves.NEVER : segment);
        for (long part : parts) {
            first = within ? Math.min(first, part) : first;
        }
        return first;
    }

    /** Nothing may be under way: what is begun from now on is not older than now. */
    void forgetEnded() {
        if (!exchange.timedWork().holds() && !exchange.spread().isRunning()) {
            segment = SeenMoves.NEVER;
            spread = SeenMoves.NEVER;
            within = false;
        }
    }
}
