package io.pgring.proxy.topology;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of the objects over which PostgreSQL gathers rows.
 *
 * <pre>
 *   on every shard   pgring_visible.t       the shard's own rows of table t
 *   on the home      pgring_remote."s.t"    foreign table: pgring_visible.t of shard s
 *                    pgring_gather.t        all rows of t; or a user's view t over such tables
 * </pre>
 *
 * A relation {@code t} of schema public is called {@code t}, one of schema {@code app} is called {@code app.t} as one identifier. Where that
 * is longer than PostgreSQL allows, or a dot in a name would make it ambiguous, a hash takes the place of its end.
 */
public final class GatherNames {
    /** Views over the shard's own rows, on every shard. */
    public static final String VISIBLE = "pgring_visible";

    /** Foreign tables, on the home shard. */
    public static final String REMOTE = "pgring_remote";

    /** Views over the rows of all shards, on the home shard. */
    public static final String GATHER = "pgring_gather";

    private static final String PUBLIC = "public";
    private static final int NAME_BYTES_MAX = 63;
    private static final int HASH_BYTES = 8;

    private GatherNames() {}

    /** Whether the proxy makes the objects of this schema, and nobody else uses them. */
    public static boolean isOwn(String schema) {
        return schema.equals(VISIBLE) || schema.equals(REMOTE) || schema.equals(GATHER);
    }

    /** The name, in {@link #VISIBLE} and {@link #GATHER}, for a table or view. */
    public static String relation(String schema, String name) {
        boolean ambiguous = schema.indexOf('.') >= 0 || name.indexOf('.') >= 0;
        return bounded(schema.equals(PUBLIC) ? name : schema + "." + name, schema + '\0' + name, ambiguous);
    }

    /**
     * The name, in {@link #REMOTE}, of a foreign table.
     *
     * @param relation as {@link #relation} gives it
     */
    public static String foreign(String shard, String relation) {
        return bounded(shard + "." + relation, shard + '\0' + relation, shard.indexOf('.') >= 0);
    }

    /** The name of the foreign server for a shard. */
    public static String server(String shard) {
        return bounded("pgring_" + shard, shard, false);
    }

    /** An identifier in double quotes. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A schema and a name, both in double quotes. */
    public static String quote(String schema, String name) {
        return quote(schema) + '.' + quote(name);
    }

    private static String bounded(String name, String exact, boolean ambiguous) {
        if (!ambiguous && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX) {
            return name;
        }
        String hash = "~" + sha256(exact).substring(0, 2 * HASH_BYTES);
        int end = name.length();
        while (name.substring(0, end).getBytes(StandardCharsets.UTF_8).length + hash.length() > NAME_BYTES_MAX) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end) + hash;
    }

    /** SHA-256 in hexadecimal digits. */
    public static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
