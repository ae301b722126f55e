package io.pgring.proxy.app;

import io.pgring.proxy.reshard.JournalEntry;
import io.pgring.proxy.reshard.MoveState;
import io.pgring.proxy.reshard.RingChangeException;
import io.pgring.proxy.reshard.ShardAdministration;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Shows moves until they are over: lines that are redrawn when a person watches, else a line for each state. */
final class MoveWatch {
    private static final long LOOK_MILLIS = 250;
    private static final int MOVES_MAX = 1_000;

    private final ShardAdministration administration;
    private final PrintWriter out;
    private final boolean redraws = Terminal.isInteractive();
    private final Set<Long> watched = new TreeSet<>();
    private List<String> shown = List.of();

    MoveWatch(ShardAdministration administration, PrintWriter out) {
        this.administration = administration;
        this.out = out;
    }

    /**
     * Until none is open.
     *
     * @return whether none of those that were open was aborted
     */
    boolean run() throws SQLException, RingChangeException, InterruptedException {
        while (true) {
            List<JournalEntry> open = administration.open();
            open.forEach(entry -> watched.add(entry.id()));
            List<JournalEntry> all = watched.isEmpty()
                    ? List.of()
                    : administration.moves(MOVES_MAX).stream()
                            .filter(entry -> watched.contains(entry.id()))
                            .sorted((one, other) -> Long.compare(one.id(), other.id()))
                            .toList();
            show(all);
            if (open.isEmpty()) {
                return all.stream().noneMatch(entry -> entry.state() == MoveState.ABORTED);
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private void show(List<JournalEntry> moves) {
        Instant now = Instant.now();
        List<String> lines = redraws
                ? moves.stream()
                        .map(move -> MoveLine.of(move, now).text(Terminal.showsBlocks()))
                        .toList()
                : moves.stream()
                        .filter(move -> move.state() != MoveState.PLANNED)
                        .map(JournalEntry::toString)
                        .toList();
        if (redraws) {
            if (!shown.isEmpty()) {
                out.print("\u001b[" + shown.size() + "A");
            }
            lines.forEach(line -> out.println("\u001b[2K" + line));
        } else {
            for (int i = 0; i < lines.size(); i++) {
                if (!shown.contains(lines.get(i))) {
                    JournalEntry move = moves.stream()
                            .filter(entry -> entry.state() != MoveState.PLANNED)
                            .toList()
                            .get(i);
                    out.println(MoveLine.of(move, now).text(false));
                }
            }
        }
        out.flush();
        shown = lines;
    }
}
