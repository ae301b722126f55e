package io.pgring.it.reshard;

import io.pgring.hashring.Token;
import io.pgring.it.support.Servers;
import io.pgring.it.support.Sql;
import io.pgring.proxy.config.TableConfiguration;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rows of tables with all kinds of columns, and clients that write them. Each client has keys of its own and remembers what it has committed, so
 * that all rows can be compared with what they must be.
 */
final class MovingRows {
    static final List<TableConfiguration> TABLES =
            List.of(TableConfiguration.parse("items", "owner"), TableConfiguration.parse("named", "name"));

    private static final int CLIENTS = 4;
    private static final int OWNERS = 60;
    private static final int PARTS = 6;

    private static final String DDL = """
            DROP SCHEMA IF EXISTS pgring CASCADE; DROP SCHEMA IF EXISTS app CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;
            CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TYPE pair AS (a int, b text);
            """;

    private static final String ITEMS = """
            CREATE TABLE items (%s, PRIMARY KEY (owner, part), UNIQUE (owner, slot));
            CREATE TABLE named (name varchar(40) COLLATE "C", n numeric, PRIMARY KEY (name, n)) PARTITION BY HASH (name);
            CREATE TABLE named_0 PARTITION OF named FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE named_1 PARTITION OF named FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            INSERT INTO items (owner, part, slot, value) SELECT o, p, p, o * 10 + p
                FROM generate_series(0, %d) o, generate_series(0, 2) p WHERE %s;
            INSERT INTO named SELECT 'name ' || o, 1.50 FROM generate_series(0, 300) o WHERE %s
            """;

    /** On one server the columns come in another order, after one that was dropped. */
    private static final List<String> COLUMNS = List.of(
            "owner bigint",
            "part int",
            "slot int",
            "value bigint",
            "number bigint GENERATED ALWAYS AS IDENTITY",
            "price numeric(12,3) DEFAULT 1.5",
            "at timestamptz DEFAULT '2024-02-29 12:00:00.123456+01'",
            "took interval DEFAULT '1 mon -3 days 00:00:00.5'",
            "moods mood[] DEFAULT '{sad,NULL}'",
            "twin pair DEFAULT '(1,\"a,\\\\\"\"b\")'",
            "bytes bytea DEFAULT '\\x00ff5c0a'",
            "ratio float8 DEFAULT 0.1::float8 + 0.2",
            "note text DEFAULT E'tab\\t\\\\N\\n''\"'",
            "nothing text",
            "twice bigint GENERATED ALWAYS AS (value * 2) STORED");

    private final MovingServers servers;
    private final Map<String, Long> items = new ConcurrentHashMap<>();
    private final AtomicLong written = new AtomicLong();

    private MovingRows(MovingServers servers) {
        this.servers = servers;
    }

    /** Makes the tables anew. */
    static void define(Servers servers) throws SQLException {
        servers.executeEverywhere(DDL);
    }

    static MovingRows fill(MovingServers servers) throws SQLException {
        for (int shard = 0; shard < 3; shard++) {
            List<String> columns = new ArrayList<>(COLUMNS);
            if (shard == 2) {
                Collections.reverse(columns);
            }
            String owned = "'" + servers.servers().value(0, "SELECT arcs FROM pgring.shards WHERE position = " + shard)
                    + "'::int8multirange";
            servers.servers()
                    .execute(
                            shard,
                            ITEMS.formatted(
                                    String.join(", ", columns),
                                    OWNERS - 1,
                                    "hashint8(o)::bigint & 4294967295 <@ " + owned,
                                    "hashtext('name ' || o)::bigint & 4294967295 <@ " + owned));
        }
        MovingRows rows = new MovingRows(servers);
        for (long owner = 0; owner < OWNERS; owner++) {
            for (int part = 0; part < 3; part++) {
                rows.items.put(owner + "/" + part, owner * 10 + part);
            }
        }
        return rows;
    }

    /** How many transactions clients have committed. */
    long written() {
        return written.get();
    }

    /** Something to do while clients write. */
    interface Task {
        void run() throws Exception;
    }

