package io.pgring.bench;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The measurements beside their limits, as a Markdown table that is aligned for the terminal too. */
final class MeasurementTable {
    private static final String ROW = "| %-40s | %8s | %8s | %8s | %8s | %-22s |%n";
    private static final String RULE =
            "|" + "-".repeat(42) + "|" + ("-".repeat(9) + ":|").repeat(4) + "-".repeat(24) + "|";

    private final Map<String, Measurement> measurements;

    /**
     * The table of some measurements.
     *
     * @param measurements by {@link Limit#benchmark()}; those that were not run are left out
     */
    MeasurementTable(Map<String, Measurement> measurements) {
        this.measurements = measurements;
    }

    /** The table, its lines ended. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, ROW, "operation", "ns/op", "± 99.9 %", "limit ns", "B/op", ""));
        text.append(RULE).append(System.lineSeparator());
        for (Limit limit : Limit.ALL) {
            Measurement measurement = measurements.get(limit.benchmark());
            if (measurement != null) {
                text.append(row(limit, measurement));
            }
        }
        return text.toString();
    }

    private static String row(Limit limit, Measurement measurement) {
        return String.format(
                Locale.ROOT,
                ROW,
                limit.title(),
                number("%.1f", measurement.nanos()),
                number("%.1f", measurement.error()),
                limit.nanosMax() == null ? "" : limit.nanosMax().toString(),
                number("%.3f", measurement.bytes()),
                verdict(limit, measurement));
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static String verdict(Limit limit, Measurement measurement) {
        @Nullable Integer nanosMax = limit.nanosMax();
        boolean slow = nanosMax != null && measurement.nanos() > nanosMax;
        if (limit.isBrokenBy(measurement)) {
            return slow ? "allocates, too slow" : "allocates";
        }
        if (slow) {
            return "slower than its limit";
        }
        return nanosMax == null ? "" : "within its limit";
    }
}
