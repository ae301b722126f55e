package io.pgring.proxy.admin;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.config.InvalidValueException;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardUrl;
import io.pgring.proxy.frontend.Console;
import io.pgring.proxy.frontend.ConsoleCommand;
import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.RingChangeException;
import io.pgring.proxy.reshard.ShardAdministration;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The commands of the console that change the ring, and show what follows from that. */
public final class RingConsole {
    private static final int MOVES_MAX = 100;

    private static final List<String> MOVE_COLUMNS = List.of(
            "id",
            "source",
            "target",
            "state",
            "share",
            "rows_total",
            "rows_copied",
            "bytes_copied",
            "rows_deleted",
            "rows_per_second",
            "seconds_left",
            "pause_ms",
            "started",
            "ended",
            "reason");

    private final ShardAdministration administration;
    private final Executor threads;

    /** @param threads that may block for as long as a change takes */
    public RingConsole(ShardAdministration administration, Executor threads) {
        this.administration = administration;
        this.threads = threads;
    }

    List<ConsoleVerb> verbs() {
        return List.of(
                ConsoleVerb.show("MOVES", "what is moved, and what was moved lately", MOVE_COLUMNS, this::moves),
                new ConsoleVerb("ADD SHARD", "name 'url' [WEIGHT n]", "makes a server a shard", this::add),
                new ConsoleVerb("REMOVE SHARD", "name", "moves all rows of a shard to the others", this::remove),
                new ConsoleVerb("ALTER SHARD", "name WEIGHT n", "gives a shard another share", this::weigh),
                new ConsoleVerb("ABORT MOVE", "id [FORCE]", "takes back what is being moved", this::abort));
    }

    /** What a command does. */
    private interface Work<T> {
        T run() throws SQLException, RingChangeException, InterruptedException;
    }

    private ConsoleCommand add(ConsoleWords words) throws Console.Refusal {
        String name = words.name();
        String url = words.string();
        int weight = words.take("WEIGHT") ? weight(words) : 1;
        ShardConfiguration shard;
        try {
            shard = ShardUrl.parse(name, url, weight, Map.of());
        } catch (InvalidValueException e) {
            throw new Console.Refusal(ErrorResponse.error("22023", String.valueOf(e.getMessage())));
        }
        return change("ADD SHARD", () -> administration.add(shard));
    }

    private ConsoleCommand remove(ConsoleWords words) throws Console.Refusal {
        String name = words.name();
        return change("REMOVE SHARD", () -> administration.remove(name));
    }

    private ConsoleCommand weigh(ConsoleWords words) throws Console.Refusal {
        String name = words.name();
        if (!words.take("WEIGHT")) {
            throw words.error();
        }
        int weight = weight(words);
        return change("ALTER SHARD", () -> administration.weigh(name, weight));
    }

    private static int weight(ConsoleWords words) throws Console.Refusal {
        return (int) Math.max(-1, Math.min(words.number(), Integer.MAX_VALUE));
    }

    private ConsoleCommand abort(ConsoleWords words) throws Console.Refusal {
        long id = words.number();
        boolean force = words.take("FORCE");
        return change("ABORT MOVE", () -> {
            ShardAdministration.Aborted aborted = administration.abort(id, force);
            List<JournalEntry> all = new ArrayList<>(aborted.told());
            all.addAll(aborted.finishing());
            return all;
        });
    }

    private ConsoleCommand change(String tag, Work<List<JournalEntry>> work) {
        return new ConsoleAction(
                MOVE_COLUMNS, () -> run(work).thenApply(moves -> new ConsoleCommand.Answer(tag, rows(moves))));
    }

    private CompletableFuture<List<List<@Nullable String>>> moves() {
        return run(() -> administration.moves(MOVES_MAX)).thenApply(RingConsole::rows);
    }

    private <T> CompletableFuture<T> run(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    result.complete(work.run());
                } catch (SQLException | RingChangeException | RuntimeException e) {
                    result.completeExceptionally(refusal(e));
                } catch (InterruptedException e) {
                    result.completeExceptionally(stopping());
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(stopping());
        }
        return result;
    }

    private static Console.Refusal stopping() {
        return new Console.Refusal(ErrorResponse.error("57P01", "the proxy is shutting down"));
    }

    private static Console.Refusal refusal(Exception failure) {
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
        if (failure instanceof RingChangeException known) {
            ErrorResponse error = ErrorResponse.error(known.sqlState(), message);
            error = known.detail() == null ? error : error.detail(known.detail());
            return new Console.Refusal(known.hint() == null ? error : error.hint(known.hint()));
        }
        String state = failure instanceof SQLException sql ? sql.getSQLState() : null;
        return new Console.Refusal(ErrorResponse.error(state == null ? "XX000" : state, message));
    }

    private static List<List<@Nullable String>> rows(List<JournalEntry> moves) {
        Instant now = Instant.now();
        return moves.stream().map(move -> row(move, now)).toList();
    }

    private static List<@Nullable String> row(JournalEntry move, Instant now) {
        JournalEntry.Progress progress = move.progress();
        List<@Nullable String> row = new ArrayList<>(List.of(
                Long.toString(move.id()),
                move.planned().source(),
                move.planned().target(),
                move.state().name(),
                String.format(Locale.ROOT, "%.4f", move.arcs().share()),
                Long.toString(progress.rowsTotal()),
                Long.toString(progress.rowsCopied()),
                Long.toString(progress.bytesCopied()),
                Long.toString(progress.rowsDeleted()),
                String.format(Locale.ROOT, "%.0f", move.rowsPerSecond(now))));
        var left = move.timeLeft(now);
        row.add(left == null ? null : String.format(Locale.ROOT, "%.1f", left.toMillis() / 1000.0));
        row.add(String.format(Locale.ROOT, "%.1f", progress.pauseMicrosMax() / 1000.0));
        row.add(progress.started() == null ? null : progress.started().toString());
        row.add(progress.ended() == null ? null : progress.ended().toString());
        row.add(move.reason());
        return row;
    }
}
