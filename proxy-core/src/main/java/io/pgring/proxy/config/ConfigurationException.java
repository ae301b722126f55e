package io.pgring.proxy.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The configuration, or a file that it names, can't be used. The message is one line for the user:
 * {@code pgring.yaml:12:11: shards[0].port: must be between 1 and 65535, not 99999}.
 */
public final class ConfigurationException extends Exception {
    private final Path file;
    private final Position position;
    private final String keyPath;
    private final @Nullable String hint;

    /**
     * @param keyPath path of the key from the top of the file, such as {@code shards[0].port}; empty for the file as a whole
     * @param hint one sentence on what to do, or null
     */
    public ConfigurationException(Path file, Position position, String keyPath, String problem, @Nullable String hint) {
        super(describe(file, position, keyPath, problem));
        this.file = file;
        this.position = position;
        this.keyPath = keyPath;
        this.hint = hint;
    }

    /** The file at fault. */
    public Path file() {
        return file;
    }

    /** Where in the file; {@link Position#NONE} when the file as a whole is at fault. */
    public Position position() {
        return position;
    }

    /** Path of the key at fault, such as {@code shards[0].port}; may be empty. */
    public String keyPath() {
        return keyPath;
    }

    /** One sentence on what to do. */
    public @Nullable String hint() {
        return hint;
    }

    private static String describe(Path file, Position position, String keyPath, String problem) {
        StringBuilder text = new StringBuilder().append(file);
        if (!position.equals(Position.NONE)) {
            text.append(':').append(position.line()).append(':').append(position.column());
        }
        text.append(": ");
        if (!keyPath.isEmpty()) {
            text.append(keyPath).append(": ");
        }
        return text.append(problem).toString();
    }
}
