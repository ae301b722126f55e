package io.pgring.proxy.config;

import io.pgring.hashring.Ring;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Everything that the proxy is told, valid as a whole.
 *
 * @param database name of the database that clients connect to
 * @param shards at least one; names differ (also in more than case)
 * @param tables the sharded and the reference tables
 * @param modes how long clients keep server connections
 * @param moves how rows are moved
 * @param threads event loops; 0 lets the proxy choose
 */
public record Configuration(
        Listen listen,
        String database,
        Clients clients,
        List<ShardConfiguration> shards,
        List<TableConfiguration> tables,
        RingConfiguration ring,
        PoolConfiguration pool,
        PoolModes modes,
        Limits limits,
        MovesConfiguration moves,
        int threads) {
    /** Name of the database that clients connect to unless told otherwise. */
    public static final String DEFAULT_DATABASE = "postgres";

    /** The database in which administrators talk to the proxy itself. */
    public static final String CONSOLE_DATABASE = "pgring";

    public Configuration {
        shards = List.copyOf(shards);
        tables = List.copyOf(tables);
        InvalidValueException.ifBlank("database", database);
        if (database.equals(CONSOLE_DATABASE)) {
            throw new InvalidValueException("database", "must not be " + CONSOLE_DATABASE + ", which is the console");
        }
        InvalidValueException.unlessBetween("threads", threads, 0, 1_024);
        checkShards(shards);
        checkRing(shards, ring);
        checkTables(tables);
        checkTrust(listen, clients);
        checkCertificates(listen, clients);
    }

    /** The same with other shards and another ring. */
    public Configuration withShards(List<ShardConfiguration> others, RingConfiguration otherRing) {
        return new Configuration(
                listen, database, clients, others, tables, otherRing, pool, modes, limits, moves, threads);
    }

    private static void checkCertificates(Listen listen, Clients clients) {
        boolean wanted = clients.rules().stream().anyMatch(rule -> rule.method() == AuthenticationMethod.CERT);
        if (wanted && (listen.tls().mode() == TlsMode.DISABLE || listen.tls().clientCa() == null)) {
            throw new InvalidValueException(
                    "listen.tls.clientCa", "is needed, with a certificate, when clients are asked by cert");
        }
    }

    private static void checkTrust(Listen listen, Clients clients) {
        if (listen.postgresql().isLoopback() || clients.trustBeyondLoopback()) {
            return;
        }
        for (int i = 0; i < clients.rules().size(); i++) {
            ClientRule rule = clients.rules().get(i);
            if (rule.equals(ClientRule.forAll(AuthenticationMethod.TRUST))) {
                throw new InvalidValueException(
                        "listen.postgresql",
                        "anyone who can reach " + listen.postgresql()
                                + " could come in, since clients.authentication is"
                                + " trust: use scram-sha-256, listen on 127.0.0.1, or set clients.trustBeyondLoopback: true");
            }
            if (rule.trustsOthers()) {
                throw new InvalidValueException(
                        "clients.rules[" + i + "].method",
                        "trust would let clients on other machines in without a proof: use another method, address:"
                                + " samehost, or set clients.trustBeyondLoopback: true");
            }
        }
    }

    private static void checkShards(List<ShardConfiguration> shards) {
        if (shards.isEmpty()) {
            throw new InvalidValueException("shards", "at least one shard is needed");
        }
        Set<String> names = new HashSet<>();
        Set<String> places = new HashSet<>();
        for (int i = 0; i < shards.size(); i++) {
            ShardConfiguration shard = shards.get(i);
            if (!names.add(shard.name().toLowerCase(Locale.ROOT))) {
                throw new InvalidValueException(
                        "shards[" + i + "].name", "'" + shard.name() + "' is the name of another shard");
            }
            String place = shard.host() + " port " + shard.port() + " database " + shard.database();
            if (!places.add(place)) {
                throw new InvalidValueException("shards[" + i + "]", "another shard is at " + place + " already");
            }
        }
    }

    private static void checkRing(List<ShardConfiguration> shards, RingConfiguration ring) {
        InvalidValueException.unlessBetween("shards", shards.size(), 1, Ring.MEMBERS_MAX);
        long weight = shards.stream().mapToLong(ShardConfiguration::weight).sum();
        if (weight * ring.pointsPerWeight() > Ring.POINTS_MAX) {
            throw new InvalidValueException(
                    "ring.pointsPerWeight",
                    "must be at most " + Ring.POINTS_MAX / weight + " for shards of a total weight of " + weight);
        }
    }

    private static void checkTables(List<TableConfiguration> tables) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < tables.size(); i++) {
            TableConfiguration table = tables.get(i);
            if (!names.add(table.schema() + "\0" + table.name())) {
                throw new InvalidValueException(
                        "tables[" + i + "].name", "table " + table.schema() + "." + table.name() + " is listed twice");
            }
        }
    }
}
