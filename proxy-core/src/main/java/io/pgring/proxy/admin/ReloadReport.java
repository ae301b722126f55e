package io.pgring.proxy.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading the configuration file again.
 *
 * @param applied keys that have other values now
 * @param restart keys that differ in the file, but keep their values until a restart
 * @param error why nothing was changed at all: file, line, key and what is wrong; null when the file is valid
 * @param hint what to do about it, or null
 */
public record ReloadReport(
        List<String> applied,
        List<String> restart,
        @Nullable String error,
        @Nullable String hint) {
    public ReloadReport {
        applied = List.copyOf(applied);
        restart = List.copyOf(restart);
    }

    /** Nothing was changed. */
    public static ReloadReport refused(@Nullable String error, @Nullable String hint) {
        return new ReloadReport(List.of(), List.of(), String.valueOf(error), hint);
    }
}
