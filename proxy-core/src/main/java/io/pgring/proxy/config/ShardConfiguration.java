package io.pgring.proxy.config;

import io.pgring.hashring.RingMember;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL server (database) that holds part of the rows, and how to log in to it.
 *
 * @param name identity of the shard on the ring: changing it moves rows
 * @param host name, address, or folder of a Unix-domain socket, as in libpq; several, of which one can be written to, are separated by
 *     commas, and each may have a port of its own behind a colon
 * @param port of hosts without one of their own
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

    private static final Pattern HOST = Pattern.compile("(?:\\[([^\\[\\]]+)\\]|([^:\\[\\]/]+))(?::(\\d{1,5}))?");
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
        if (host.indexOf(',') >= 0) {
            for (String one : host.split(",", -1)) {
                if (!HOST.matcher(one.strip()).matches()) {
                    throw new InvalidValueException(
                            "host", "must be host:port,host:port such as db0a:5432,db0b:5432 or [::1]:5432,[::2]:5432");
                }
            }
        }
        InvalidValueException.unlessBetween("weight", weight, 1, RingMember.WEIGHT_MAX);
        if (tls.mode().isRequired() && isUnixDomainSocket(host)) {
            throw new InvalidValueException("tls", "can't be required on a Unix-domain socket");
        }
    }

    /** The same with another weight. */
    public ShardConfiguration withWeight(int other) {
        return new ShardConfiguration(name, host, port, database, user, password, tls, other);
    }

    /** Whether {@link #host} is the folder of a Unix-domain socket; the socket is {@code .s.PGSQL.<port>} in it. */
    public boolean isUnixDomainSocket() {
        return isUnixDomainSocket(host);
    }

    /** Whether there are several hosts, of which the one is meant that can be written to. */
    public boolean hasSeveralHosts() {
        return host.indexOf(',') >= 0;
    }

    /** The same shard at each of its hosts alone. */
    public List<ShardConfiguration> hosts() {
        if (!hasSeveralHosts()) {
            return List.of(this);
        }
        List<ShardConfiguration> hosts = new ArrayList<>();
        for (String one : host.split(",", -1)) {
            Matcher form = HOST.matcher(one.strip());
            if (!form.matches()) {
                throw new IllegalStateException(host);
            }
            String name = form.group(1) == null ? form.group(2) : form.group(1);
            int own = form.group(3) == null ? port : Integer.parseInt(form.group(3));
            hosts.add(new ShardConfiguration(this.name, name, own, database, user, password, tls, weight));
        }
        return hosts;
    }

    /** Its hosts as in a JDBC URL: {@code a:5432,b:5432}. */
    public String addresses() {
        return hosts().stream()
                .map(one -> (one.host.indexOf(':') >= 0 ? "[" + one.host + "]" : one.host) + ":" + one.port)
                .collect(Collectors.joining(","));
    }

    /** Everything but the password. */
    @Override
    public String toString() {
        return name + " (" + user + "@" + addresses() + "/" + database + " tls="
                + tls.mode().word() + " weight=" + weight + ")";
    }

    private static boolean isUnixDomainSocket(String host) {
        return host.startsWith("/");
    }
}
