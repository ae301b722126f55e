package io.pgring.proxy.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shares of a whole as bars of text, one line each; the longest bar is that of the largest share. */
final class BarChart {
    private static final int WIDTH = 40;
    private static final String EIGHTHS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589\u2588";

    private final List<String> names = new ArrayList<>();
    private final List<Double> shares = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /**
     * Adds a line.
     *
     * @param share 0 to 1
     * @param remark follows the number; may be empty
     */
    void add(String name, double share, String remark) {
        names.add(name);
        shares.add(share);
        remarks.add(remark);
    }

    /** @param blocks whether the terminal can show block characters; else plain ASCII */
    List<String> lines(boolean blocks) {
        int nameWidth = names.stream().mapToInt(String::length).max().orElse(0);
        double largest =
                Math.max(shares.stream().mapToDouble(Double::doubleValue).max().orElse(0), Double.MIN_NORMAL);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            double length = shares.get(i) / largest * WIDTH;
            String bar = blocks ? blocks(length) : "#".repeat((int) Math.round(length));
            lines.add(String.format(
                            Locale.ROOT,
                            "%-" + Math.max(nameWidth, 1) + "s  %-" + WIDTH + "s %6.2f %%  %s",
                            names.get(i),
                            bar,
                            shares.get(i) * 100,
                            remarks.get(i))
                    .stripTrailing());
        }
        return lines;
    }

    private static String blocks(double length) {
        long eighths = Math.round(length * 8);
        String bar = EIGHTHS.substring(8).repeat((int) (eighths / 8));
        return eighths % 8 == 0 ? bar : bar + EIGHTHS.charAt((int) (eighths % 8));
    }
}
