package io.pgring.it.history;

import io.pgring.proxy.app.FaultPoints;
import io.pgring.proxy.app.PgRing;
import io.pgring.proxy.config.ConfigurationLoader;
import io.pgring.proxy.fanout.CommitGate;
import io.pgring.proxy.reshard.ControlPoint;
import io.pgring.proxy.reshard.MovePoint;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy whose mover stops at a point of a move, as its input says line by line, and ends with its input:
 *
 * <pre>
 *   hold POINT 7     the next mover that comes there writes "held 7 by MOVE SOURCE TARGET", and waits
 *   go               it goes on, and stops nowhere
 * </pre>
 */
final class HeldProxy {
    private static final Pattern HOLD = Pattern.compile("hold (\\w+) (\\d+)");

    private final AtomicReference<@Nullable Hold> next = new AtomicReference<>();
    private final Semaphore released = new Semaphore(0);

    private HeldProxy() {}

    private record Hold(MovePoint point, String number) {}

    /** What a proxy writes that holds its mover. */
    static String held(int number) {
        return "held " + number + " by ";
    }

    /**
     * Runs until its input ends.
     *
     * @param arguments the file of the configuration
     */
    public static void main(String[] arguments) throws Exception {
        HeldProxy held = new HeldProxy();
        FaultPoints faults = new FaultPoints(CommitGate.OPEN, held.control());
        PgRing proxy = PgRing.start(ConfigurationLoader.load(Path.of(arguments[0])), faults);
        System.out.println("psql -h 127.0.0.1 -p " + proxy.postgresqlAddress().getPort());
        System.out.println("curl http://127.0.0.1:" + proxy.httpAddress().getPort() + "/stats");
        held.obey();
    }

    private ControlPoint control() {
        return (point, move) -> {
            Hold hold = next.get();
            if (hold != null && hold.point == point && next.compareAndSet(hold, null)) {
                System.out.println("held " + hold.number + " by " + move.id() + " "
                        + move.planned().source() + " " + move.planned().target());
                released.acquire();
            }
        };
    }

    private void obey() throws Exception {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher order = HOLD.matcher(line);
                next.set(null);
                released.drainPermits();
                if (order.matches()) {
                    next.set(new Hold(MovePoint.valueOf(order.group(1)), order.group(2)));
                } else {
                    released.release();
                }
            }
        }
        // Whoever has started it is gone.
        Runtime.getRuntime().halt(0);
    }
}
