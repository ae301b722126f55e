package io.pgring.proxy.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML value that knows its place in the file. */
sealed interface YamlNode {
    /** Where the value starts. */
    Position position();

    /** What it is, for messages. */
    String kind();

    /**
     * A value without parts.
     *
     * @param text as written, without quotes; null for {@code null}, {@code ~} and nothing at all
     */
    record Scalar(Position position, @Nullable String text) implements YamlNode {
        @Override
        public String kind() {
            return text == null ? "nothing" : "'" + text + "'";
        }
    }

    /**
     * Keys and values.
     *
     * @param entries in the order of the file
     */
    record Mapping(Position position, Map<String, Entry> entries) implements YamlNode {
        @Override
        public String kind() {
            return "a section with keys";
        }
    }

    /**
     * A list.
     *
     * @param elements in the order of the file
     */
    record Sequence(Position position, List<YamlNode> elements) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A key's place, and its value. */
    record Entry(Position position, YamlNode value) {}
}
