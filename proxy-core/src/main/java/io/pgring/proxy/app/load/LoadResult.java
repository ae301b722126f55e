package io.pgring.proxy.app.load;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a load found.
 *
 * @param loading the first write of every key
 * @param reads reads that were checked
 * @param rewrites later writes
 * @param wrongValues reads that gave another value than the one written, or none
 * @param complaints the first different errors and wrong values, and how many there were of each
 * @param gaveUp why the load ended early, or null
 */
public record LoadResult(
        Operations loading,
        Operations reads,
        Operations rewrites,
        long wrongValues,
        Map<String, Long> complaints,
        @Nullable String gaveUp) {
    /** Operations that failed. */
    public long errors() {
        return loading.errors() + reads.errors() + rewrites.errors();
    }

    /** Whether everything asked for was done, and right. */
    public boolean isGood() {
        return errors() == 0 && wrongValues == 0 && gaveUp == null;
    }
}
