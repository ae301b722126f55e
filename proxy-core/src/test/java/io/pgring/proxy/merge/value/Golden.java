package io.pgring.proxy.merge.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What a real server said, in files of lines whose fields are separated by bars. */
final class Golden {
    private Golden() {}

    static List<List<String>> lines(String name) {
        try (InputStream in = Golden.class.getResourceAsStream(name + ".txt")) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
            return text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.asList(line.split(" \\| ")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
