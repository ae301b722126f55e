package io.pgring.proxy.topology;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The name of a transaction on several shards, by which its parts and its fate are known: {@code pgring:}, a random number, and the shard
 * whose {@code pgring.commit_log} tells whether it is committed. The part of a shard is prepared under that name and a number:
 *
 * <pre>
 *   pgring:0f3c...:shard-0        row in pgring.commit_log of shard-0
 *   pgring:0f3c...:shard-0:2      prepared transaction on some shard; 2 because databases of one server share these names
 * </pre>
 *
 * @param random tells it from all others
 * @param first name of the shard that decides
 */
public record GlobalTransaction(UUID random, String first) {
    /** What all names begin with. */
    public static final String PREFIX = "pgring:";

    /** A query for the names of all parts that are prepared in a database. */
    public static final String PREPARED =
            "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database OPERATOR(pg_catalog.=)"
                    + " pg_catalog.current_database() AND pg_catalog.starts_with(gid, '" + PREFIX + "')";

    private static final int UUID_LENGTH = 36;

    /** A new one. */
    public static GlobalTransaction of(String first) {
        return new GlobalTransaction(UUID.randomUUID(), first);
    }

    /** The name in the commit log. */
    public String name() {
        return PREFIX + random + ':' + first;
    }

    /** The name of a part, at most 160 bytes long. */
    public String part(int number) {
        return name() + ':' + number;
    }

    /** The transaction that a prepared transaction is a part of; null when it is none of these. */
    public static @Nullable GlobalTransaction ofPart(String part) {
        int random = PREFIX.length();
        int first = random + UUID_LENGTH;
        int end = part.lastIndexOf(':');
        if (!part.startsWith(PREFIX) || end <= first + 1 || part.charAt(first) != ':') {
            return null;
        }
        try {
            return new GlobalTransaction(
                    UUID.fromString(part.substring(random, first)), part.substring(first + 1, end));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
