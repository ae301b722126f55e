package io.pgring.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Bars are as long as the shares say. */
class BarChartTest {
    @Test
    void theLargestShareIsTheLongestBar() {
        BarChart chart = new BarChart();
        chart.add("a", 0.5, "50 rows");
        chart.add("long", 0.25, "");
        chart.add("c", 0, "");

        assertThat(chart.lines(false))
                .containsExactly(
                        "a     " + "#".repeat(40) + "  50.00 %  50 rows",
                        "long  " + "#".repeat(20) + " ".repeat(20) + "  25.00 %",
                        "c     " + " ".repeat(40) + "   0.00 %");
    }

    @Test
    void blocksShowEighths() {
        BarChart chart = new BarChart();
        chart.add("a", 0.8, "");
        chart.add("b", 0.01, "");

        assertThat(chart.lines(true).get(0)).startsWith("a  " + "\u2588".repeat(40) + "  80.00 %");
        assertThat(chart.lines(true).get(1)).startsWith("b  \u258c ");
    }

    @Test
    void nothingIsNoLines() {
        assertThat(new BarChart().lines(true)).isEmpty();
    }
}
