package io.pgring.proxy.backend;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of start-up messages that a server has accepted, with the parameters that it then reported: the next client with the
 * same settings can be let in without asking again. Least recently used first out.
 */
public final class CheckedSettings {
    private static final int ENTRIES_MAX = 256;

    private final Map<SessionVariables, Map<String, String>> accepted = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionVariables, Map<String, String>> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    /** What was reported; null when the settings were not checked yet. */
    public @Nullable Map<String, String> find(SessionVariables settings) {
        return accepted.get(settings);
    }

    /** A server has accepted the settings, and reports these parameters with them. */
    public void add(SessionVariables settings, Map<String, String> reported) {
        accepted.put(settings, reported);
    }
}
