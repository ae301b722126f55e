package io.pgring.pgwire.framing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the startup parameter "options", a command line for the backend: {@code -c name=value}, {@code -cname=value} and {@code
 * --name=value}, as many as wanted. White space separates arguments; a backslash takes the next character literally. Compare
 * PostgreSQL's pg_split_opts (postinit.c), process_postgres_switches (postgres.c) and ParseLongOption (guc.c).
 */
public final class StartupOptions {
    private static final String SHORT_SWITCH = "-c";
    private static final String LONG_SWITCH = "--";

    private StartupOptions() {}

    /**
     * The run-time parameters that the options set, in the order of their first mention; of a name given twice the last value.
     * As in PostgreSQL a dash inside a name stands for an underscore.
     *
     * @throws IllegalArgumentException on anything else, with a message in PostgreSQL's words; SQLSTATE 42601 fits
     */
    public static Map<String, String> parse(String options) {
        Map<String, String> parameters = new LinkedHashMap<>();
        List<String> arguments = split(options);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals(SHORT_SWITCH)) {
                i++;
                if (i == arguments.size()) {
                    throw invalidArgument(argument);
                }
                put(parameters, "-c ", arguments.get(i));
            } else if (argument.startsWith(SHORT_SWITCH)) {
                put(parameters, "-c ", argument.substring(SHORT_SWITCH.length()));
            } else if (argument.startsWith(LONG_SWITCH)) {
                put(parameters, LONG_SWITCH, argument.substring(LONG_SWITCH.length()));
            } else {
                throw invalidArgument(argument);
            }
        }
        return Collections.unmodifiableMap(parameters);
    }

    private static void put(Map<String, String> parameters, String shownSwitch, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(shownSwitch + assignment + " requires a value");
        }
        if (equals == 0) {
            throw invalidArgument(shownSwitch + assignment);
        }
        parameters.put(assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
    }

    private static List<String> split(String options) {
        List<String> arguments = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        boolean insideArgument = false;
        for (int i = 0; i < options.length(); i++) {
            char c = options.charAt(i);
            if (isSpace(c)) {
                if (insideArgument) {
                    arguments.add(argument.toString());
                    argument.setLength(0);
                    insideArgument = false;
                }
                continue;
            }
            insideArgument = true;
            if (c != '\\') {
                argument.append(c);
            } else if (i + 1 < options.length()) {
                i++;
                argument.append(options.charAt(i));
            }
        }
        if (insideArgument) {
            arguments.add(argument.toString());
        }
        return arguments;
    }

    /** C's isspace. */
    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static IllegalArgumentException invalidArgument(String argument) {
        return new IllegalArgumentException("invalid command-line argument for server process: " + argument);
    }
}
