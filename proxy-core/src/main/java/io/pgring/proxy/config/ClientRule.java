package io.pgring.proxy.config;

import java.net.InetAddress;
import java.util.List;

/**
 * A line of PostgreSQL's {@code pg_hba.conf}: which clients it is for, and how they prove who they are. The first rule that is for a client
 * decides.
 *
 * @param type encrypted connections, others, or both
 * @param databases names, {@code all}, or {@code sameuser}
 * @param users names, or {@code all}
 * @param address where the client is
 * @param method how it is asked
 */
public record ClientRule(
        Type type, List<String> databases, List<String> users, AddressRange address, AuthenticationMethod method) {
    private static final String ALL = "all";
    private static final String SAME_USER = "sameuser";

    /** Which connections. */
    public enum Type {
        /** All. */
        HOST("host"),
        /** Those with TLS. */
        HOSTSSL("hostssl"),
        /** Those without. */
        HOSTNOSSL("hostnossl");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** The word in the configuration file. */
        public String word() {
            return word;
        }
    }

    public ClientRule {
        databases = List.copyOf(databases);
        users = List.copyOf(users);
        checkNames("database", databases);
        checkNames("user", users);
        if (method == AuthenticationMethod.CERT && type != Type.HOSTSSL) {
            throw new InvalidValueException("method", "cert is for connections of type hostssl alone");
        }
    }

    private static void checkNames(String key, List<String> names) {
        if (names.isEmpty()) {
            throw new InvalidValueException(key, "must name at least one");
        }
        for (String name : names) {
            InvalidValueException.ifBlank(key, name);
            if (name.startsWith("+") || name.startsWith("/") || name.startsWith("@")) {
                throw new InvalidValueException(
                        key, "groups, regular expressions and files are not supported: '" + name + "'");
            }
            if (key.equals("database")
                    && List.of("samerole", "samegroup", "replication").contains(name)) {
                throw new InvalidValueException(key, "'" + name + "' is not supported");
            }
        }
    }

    /** The rule for everybody. */
    public static ClientRule forAll(AuthenticationMethod method) {
        return new ClientRule(
                method == AuthenticationMethod.CERT ? Type.HOSTSSL : Type.HOST,
                List.of(ALL),
                List.of(ALL),
                AddressRange.ALL,
                method);
    }

    /** Whether the rule is for a client. */
    public boolean isFor(boolean encrypted, String database, String user, InetAddress client) {
        boolean fitsType = type == Type.HOST || encrypted == (type == Type.HOSTSSL);
        return fitsType
                && databases.stream().anyMatch(name -> fitsDatabase(name, database, user))
                && users.stream().anyMatch(name -> name.equals(ALL) || name.equals(user))
                && address.contains(client);
    }

    private static boolean fitsDatabase(String name, String database, String user) {
        return name.equals(ALL) || name.equals(database) || (name.equals(SAME_USER) && database.equals(user));
    }

    /** Whether anyone at another machine could come in by it without a proof. */
    boolean trustsOthers() {
        return method == AuthenticationMethod.TRUST && !address.isLoopback();
    }
}
