package io.pgring.proxy.config;

import io.pgring.hashring.RingMember;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL server (database) that holds part of the rows, and how to log in to it.
 *
 * @param name identity of the shard on the ring: changing it moves rows
 * @param host name, address, or folder of a Unix-domain socket, as in libpq
 * @param user role to log in as
 * @param password null to log in without one
 * @param tls encryption of the connections to it
 * @param weight how many times the rows of a shard of weight 1 it takes
 */
public record ShardConfiguration(
        String name,
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        ShardTls tls,
        int weight) {
    /** The port that PostgreSQL listens on unless told otherwise. */
    public static final int DEFAULT_PORT = 5432;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

    public ShardConfiguration {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidValueException(
                    "name",
                    "must be 1 to 63 letters, digits or any of '_.-', starting with a letter or digit, not '" + name
                            + "'");
        }
        InvalidValueException.ifBlank("host", host);
        InvalidValueException.unlessBetween("port", port, 1, 65_535);
        InvalidValueException.ifBlank("database", database);
        InvalidValueException.ifBlank("user", user);
        if (password != null && password.indexOf('\0') >= 0) {
            throw new InvalidValueException("password", "must not contain a zero character");
        }
        InvalidValueException.unlessBetween("weight", weight, 1, RingMember.WEIGHT_MAX);
        if (tls.mode().isRequired() && isUnixDomainSocket(host)) {
            throw new InvalidValueException("tls", "can't be required on a Unix-domain socket");
        }
    }

    /** Whether {@link #host} is the folder of a Unix-domain socket; the socket is {@code .s.PGSQL.<port>} in it. */
    public boolean isUnixDomainSocket() {
        return isUnixDomainSocket(host);
    }

    /** Everything but the password. */
    @Override
    public String toString() {
        return name + " (" + user + "@" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port + "/"
                + database + " tls=" + tls.mode().word() + " weight=" + weight + ")";
    }

    private static boolean isUnixDomainSocket(String host) {
        return host.startsWith("/");
    }
}
