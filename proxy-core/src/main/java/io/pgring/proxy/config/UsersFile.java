package io.pgring.proxy.config;

import io.pgring.pgwire.auth.ScramVerifier;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names and verifiers of clients, in the form of PgBouncer's {@code userlist.txt}: one user a line, both fields
 * in double quotes, a quote inside doubled; lines that start with {@code ;} or {@code #} are comments.
 *
 * <pre>
 * "alice" "SCRAM-SHA-256$4096:salt$StoredKey:ServerKey"
 * "bob" "a plain password"
 * </pre>
 *
 * The verifier is {@code rolpassword} of PostgreSQL's {@code pg_authid}. A plain password is hashed at load and forgotten.
 */
public final class UsersFile {
    private static final Pattern LINE = Pattern.compile("\\s*\"((?:[^\"]|\"\")*)\"\\s+\"((?:[^\"]|\"\")*)\"\\s*");
    private static final Pattern MD5 = Pattern.compile("md5[0-9a-f]{32}");

    private UsersFile() {}

    /** The verifier of each user, by name. Hashing a plain password takes milliseconds. */
    public static Map<String, ScramVerifier> load(Path file) throws ConfigurationException {
        return parse(file, ConfigurationLoader.read(file));
    }

    /**
     * Reads the text of a users file.
     *
     * @param file for messages
     */
    public static Map<String, ScramVerifier> parse(Path file, String text) throws ConfigurationException {
        Map<String, ScramVerifier> users = new LinkedHashMap<>();
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
                throw problem(file, position, "must be \"user\" \"password or verifier\", both in quotes", null);
            }
            String user = fields.group(1).replace("\"\"", "\"");
            if (user.isEmpty()) {
                throw problem(file, position, "the name of the user is empty", null);
            }
            Position second = new Position(i + 1, fields.start(2) + 1);
            if (users.put(user, verifier(file, second, fields.group(2).replace("\"\"", "\""))) != null) {
                throw problem(file, position, "user '" + user + "' is listed twice", null);
            }
        }
        return users;
    }

    private static ScramVerifier verifier(Path file, Position position, String secret) throws ConfigurationException {
        if (MD5.matcher(secret).matches()) {
            throw problem(
                    file,
                    position,
                    "an md5 hash can't be used for scram-sha-256",
                    "Take the user's rolpassword from pg_authid of a server with password_encryption ="
                            + " 'scram-sha-256', or write the password itself.");
        }
        if (secret.isEmpty()) {
            throw problem(file, position, "the password is empty", null);
        }
        try {
            if (ScramVerifier.isVerifier(secret)) {
                return ScramVerifier.parse(secret);
            }
            byte[] salt = new byte[ScramVerifier.DEFAULT_SALT_BYTES];
            new SecureRandom().nextBytes(salt);
            return ScramVerifier.of(secret, salt, ScramVerifier.DEFAULT_ITERATIONS);
        } catch (IllegalArgumentException e) {
            throw problem(file, position, String.valueOf(e.getMessage()), null);
        }
    }

    private static ConfigurationException problem(Path file, Position position, String problem, @Nullable String hint) {
        return new ConfigurationException(file, position, "", problem, hint);
    }
}
