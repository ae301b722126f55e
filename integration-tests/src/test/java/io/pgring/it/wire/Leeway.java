package io.pgring.it.wire;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the proxy's answer may be another one than a server's, and why. Everything else is a difference. */
enum Leeway {
    /** The proxy says so when it can't give the right answer. What comes after it depends on what was not done. */
    REFUSED(".*", "E ERROR 0A000 .*", true, false),

    /** Settings of a transaction that has reached no server are looked at by the first one that it reaches: the error comes later. */
    SETTING_SEEN_LATER("E ERROR (42704|22023) .*", "C (SET|RESET)", true, false),

    /** A named portal of a statement that the proxy runs itself may be bound once more, which a server forbids. */
    PORTAL_BOUND_AGAIN("E ERROR 42P03 .*", "(2 |E ).*", true, false),

    /** What a failed simple Query has left in the unnamed portal of a server is nobody's business. */
    LEFT_OVER("n .*", "E ERROR 34000 portal \"\" .*", true, false),

    /** A server does not look whether there are more rows behind the last one that was asked for; the merge has looked. */
    LAST_ROW_KNOWN("s .*", "C SELECT .*", true, true),

    /** Each shard runs its part at once, whatever the limit of the first Execute: it may fail at a row that a server has not come to. */
    FAILED_BEHIND_LIMIT("s .*", "E ERROR 22012 .*", true, true),

    /**
     * In a transaction that failed before any server had it, nobody looks for errors in what is ignored. These are the ones that a server
     * sees before it looks whether the transaction has failed.
     */
    FAILED_ANYWAY("E ERROR (42601|42P05|26000|34000|08P01) .*", "E ERROR 25P02 .*", false, false),

    /** That the name is taken is known before anybody has analysed the statement; a server looks at the name last. */
    NAME_TAKEN("E ERROR (42|22|25P02).*", "E ERROR 42P05 .*", false, false),

    /** A Bind that has failed leaves a server an unnamed portal without a statement, which it takes for an empty one. */
    HALF_BOUND("I .*", "E ERROR 25P02 .*", true, false),

    /** Portals end with the failure of their transaction; a server keeps what is left of them up to its end, and uses them for nothing. */
    PORTAL_FORGOTTEN("E ERROR 25P02 .*", "E ERROR 34000 .*", false, false),

    /** A portal of the proxy's own outlives the DISCARD ALL that it has run, or a simple Query; it can't be run again all the same. */
    CANNOT_RUN_AGAIN("E ERROR 34000 portal .*", "E ERROR 55000 portal .*", false, false);

    private final Pattern ofServer;
    private final Pattern ofProxy;
    private final boolean endsComparison;
    private final boolean onlySpread;

    Leeway(String ofServer, String ofProxy, boolean endsComparison, boolean onlySpread) {
        this.ofServer = Pattern.compile(ofServer, Pattern.DOTALL);
        this.ofProxy = Pattern.compile(ofProxy, Pattern.DOTALL);
        this.endsComparison = endsComparison;
        this.onlySpread = onlySpread;
    }

    /** Whether the sessions are no longer in the same state, so that what follows can't be compared. */
    boolean endsComparison() {
        return endsComparison;
    }

    /**
     * Why two answers may differ; null when they must not.
     *
     * @param spread whether several servers may have worked for the answer
     */
    static @Nullable Leeway of(String ofServer, String ofProxy, boolean spread) {
        for (Leeway leeway : values()) {
            if ((spread || !leeway.onlySpread)
                    && leeway.ofServer.matcher(ofServer).matches()
                    && leeway.ofProxy.matcher(ofProxy).matches()) {
                return leeway;
            }
        }
        return null;
    }
}
