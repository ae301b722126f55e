package io.pgring.proxy.authentication;

import io.pgring.pgwire.auth.Secret;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.topology.ShardAccess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the home shard for the secrets of users, on a connection of its own that has no client's settings (CVE-2025-12819). Every login asks
 * anew, so that a changed password counts at once and an old one no longer; logins that wait for the same user share an answer. When the
 * shard can't be asked, what it said last counts for {@value #REMEMBERED_MINUTES} minutes, so that the other shards can still be used.
 *
 * <p>The query gives the name, the secret and, if it likes, whether the role may log in and until when the password is valid. For any
 * thread.
 */
public final class RoleQuery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoleQuery.class);
    private static final int REMEMBERED_MAX = 10_000;
    private static final int REMEMBERED_MINUTES = 10;
    private static final int ANSWER_MILLIS_MAX = 10_000;

    private static final int SECRET = 2;
    private static final int CAN_LOGIN = 3;
    private static final int VALID_UNTIL = 4;

    private final ShardConfiguration home;
    private final PoolConfiguration pool;
    private final ShardAccess access;
    private final ExecutorService thread;
    private final Map<String, CompletableFuture<Role>> asked = new LinkedHashMap<>();
    private final Map<String, Remembered> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };
    /** Used by the thread alone. */
    private @Nullable Connection connection;

    private String prepared = "";
    /** Why the shard could not be asked last; a new attempt is made a second later. */
    private @Nullable SQLException failure;

    private long failedNanos;

    private record Remembered(Role role, long sinceNanos) {}

    /** @param home the shard that is asked, as its configured user */
    public RoleQuery(ShardConfiguration home, PoolConfiguration pool, ShardAccess access, ThreadFactory threads) {
        this.home = home;
        this.pool = pool;
        this.access = access;
        this.thread = Executors.newSingleThreadExecutor(threads);
    }

    /**
     * Looks a user up.
     *
     * @param query SQL with {@code $1} for the name
     * @return fails when the shard can't be asked and nothing is remembered
     */
    CompletableFuture<Role> find(String query, String user) {
        CompletableFuture<Role> answer = new CompletableFuture<>();
        String question = query + '\0' + user;
        synchronized (asked) {
            CompletableFuture<Role> sameQuestion = asked.putIfAbsent(question, answer);
            if (sameQuestion != null) {
                return sameQuestion;
            }
        }
        try {
            thread.execute(() -> {
                synchronized (asked) {
                    asked.remove(question);
                }
                answer(query, user, answer);
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void answer(String query, String user, CompletableFuture<Role> answer) {
        try {
            Role role = askTwice(query, user);
            synchronized (remembered) {
                remembered.put(user, new Remembered(role, System.nanoTime()));
            }
            answer.complete(role);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("the home shard can't be asked for secrets shard={} error=\"{}\"", home.name(), e.getMessage());
            Role last = recall(user);
            if (last == null) {
                answer.completeExceptionally(e);
            } else {
                answer.complete(last);
            }
        }
    }

    private @Nullable Role recall(String user) {
        synchronized (remembered) {
            Remembered last = remembered.get(user);
            if (last == null) {
                return null;
            }
            long age = System.nanoTime() - last.sinceNanos();
            return age < TimeUnit.MINUTES.toNanos(REMEMBERED_MINUTES) ? last.role() : null;
        }
    }

    /** What is remembered of a user is not to be relied on: his login has failed. */
    void forget(String user) {
        synchronized (remembered) {
            remembered.remove(user);
        }
    }

    /** A connection that was open may have been lost while nobody asked: then a new one is tried. */
    private Role askTwice(String query, String user) throws SQLException {
        SQLException last = failure;
        if (last != null && System.nanoTime() - failedNanos < TimeUnit.SECONDS.toNanos(1)) {
            throw last;
        }
        boolean wasOpen = connection != null;
        try {
            return askOnce(query, user);
        } catch (SQLException e) {
            if (wasOpen && connection == null) {
                return askOnce(query, user);
            }
            throw e;
        }
    }

    /** An error of the query alone concerns nobody else. */
    private Role askOnce(String query, String user) throws SQLException {
        try {
            Role role = ask(query, user);
            failure = null;
            return role;
        } catch (SQLException e) {
            if (isLost(e)) {
                failure = e;
                failedNanos = System.nanoTime();
                disconnect();
            }
            throw e;
        }
    }

    private static boolean isLost(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57") || state.startsWith("53");
    }

    private Role ask(String query, String user) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = access.open(home, pool);
            connection = open;
            open.setNetworkTimeout(Runnable::run, ANSWER_MILLIS_MAX);
            prepared = "";
        }
        try (Statement statement = open.createStatement()) {
            statement.setEscapeProcessing(false);
            if (!prepared.equals(query)) {
                statement.execute("SET standard_conforming_strings = on; SET search_path = pg_catalog, pg_temp;"
                        + " DEALLOCATE ALL");
                statement.execute("PREPARE pgring_role (pg_catalog.text) AS " + query);
                prepared = query;
            }
            try (ResultSet row = statement.executeQuery("EXECUTE pgring_role ('" + user.replace("'", "''") + "')")) {
                return row.next() ? role(row) : Role.UNKNOWN;
            }
        }
    }

    private static Role role(ResultSet row) throws SQLException {
        int columns = row.getMetaData().getColumnCount();
        String secret = columns < SECRET ? null : row.getString(SECRET);
        boolean canLogin = columns < CAN_LOGIN || row.getBoolean(CAN_LOGIN);
        Timestamp until = columns < VALID_UNTIL ? null : row.getTimestamp(VALID_UNTIL);
        return new Role(
                secret == null || secret.isEmpty() ? null : Secret.parse(secret),
                canLogin,
                until == null ? Long.MAX_VALUE : until.getTime());
    }

    private void disconnect() {
        Connection lost = connection;
        connection = null;
        if (lost != null) {
            try {
                lost.close();
            } catch (SQLException e) {
                LOG.debug("closing a connection failed shard={}", home.name(), e);
            }
        }
    }

    @Override
    public void close() {
        try {
            thread.execute(this::disconnect);
        } catch (RejectedExecutionException e) {
            LOG.debug("closed already");
        }
        thread.shutdown();
    }
}