    /** Clients write until the task is done. */
    void whileClientsWrite(Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        AtomicBoolean stop = new AtomicBoolean();
        List<Future<?>> clients = new ArrayList<>();
        try {
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                clients.add(threads.submit(() -> {
                    write(number, stop);
                    return null;
                }));
            }
            task.run();
        } finally {
            stop.set(true);
            threads.shutdown();
        }
        for (Future<?> client : clients) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a client has failed", e.getCause());
            }
        }
    }

    private void write(int client, AtomicBoolean stop) throws Exception {
        Random random = new Random(client);
        List<Connection> connections = new ArrayList<>();
        try {
            for (int shard = 0; shard < 3; shard++) {
                connections.add(servers.servers().connect(shard));
            }
            while (!stop.get()) {
                long owner = random.nextInt(OWNERS / CLIENTS) * (long) CLIENTS + client;
                writeOnce(connections, owner, random);
            }
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    private void writeOnce(List<Connection> connections, long owner, Random random) throws SQLException {
        int token = Token.ofLong(owner);
        servers.begin();
        boolean working = true;
        try {
            while (servers.placement().isPaused(token)) {
                servers.end();
                working = false;
                servers.refresh();
                servers.begin();
                working = true;
            }
            Connection connection = connections.get(servers.shardOf(token));
            connection.setAutoCommit(false);
            Map<String, Long> changes = change(connection, owner, random);
            connection.commit();
            changes.forEach((key, value) -> {
                if (value < 0) {
                    items.remove(key);
                } else {
                    items.put(key, value);
                }
            });
            written.incrementAndGet();
        } finally {
            if (working) {
                servers.end();
            }
        }
    }

    /** One of several things that a transaction does. @return what has become of keys; -1 for deleted */
    private Map<String, Long> change(Connection connection, long owner, Random random) throws SQLException {
        int part = random.nextInt(PARTS);
        String key = owner + "/" + part;
        long value = random.nextInt(1_000_000);
        String where = " WHERE owner = " + owner + " AND part = " + part;
        Map<String, Long> changes = new TreeMap<>();
        if (!items.containsKey(key)) {
            Sql.execute(
                    connection,
                    "INSERT INTO items (owner, part, slot, value) VALUES (" + owner + ", " + part
                            + ", (SELECT coalesce(max(slot), 0) + 1 FROM items WHERE owner = " + owner + "), " + value
                            + ")");
            changes.put(key, value);
            return changes;
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                Sql.execute(connection, "DELETE FROM items" + where);
                changes.put(key, -1L);
            }
            case 1 -> {
                int other = random.nextInt(PARTS) + PARTS;
                Sql.execute(connection, "UPDATE items SET part = " + other + where);
                Sql.execute(
                        connection,
                        "UPDATE items SET part = " + part + " WHERE owner = " + owner + " AND part = " + other);
            }
            case 2 -> {
                // Two rows exchange what is unique.
                Sql.execute(connection, "UPDATE items SET slot = slot + 1000 WHERE owner = " + owner);
                Sql.execute(
                        connection,
                        "UPDATE items SET slot = x.n FROM (SELECT part AS p, row_number() OVER (ORDER BY random()) AS n"
                                + " FROM items WHERE owner = " + owner + ") x WHERE owner = " + owner
                                + " AND part = x.p");
            }
            default -> {
                Sql.execute(connection, "UPDATE items SET value = " + value + where);
                changes.put(key, value);
            }
        }
        return changes;
    }

    /** In what the rows of all servers differ from what they must be; empty when they don't. */
    String difference() throws SQLException {
        Map<String, String> found = new TreeMap<>();
        StringBuilder problems = new StringBuilder();
        long names = 0;
        for (int shard = 0; shard < 3; shard++) {
            try (Connection connection = servers.servers().connect(shard);
                    Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT owner, part, value, twice, ROW(price, at, took, moods,"
                                    + " twin, bytes, ratio, note, nothing)::text FROM items")) {
                while (row.next()) {
                    String key = row.getLong(1) + "/" + row.getInt(2);
                    if (found.put(key, row.getString(3)) != null) {
                        problems.append(key).append(" is there twice; ");
                    }
                    if (servers.shardOf(Token.ofLong(row.getLong(1))) != shard) {
                        problems.append(key)
                                .append(" is on shard ")
                                .append(shard)
                                .append("; ");
                    }
                    if (row.getLong(4) != 2 * row.getLong(3)
                            || !row.getString(5).equals(columns())) {
                        problems.append(key)
                                .append(" is ")
                                .append(row.getString(5))
                                .append("; ");
                    }
                }
            }
            names += Long.parseLong(servers.servers().value(shard, "SELECT count(*) FROM named"));
        }
        Map<String, String> expected = new TreeMap<>();
        items.forEach((key, value) -> expected.put(key, value.toString()));
        if (!found.equals(expected)) {
            problems.append("expected ").append(expected).append(" but found ").append(found);
        }
        if (names != 301) {
            problems.append("there are ").append(names).append(" names");
        }
        return problems.toString();
    }

    private String columns() throws SQLException {
        if (defaults.isEmpty()) {
            defaults = servers.servers()
                    .value(
                            0,
                            "SELECT ROW(1.5::numeric(12,3), '2024-02-29 12:00:00.123456+01'::timestamptz,"
                                    + " '1 mon -3 days 00:00:00.5'::interval, '{sad,NULL}'::mood[], '(1,\"a,\\\\\"\"b\")'::pair,"
                                    + " '\\x00ff5c0a'::bytea, 0.1::float8 + 0.2, E'tab\\t\\\\N\\n''\"', NULL)::text");
        }
        return defaults;
    }

    private String defaults = "";
}
