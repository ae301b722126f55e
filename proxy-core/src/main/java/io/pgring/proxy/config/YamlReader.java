package io.pgring.proxy.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads one YAML document into {@link YamlNode}s. Scalars stay text: what a key means decides its type. */
final class YamlReader {
    private static final int DEPTH_MAX = 32;

    private final Path file;
    private final YAMLParser parser;

    private YamlReader(Path file, YAMLParser parser) {
        this.file = file;
        this.parser = parser;
    }

    /** The document; a {@link YamlNode.Scalar} without text when the file is empty. */
    static YamlNode read(Path file, String yaml) throws ConfigurationException {
        try (YAMLParser parser = new YAMLFactory().createParser(yaml)) {
            YamlReader reader = new YamlReader(file, parser);
            JsonToken token = parser.nextToken();
            if (token == null) {
                return new YamlNode.Scalar(new Position(1, 1), null);
            }
            YamlNode root = reader.node(token, "", 0);
            if (parser.nextToken() != null) {
                throw reader.problem(reader.position(), "", "there must be only one document in the file", null);
            }
            return root;
        } catch (JsonProcessingException e) {
            throw syntaxError(file, e);
        } catch (IOException e) {
            throw new ConfigurationException(file, Position.NONE, "", "can't be read: " + e.getMessage(), null);
        }
    }

    private YamlNode node(JsonToken token, String path, int depth) throws IOException, ConfigurationException {
        if (parser.isCurrentAlias()) {
            throw problem(position(), path, "aliases (*name) are not supported", null);
        }
        if (depth > DEPTH_MAX) {
            throw problem(position(), path, "too many levels", null);
        }
        return switch (token) {
            case START_OBJECT -> mapping(path, depth);
            case START_ARRAY -> sequence(path, depth);
            case VALUE_NULL -> new YamlNode.Scalar(position(), null);
            default -> new YamlNode.Scalar(position(), parser.getText());
        };
    }

    private YamlNode mapping(String path, int depth) throws IOException, ConfigurationException {
        Position start = position();
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            Position position = position();
            String keyPath = path.isEmpty() ? key : path + "." + key;
            YamlNode.Entry earlier = entries.get(key);
            if (earlier != null) {
                throw problem(
                        position,
                        keyPath,
                        "is given twice, first in line " + earlier.position().line(),
                        null);
            }
            entries.put(key, new YamlNode.Entry(position, node(parser.nextToken(), keyPath, depth + 1)));
        }
        return new YamlNode.Mapping(start, entries);
    }

    private YamlNode sequence(String path, int depth) throws IOException, ConfigurationException {
        Position start = position();
        List<YamlNode> elements = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            elements.add(node(token, path + "[" + elements.size() + "]", depth + 1));
            token = parser.nextToken();
        }
        return new YamlNode.Sequence(start, elements);
    }

    private Position position() {
        return position(parser.currentTokenLocation());
    }

    private static Position position(JsonLocation location) {
        return new Position(Math.max(location.getLineNr(), 1), Math.max(location.getColumnNr(), 1));
    }

    private ConfigurationException problem(Position position, String keyPath, String problem, @Nullable String hint) {
        return new ConfigurationException(file, position, keyPath, problem, hint);
    }

    private static ConfigurationException syntaxError(Path file, JsonProcessingException e) {
        String problem = e.getOriginalMessage();
        Position position = e.getLocation() == null ? Position.NONE : position(e.getLocation());
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblem() != null) {
            problem = marked.getProblem();
            Mark mark = marked.getProblemMark();
            position = mark == null ? position : new Position(mark.getLine() + 1, mark.getColumn() + 1);
        }
        return new ConfigurationException(
                file,
                position,
                "",
                "this is not YAML: " + problem.lines().findFirst().orElse("").strip(),
                "Indent with spaces, write a space after each colon, and put quotes around values that start with"
                        + " one of [ { * & ! % @.");
    }
}
