package io.pgring.proxy.frontend;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.framing.StartupOptions;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.routing.UnsupportedSettings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The run-time parameters that a StartupMessage asks for, by name or in {@code options}: the session's defaults.
 *
 * @param settings the parameters that differ from a plain login
 * @param error why they can't be had; null when they can
 */
record StartupSettings(SessionVariables settings, @Nullable ErrorResponse error) {
    private static final Set<String> NOT_SETTINGS = Set.of("user", "database", "options", "replication");
    private static final Set<String> UTF8_NAMES = Set.of("utf8", "utf-8", "unicode");

    static StartupSettings read(StartupMessage startup) {
        Map<String, String> wanted = new LinkedHashMap<>();
        try {
            wanted.putAll(StartupOptions.parse(startup.parameters().getOrDefault("options", "")));
        } catch (IllegalArgumentException e) {
            return new StartupSettings(
                    SessionVariables.NONE,
                    ErrorResponse.fatal("22023", "invalid command-line argument for server process")
                            .detail(e.getMessage() + "."));
        }
        startup.parameters().forEach((name, value) -> {
            if (!NOT_SETTINGS.contains(name) && !name.startsWith("_pq_.")) {
                wanted.put(name, value);
            }
        });
        // Server connections carry the proxy's own, which is not the client's.
        wanted.putIfAbsent("application_name", "");
        SessionVariables settings = SessionVariables.NONE;
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            String name = entry.getKey().toLowerCase(Locale.ROOT);
            ErrorResponse unsupported = UnsupportedSettings.refuse(name, entry.getValue());
            if (unsupported != null) {
                return new StartupSettings(
                        SessionVariables.NONE, ErrorResponse.fatal(unsupported.sqlState(), unsupported.message()));
            }
            if (!isPlain(name, entry.getValue())) {
                settings = settings.with(name, SessionVariables.setStatement(name, entry.getValue()));
            }
        }
        return new StartupSettings(settings, null);
    }

    /** What every server connection has anyway. */
    private static boolean isPlain(String name, String value) {
        return switch (name) {
            case "client_encoding" ->
                UTF8_NAMES.contains(value.toLowerCase(Locale.ROOT).replace("'", ""));
            case "standard_conforming_strings" -> true;
            default -> false;
        };
    }
}
