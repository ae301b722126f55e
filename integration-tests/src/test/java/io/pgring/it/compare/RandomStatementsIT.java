package io.pgring.it.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.compare.Outcome.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Statements made up from a seed are answered by the proxy as by one PostgreSQL, or refused; behind each session all rows are compared.
 * A session with a difference is made as small as it gets, and shown with both answers.
 */
class RandomStatementsIT {
    private static final int STATEMENTS = Integer.getInteger("pgring.it.statements", 1_500);
    /** The same in every build; other statements with -Dpgring.it.seed=... */
    private static final long SEED = Long.getLong("pgring.it.seed", 20261126);

    private static final int DIFFERENCES_MAX = Integer.getInteger("pgring.it.differences", 3);
    private static final int SESSION_LENGTH = 20;
    private static final int SHRINKING_STEPS_MAX = 400;

    private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    private int errors;
    private int steps;

    @Test
    void randomStatementsAreAnsweredAsByOneServerOrRefused() throws Exception {
        List<String> differences = new ArrayList<>();
        Dice dice = new Dice(SEED);
        try (ComparedServers servers = ComparedServers.start()) {
            for (int asked = 0; asked < STATEMENTS && differences.size() < DIFFERENCES_MAX; asked += SESSION_LENGTH) {
                RandomSession session = RandomSession.make(dice, SESSION_LENGTH);
                String difference = difference(servers, session);
                if (!difference.isEmpty()) {
                    differences.add(shrunk(servers, session, difference));
                }
            }
        }
        System.out.println("random statements, seed " + SEED + ": " + counts + ", " + errors + " of them errors");
        assertThat(differences).as("seed %s", SEED).isEmpty();
    }

    /** What differs first; empty when nothing does. */
    private String difference(ComparedServers servers, RandomSession session) throws Exception {
        servers.reset();
        try (Comparison comparison = servers.connect()) {
            for (RandomStatement statement : session.statements()) {
                Outcome outcome = comparison.ask(statement.question(), statement.mode());
                counts.merge(outcome.verdict(), 1, Integer::sum);
                if (outcome.verdict() == Verdict.DIFFERENT) {
                    return outcome.toString();
                }
                if (outcome.reference().stream().anyMatch(line -> line.startsWith("E "))) {
                    errors++;
                }
            }
        }
        return servers.isTouched() ? servers.difference() : "";
    }

    /** The smallest session that differs, and how; what was seen at first when it doesn't come again. */
    private String shrunk(ComparedServers servers, RandomSession session, String first) throws Exception {
        RandomSession smallest = session;
        steps = 0;
        @Nullable RandomSession smaller = session;
        while (smaller != null) {
            smallest = smaller;
            smaller = smallerWithDifference(servers, smallest);
        }
        String again = difference(servers, smallest);
        return smallest + "\n" + (again.isEmpty() ? "once: " + first : again);
    }

    private @Nullable RandomSession smallerWithDifference(ComparedServers servers, RandomSession session)
            throws Exception {
        for (Iterator<RandomSession> all = session.smaller().iterator();
                all.hasNext() && steps < SHRINKING_STEPS_MAX;
                steps++) {
            RandomSession smaller = all.next();
            if (!difference(servers, smaller).isEmpty()) {
                return smaller;
            }
        }
        return null;
    }
}
