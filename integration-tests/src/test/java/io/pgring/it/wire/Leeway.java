package io.pgring.it.wire;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the proxy's answer may be another one than a server's, and why. Everything else is a difference. */
enum Leeway {
    /** The proxy says so when it can't give the right answer. What comes after it depends on what was not done. */
    REFUSED(".*", "E ERROR 0A000 .*", true),

    /** Settings of a transaction that has reached no server are looked at by the first one that it reaches: the error comes later. */
    SETTING_SEEN_LATER("E ERROR (42704|22023) .*", "C (SET|RESET)", true),

    /** Names of portals that were bound before another server was needed, outside of a transaction, may be given once more. */
    PORTAL_BOUND_AGAIN("E ERROR 42P03 .*", "(2 |E ).*", true),

    /** In a transaction that has written, each shard runs its part to the end, whatever the limit: it may fail behind that. */
    FAILED_BEHIND_LIMIT("s .*", "E ERROR 22012 .*", true),

    /** What a failed simple Query has left in the unnamed portal of a server is nobody's business. */
    LEFT_OVER("n .*", "E ERROR 34000 portal \"\" .*", true),

    /**
     * In a transaction that failed before any server had it, nobody looks for errors in what is ignored. These are the ones that a server
     * sees before it looks whether the transaction has failed.
     */
    FAILED_ANYWAY("E ERROR (42601|42P05|26000|34000|08P01) .*", "E ERROR 25P02 .*", false),

    /** That the name is taken is known before anybody has analysed the statement; a server looks at the name last. */
    NAME_TAKEN("E ERROR (42|22|25P02).*", "E ERROR 42P0[35] .*", false),

    /** An argument of EXECUTE is a parameter of the statement: what is wrong with it is told by its number, not by its place in the text. */
    ARGUMENT_OF_EXECUTE("E ERROR 22P02 .* \\| P \\d+", "E ERROR 22P02 .* \\| W portal parameter \\$\\d+.*", false),

    /** What was analysed before on another shard, or long ago, was no query where the isolation level is set behind a savepoint. */
    ISOLATION_IN_SUBTRANSACTION(
            "E ERROR 25001 SET TRANSACTION ISOLATION LEVEL must be called before any query.*",
            "E ERROR 25001 SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction.*",
            false),

    /** A row whose key is NULL belongs to no shard that could say so in its own words. */
    KEY_IS_NULL("E ERROR 23502 null value in column .*", "E ERROR 23502 null value in key column .*", false),

    /** In a failed transaction nobody describes a portal of several shards; one that gives no rows is described by a server all the same. */
    NOT_DESCRIBED("n .*", "E ERROR 25P02 .*", true),

    /** A Bind that has failed leaves a server an unnamed portal without a statement, which it takes for an empty one. */
    HALF_BOUND("I .*", "E ERROR 25P02 .*", true),

    /** Portals end with the failure of their transaction; a server keeps what is left of them up to its end, and uses them for nothing. */
    PORTAL_FORGOTTEN("E ERROR 25P02 .*", "E ERROR 34000 .*", false),

    /** A portal of the proxy's own outlives the DISCARD ALL that it has run, or a simple Query; it can't be run again all the same. */
    CANNOT_RUN_AGAIN("E ERROR 34000 portal .*", "E ERROR 55000 portal .*", false);

    private final Pattern ofServer;
    private final Pattern ofProxy;
    private final boolean endsComparison;

    Leeway(String ofServer, String ofProxy, boolean endsComparison) {
        this.ofServer = Pattern.compile(ofServer, Pattern.DOTALL);
        this.ofProxy = Pattern.compile(ofProxy, Pattern.DOTALL);
        this.endsComparison = endsComparison;
    }

    /** Whether the sessions are no longer in the same state, so that what follows can't be compared. */
    boolean endsComparison() {
        return endsComparison;
    }

    /** Why two answers may differ; null when they must not. */
    static @Nullable Leeway of(String ofServer, String ofProxy) {
        for (Leeway leeway : values()) {
            if (leeway.ofServer.matcher(ofServer).matches()
                    && leeway.ofProxy.matcher(ofProxy).matches()) {
                return leeway;
            }
        }
        return null;
    }
}
