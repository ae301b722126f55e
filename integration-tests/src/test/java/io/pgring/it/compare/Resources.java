package io.pgring.it.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The files beside the test classes. */
final class Resources {
    private static final String FOLDER = "/compare/";

    private Resources() {}

    /** The text of one of them. */
    static String read(String name) {
        try (InputStream in = Resources.class.getResourceAsStream(FOLDER + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
