package io.pgring.it.compare;

import java.util.List;

/**
 * One question and its answers.
 *
 * @param proxy what came through the proxy
 * @param reference what the single server said; empty when it was not asked
 */
record Outcome(Question question, Mode mode, Verdict verdict, List<String> proxy, List<String> reference) {
    private static final int LINES_SHOWN_MAX = 30;

    /** What became of it. */
    enum Verdict {
        /** The same answer. */
        SAME,
        /** No answer, but an SQLSTATE that says so. */
        REFUSED,
        /** Another answer: what must not be. */
        DIFFERENT
    }

    @Override
    public String toString() {
        return verdict + " " + mode + ": " + question + "\n  proxy:     " + shown(proxy) + "\n  reference: "
                + shown(reference);
    }

    private static String shown(List<String> lines) {
        return lines.size() <= LINES_SHOWN_MAX
                ? lines.toString()
                : lines.subList(0, LINES_SHOWN_MAX) + " and " + (lines.size() - LINES_SHOWN_MAX) + " more";
    }
}
