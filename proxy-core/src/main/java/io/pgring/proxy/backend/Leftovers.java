package io.pgring.proxy.backend;

import io.pgring.proxy.metrics.PinReason;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a client has left in the session of a server connection, as far as is known. Nothing of it is worked out: a statement that may
 * leave something, or take it away, makes it unsure, and then the server is asked.
 */
public final class Leftovers {
    /** The number of rows, which the tag of the query tells, is the sum of the bits of what there is. */
    private static final String QUESTION = """
            SELECT FROM pg_catalog.generate_series(1,
             CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_class WHERE relnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema())
              OR EXISTS (SELECT FROM pg_catalog.pg_type WHERE typnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema())
              OR EXISTS (SELECT FROM pg_catalog.pg_proc WHERE pronamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema())
              THEN 1 ELSE 0 END
             OPERATOR(pg_catalog.+) CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_locks
              WHERE pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()
              AND locktype OPERATOR(pg_catalog.=) 'advisory'::pg_catalog.text) THEN 2 ELSE 0 END
             OPERATOR(pg_catalog.+) CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_cursors WHERE is_holdable) THEN 4 ELSE 0 END)\
            """;

    private static final String TAG = "SELECT ";

    private final EnumSet<PinReason> reasons = EnumSet.noneOf(PinReason.class);
    private boolean unsure;

    /** A statement is sent that may leave some of this. */
    public void onMayBeLeft(Set<PinReason> possible) {
        reasons.addAll(possible);
        unsure = true;
    }

    /** A statement is sent that may take away what there is. */
    public void onMayBeGone() {
        unsure |= !reasons.isEmpty();
    }

    /** Whether it is known that there is nothing. */
    public boolean isNone() {
        return reasons.isEmpty();
    }

    /** Whether there may be something of a kind. */
    public boolean mayHave(PinReason reason) {
        return reasons.contains(reason);
    }

    /** What there may be. */
    public Set<PinReason> reasons() {
        return EnumSet.copyOf(reasons);
    }

    /** Whether nothing but the end of the session takes away all of it. */
    boolean isEndless() {
        return reasons.stream().anyMatch(reason -> !reason.isDiscarded());
    }

    boolean isUnsure() {
        return unsure;
    }

    /** DISCARD ALL has been run. */
    void onDiscarded() {
        reasons.removeIf(PinReason::isDiscarded);
        unsure = false;
    }

    /** Asks the server, outside of transactions, and takes note of its answer; one that is no answer leaves everything as it is. */
    void ask(ServerConnection connection, Runnable onDone) {
        unsure = false;
        OwnRequest.command(connection, QUESTION, outcome -> {
            if (outcome.error() == null) {
                onAnswer(Integer.parseInt(outcome.tag().substring(TAG.length())));
            } else {
                unsure = true;
            }
            onDone.run();
        });
    }

    private void onAnswer(int kinds) {
        for (PinReason reason : PinReason.values()) {
            if (reason.isVisible()) {
                boolean there = (kinds & reason.bit()) != 0;
                if (there) {
                    reasons.add(reason);
                } else {
                    reasons.remove(reason);
                }
            }
        }
    }
}
