package io.pgring.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Servers;
import io.pgring.proxy.reshard.MovePoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shards come and go while clients append and read by three proxies, and processes are killed and frozen wherever a move can be: no acknowledged
 * write is lost or made twice, no read is stale, no count is wrong, and nothing is left behind.
 *
 * <p>A sample in each build, everything at every point in the profile nightly. {@code -Dpgring.it.seed} repeats a choice, though not the
 * clients' timing.
 */
class HistoryIT {
    private static final long SEED = Long.getLong("pgring.it.seed", new Random().nextLong());
    /** How many cases of the seed's order are left out: a run that was ended goes on. */
    private static final int FIRST = Integer.getInteger("pgring.it.history.first", 0);

    private static final long SECONDS = Long.getLong("pgring.it.history.seconds", 25);

    /** A fault at a point. */
    private record Case(Fault fault, MovePoint point) {}

    /** A server that crashes must not forget what it has acknowledged. */
    private static final Map<String, String> DURABLE = Map.of("synchronous_commit", "on");

    @TempDir
    private Path folder;

    private static List<Case> cases(Random random) {
        List<Case> cases = new ArrayList<>();
        for (MovePoint point : MovePoint.values()) {
            for (Fault fault : Fault.values()) {
                cases.add(new Case(fault, point));
            }
        }
        Collections.shuffle(cases, random);
        return cases;
    }

    @Test
    void aSampleOfFaults() throws Exception {
        run(SECONDS);
    }

    @Test
    @Tag("nightly")
    void everyFaultAtEveryPoint() throws Exception {
        run(Long.getLong("pgring.it.history.nightlySeconds", TimeUnit.HOURS.toSeconds(3)));
    }

    private void run(long seconds) throws Exception {
        Random random = new Random(SEED);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (Servers servers = Servers.running(4, DURABLE);
                Campaign campaign = Campaign.start(servers, folder)) {
            String at = "at the start";
            try {
                Iterator<Case> cases = cases(random).listIterator(FIRST);
                do {
                    Case next = cases.next();
                    at = next + ", seed " + SEED;
                    System.out.println("history: " + at);
                    assertThat(campaign.round(next.fault, next.point, random))
                            .as(at)
                            .isEmpty();
                } while (cases.hasNext() && System.nanoTime() < until);
                System.out.println("history: " + campaign.report() + ", seed " + SEED);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(at + "\n" + campaign.report() + "\n" + campaign.logs(), e);
            }
        }
    }
}
