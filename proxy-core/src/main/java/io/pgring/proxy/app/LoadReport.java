package io.pgring.proxy.app;

import io.pgring.proxy.app.load.LoadResult;
import io.pgring.proxy.app.load.Operations;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints the result of a load as a table, and what went wrong below it. */
final class LoadReport {
    private LoadReport() {}

    static void print(PrintWriter out, LoadResult result) {
        out.println(String.format(
                Locale.ROOT,
                "%-8s %11s %11s %9s %9s %9s %9s %7s",
                "",
                "operations",
                "per second",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "max ms",
                "errors"));
        line(out, "write", result.loading());
        line(out, "read", result.reads());
        line(out, "rewrite", result.rewrites());
        result.complaints().forEach((message, count) -> out.println(count + " times: " + message));
        if (result.gaveUp() != null) {
            out.println("gave up: " + result.gaveUp());
        }
        if (result.isGood()) {
            out.println("no errors; all "
                    + String.format(Locale.ROOT, "%,d", result.reads().count()) + " values that were read are right");
        } else {
            out.println("FAILED: " + result.errors() + " errors, " + result.wrongValues() + " wrong values");
        }
    }

    private static void line(PrintWriter out, String name, Operations operations) {
        if (operations.count() + operations.errors() == 0) {
            return;
        }
        out.println(String.format(
                Locale.ROOT,
                "%-8s %,11d %,11.0f %9.2f %9.2f %9.2f %9.2f %,7d",
                name,
                operations.count(),
                operations.perSecond(),
                operations.latencyMicros(50) / 1000.0,
                operations.latencyMicros(99) / 1000.0,
                operations.latencyMicros(99.9) / 1000.0,
                operations.latencyMicrosMax() / 1000.0,
                operations.errors()));
    }
}
