package io.pgring.proxy.config;

import io.pgring.pgwire.auth.Secret;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the names and secrets of clients, in the form of PgBouncer's {@code userlist.txt}: one user a line, both fields
 * in double quotes, a quote inside doubled; lines that start with {@code ;} or {@code #} are comments.
 *
 * <pre>
 * "alice" "SCRAM-SHA-256$4096:salt$StoredKey:ServerKey"
 * "carol" "md5d41d8cd98f00b204e9800998ecf8427e"
 * "bob" "a plain password"
 * </pre>
 *
 * The first two are {@code rolpassword} of PostgreSQL's {@code pg_authid}.
 */
public final class UsersFile {
    /** Written so that a token of many thousand characters takes no stack. */
    private static final String QUOTED = "\"([^\"]*+(?:\"\"[^\"]*+)*+)\"";

    private static final Pattern LINE = Pattern.compile("\\s*" + QUOTED + "\\s+" + QUOTED + "\\s*");

    private UsersFile() {}

    /** The secret of each user, by name. A plain password takes milliseconds. */
    public static Map<String, Secret> load(Path file) throws ConfigurationException {
        return parse(file, ConfigurationLoader.read(file));
    }

    /**
     * Reads the text of a users file.
     *
     * @param file for messages
     */
    public static Map<String, Secret> parse(Path file, String text) throws ConfigurationException {
        Map<String, Secret> users = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank()
                    || line.stripLeading().startsWith(";")
                    || line.stripLeading().startsWith("#")) {
                continue;
            }
            Position position = new Position(i + 1, 1);
            Matcher fields = LINE.matcher(line);
            if (!fields.matches()) {
                throw problem(file, position, "must be \"user\" \"password or verifier\", both in quotes");
            }
            String user = fields.group(1).replace("\"\"", "\"");
            if (user.isEmpty()) {
                throw problem(file, position, "the name of the user is empty");
            }
            Position second = new Position(i + 1, fields.start(2) + 1);
            if (users.put(user, secret(file, second, fields.group(2).replace("\"\"", "\""))) != null) {
                throw problem(file, position, "user '" + user + "' is listed twice");
            }
        }
        return users;
    }

    private static Secret secret(Path file, Position position, String text) throws ConfigurationException {
        if (text.isEmpty()) {
            throw problem(file, position, "the password is empty");
        }
        try {
            return Secret.parse(text);
        } catch (IllegalArgumentException e) {
            throw problem(file, position, String.valueOf(e.getMessage()));
        }
    }

    private static ConfigurationException problem(Path file, Position position, String problem) {
        return new ConfigurationException(file, position, "", problem, null);
    }
}
