package io.pgring.proxy.app;

import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.tls.TlsFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Logs in to a shard with JDBC, as the command line does for its checks. */
final class ShardLogin {
    private static final int ANSWER_SECONDS_MAX = 60;

    private ShardLogin() {}

    /** A connection, within the time that the pool gives itself. */
    static Connection open(ShardConfiguration shard, PoolConfiguration pool) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", shard.user());
        if (shard.password() != null) {
            properties.setProperty("password", shard.password());
        }
        properties.setProperty("ApplicationName", "pgring check");
        long seconds = Math.max(1, TimeUnit.MILLISECONDS.toSeconds(pool.connectMillisMax()));
        properties.setProperty("connectTimeout", Long.toString(seconds));
        properties.setProperty("loginTimeout", Long.toString(seconds));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS_MAX));
        properties.setProperty("PGDBNAME", shard.database());
        if (shard.isUnixDomainSocket()) {
            properties.setProperty("socketFactory", UnixDomainSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", shard.host() + "/.s.PGSQL." + shard.port());
            properties.setProperty("sslmode", "disable");
            return open("localhost", shard, properties);
        }
        ShardTlsProperties.put(shard.tls(), properties);
        String host = shard.host().indexOf(':') >= 0 ? "[" + shard.host() + "]" : shard.host();
        try {
            return open(host, shard, properties);
        } catch (SQLException e) {
            if (!TlsFailure.isOne(e)) {
                throw e;
            }
            if (shard.tls().mode() == TlsMode.PREFER) {
                properties.setProperty("sslmode", "disable");
                return open(host, shard, properties);
            }
            throw new SQLException("TLS with the server failed: " + TlsFailure.reason(e), e.getSQLState(), e);
        }
    }

    private static Connection open(String host, ShardConfiguration shard, Properties properties) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + shard.port() + "/", properties);
    }
}
