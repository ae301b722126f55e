package io.pgring.proxy.config;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to the keys of one section of the file. Remembers which keys were asked for, so that {@link #finish} can
 * complain about the others, and translates what a record refuses into file, line, column and path.
 */
final class Section {
    private static final Splitter PATH_SEPARATOR =
            Splitter.on(CharMatcher.anyOf(".[]")).omitEmptyStrings();

    private final Path file;
    private final String path;
    private final YamlNode.Mapping mapping;
    private final Set<String> known = new LinkedHashSet<>();

    private Section(Path file, String path, YamlNode.Mapping mapping) {
        this.file = file;
        this.path = path;
        this.mapping = mapping;
    }

    /** The file as a whole. */
    static Section root(Path file, YamlNode document) throws ConfigurationException {
        return of(file, "", document);
    }

    private static Section of(Path file, String path, YamlNode node) throws ConfigurationException {
        if (node instanceof YamlNode.Mapping mapping) {
            return new Section(file, path, mapping);
        }
        if (node instanceof YamlNode.Scalar scalar && scalar.text() == null) {
            return new Section(file, path, new YamlNode.Mapping(node.position(), Map.of()));
        }
        throw new ConfigurationException(
                file, node.position(), path, "must be a section of 'key: value' lines, not " + node.kind(), null);
    }

    /** The section under the key; an empty one when it is left out. */
    Section section(String key) throws ConfigurationException {
        YamlNode node = value(key);
        return of(file, pathOf(key), node == null ? new YamlNode.Scalar(mapping.position(), null) : node);
    }

    /** The sections in the list under the key; none when it is left out. */
    List<Section> sections(String key) throws ConfigurationException {
        YamlNode node = value(key);
        if (node == null || (node instanceof YamlNode.Scalar scalar && scalar.text() == null)) {
            return List.of();
        }
        if (!(node instanceof YamlNode.Sequence sequence)) {
            throw problem(key, "must be a list, one '- ' for each entry, not " + node.kind(), null);
        }
        List<Section> sections = new ArrayList<>();
        for (YamlNode element : sequence.elements()) {
            sections.add(of(file, pathOf(key) + "[" + sections.size() + "]", element));
        }
        return sections;
    }

    /** Text as written; null when the key is left out. */
    @Nullable
    String text(String key) throws ConfigurationException {
        YamlNode node = value(key);
        if (node == null) {
            return null;
        }
        if (!(node instanceof YamlNode.Scalar scalar)) {
            throw problem(key, "must be a single value, not " + node.kind(), null);
        }
        return scalar.text();
    }

    String text(String key, String otherwise) throws ConfigurationException {
        String text = text(key);
        if (text != null && text.isBlank()) {
            throw problem(key, "must not be empty", null);
        }
        return text == null ? otherwise : text;
    }

    String requiredText(String key) throws ConfigurationException {
        String text = text(key);
        if (text == null) {
            throw problem(key, "is missing", null);
        }
        return text;
    }

    long number(String key, long otherwise) throws ConfigurationException {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw problem(key, "must be a whole number, not '" + text + "'", null);
        }
    }

    int integer(String key, int otherwise) throws ConfigurationException {
        long number = number(key, otherwise);
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw problem(key, "is too large a number: " + number, null);
        }
        return (int) number;
    }

    boolean flag(String key, boolean otherwise) throws ConfigurationException {
        String text = text(key, String.valueOf(otherwise));
        if (!text.equals("true") && !text.equals("false")) {
            throw problem(key, "must be true or false, not '" + text + "'", null);
        }
        return text.equals("true");
    }

    /** For each name under the key the one of the values whose word is given; the names are the user's. */
    <T> Map<String, T> choices(String key, T[] values, Function<T, String> word) throws ConfigurationException {
        Section names = section(key);
        Map<String, T> chosen = new LinkedHashMap<>();
        for (String name : names.mapping.entries().keySet()) {
            chosen.put(name, names.choice(name, values[0], values, word));
        }
        return chosen;
    }

    /** The one of the values whose word is given. */
    <T> T choice(String key, T otherwise, T[] values, Function<T, String> word) throws ConfigurationException {
        String text = text(key, word.apply(otherwise));
        for (T value : values) {
            if (word.apply(value).equals(text)) {
                return value;
            }
        }
        List<String> words = Arrays.stream(values).map(word).toList();
        throw problem(
                key, "must be one of " + String.join(", ", words) + ", not '" + text + "'", suggestion(text, words));
    }

    Endpoint endpoint(String key, Endpoint otherwise) throws ConfigurationException {
        YamlNode node = value(key);
        if (node instanceof YamlNode.Sequence) {
            throw problem(key, "must be host:port", "Put quotes around an IPv6 address: \"[::1]:6432\".");
        }
        String text = text(key);
        return text == null ? otherwise : at(key, () -> Endpoint.parse(text));
    }

    /** A path, relative to the folder of the configuration file; null when the key is left out. */
    @Nullable
    Path path(String key) throws ConfigurationException {
        String text = text(key);
        if (text == null) {
            return null;
        }
        try {
            return file.toAbsolutePath().resolveSibling(text).normalize();
        } catch (InvalidPathException e) {
            throw problem(key, "is not a path: '" + text + "'", null);
        }
    }

    /** Builds the record of this section from the keys read before, after refusing all other keys. */
    <T> T finish(Supplier<T> record) throws ConfigurationException {
        for (Map.Entry<String, YamlNode.Entry> entry : mapping.entries().entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw new ConfigurationException(
                        file,
                        entry.getValue().position(),
                        pathOf(entry.getKey()),
                        "there is no such key",
                        suggestion(entry.getKey(), known));
            }
        }
        return at("", record);
    }

    /** Builds a part of the record of this section. */
    <T> T check(Supplier<T> part) throws ConfigurationException {
        return at("", part);
    }

    /** A complaint about the value of a key, or about the section as a whole when the key is empty. */
    ConfigurationException problem(String key, String problem, @Nullable String hint) {
        String keyPath = key.isEmpty() ? path : pathOf(key);
        return new ConfigurationException(file, positionOf(key), keyPath, problem, hint);
    }

    /** Whether the key is in the file, with or without a value. */
    boolean has(String key) {
        known.add(key);
        return mapping.entries().containsKey(key);
    }

    private <T> T at(String key, Supplier<T> maker) throws ConfigurationException {
        try {
            return maker.get();
        } catch (InvalidValueException e) {
            String relative = key.isEmpty() || e.key().isEmpty() ? key + e.key() : key + "." + e.key();
            throw problem(relative, e.problem(), null);
        }
    }

    private @Nullable YamlNode value(String key) {
        known.add(key);
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry == null ? null : entry.value();
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The place of {@code a.b[1].c} below this section, or of the deepest part of it that the file has. */
    private Position positionOf(String relative) {
        YamlNode node = mapping;
        Position position = mapping.position();
        for (String step : PATH_SEPARATOR.splitToList(relative)) {
            if (node instanceof YamlNode.Mapping in && in.entries().containsKey(step)) {
                node = in.entries().get(step).value();
            } else if (node instanceof YamlNode.Sequence in && step.matches("\\d+")) {
                node = in.elements().get(Integer.parseInt(step));
            } else {
                break;
            }
            position = node.position();
        }
        return position;
    }

    private static @Nullable String suggestion(String wrong, Iterable<String> candidates) {
        List<String> words = new ArrayList<>();
        candidates.forEach(words::add);
        return words.stream()
                .min(Comparator.comparingInt(word -> EditDistance.between(wrong, word)))
                .filter(word -> EditDistance.between(wrong, word) <= Math.max(2, wrong.length() / 3))
                .map(word -> "Did you mean '" + word + "'?")
                .orElse(words.isEmpty() ? null : "Possible here: " + String.join(", ", words) + ".");
    }
}
