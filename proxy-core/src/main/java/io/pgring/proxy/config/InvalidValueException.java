package io.pgring.proxy.config;

/**
 * A value that a configuration record refuses. {@link ConfigurationLoader} turns it into a {@link ConfigurationException}
 * that names file, line and column; code that builds records by itself sees it as the bug that it is.
 */
public final class InvalidValueException extends IllegalArgumentException {
    private final String key;
    private final String problem;

    /**
     * @param key path of the key relative to the record, such as {@code port} or {@code shards[1].name}; empty for the
     *     record as a whole
     * @param problem what is wrong, in lower case and without a full stop
     */
    public InvalidValueException(String key, String problem) {
        super(key.isEmpty() ? problem : key + ": " + problem);
        this.key = key;
        this.problem = problem;
    }

    /** Path of the key, relative to the record that refused it. */
    public String key() {
        return key;
    }

    /** What is wrong with the value, without the key. */
    public String problem() {
        return problem;
    }

    /** Refuses a value outside {@code [min, max]}. */
    static void unlessBetween(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new InvalidValueException(key, "must be between " + min + " and " + max + ", not " + value);
        }
    }

    /** Refuses text without a visible character, and text with a zero byte, which the protocol can't carry. */
    static void ifBlank(String key, String value) {
        if (value.isBlank()) {
            throw new InvalidValueException(key, "must not be empty");
        }
        if (value.indexOf('\0') >= 0) {
            throw new InvalidValueException(key, "must not contain a zero character");
        }
    }
}
