package io.pgring.proxy.app;

import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ClientRule;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.Limits;
import io.pgring.proxy.config.Listen;
import io.pgring.proxy.config.MovesConfiguration;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.PoolModes;
import io.pgring.proxy.config.RingConfiguration;
import io.pgring.proxy.config.ServerUser;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.TableConfiguration;
import io.pgring.proxy.topology.ConfiguredTables;
import io.pgring.proxy.topology.ShardRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What a configuration file would say, of which there is none: the catalog of the home shard knows it. */
final class HomeConfiguration {
    private HomeConfiguration() {}

    /**
     * Asks the home shard for its own name, and the tables that the files of other proxies declare. Clients of other machines prove who they are
     * by the passwords that the home shard knows; everything else is the default.
     *
     * @param home its name is used when there is no catalog yet
     */
    static Configuration read(ShardConfiguration home, Listen listen) throws StartupException {
        try (Connection connection = ShardLogin.open(home, PoolConfiguration.DEFAULT)) {
            String name = ShardRows.homeName(connection, home.name());
            return of(
                    new ShardConfiguration(
                            name,
                            home.host(),
                            home.port(),
                            home.database(),
                            home.user(),
                            home.password(),
                            home.tls(),
                            home.weight()),
                    ConfiguredTables.read(connection),
                    listen);
        } catch (SQLException e) {
            throw new StartupException(
                    "the home shard can't be reached: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "Start the server, or mend --home.",
                    e);
        }
    }

    private static Configuration of(ShardConfiguration home, List<TableConfiguration> tables, Listen listen) {
        return new Configuration(
                listen,
                home.database(),
                clients(listen, home.user()),
                List.of(home),
                tables,
                RingConfiguration.DEFAULT,
                PoolConfiguration.DEFAULT,
                PoolModes.DEFAULT,
                Limits.DEFAULT,
                MovesConfiguration.DEFAULT,
                0);
    }

    private static Clients clients(Listen listen, String admin) {
        boolean trusts = listen.postgresql().isLoopback();
        return new Clients(
                List.of(ClientRule.forAll(trusts ? AuthenticationMethod.TRUST : AuthenticationMethod.SCRAM_SHA_256)),
                null,
                trusts ? null : Clients.DEFAULT_AUTH_QUERY,
                ServerUser.CONFIGURED,
                Clients.DEFAULT.failedLoginsMax(),
                Clients.DEFAULT.failedLoginsMillis(),
                List.of(admin),
                false);
    }
}
