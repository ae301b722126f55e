package io.pgring.proxy.authentication;

import io.pgring.pgwire.auth.Secret;
import io.pgring.proxy.config.ClientRule;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.config.UsersFile;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All by which it is decided who comes in, as it was read at one moment. Immutable.
 *
 * @param clients rules and limits
 * @param users the secrets of the users file, by name
 */
public record AuthenticationSettings(Clients clients, Map<String, Secret> users) {
    public AuthenticationSettings {
        users = Map.copyOf(users);
    }

    /** Reads the users file, if there is one. A plain password in it takes milliseconds. */
    public static AuthenticationSettings load(Clients clients) throws ConfigurationException {
        return new AuthenticationSettings(
                clients, clients.usersFile() == null ? Map.of() : UsersFile.load(clients.usersFile()));
    }

    /** The first rule that is for a client; null when there is none. */
    public @Nullable ClientRule ruleFor(boolean encrypted, String database, String user, InetAddress address) {
        for (ClientRule rule : clients.rules()) {
            if (rule.isFor(encrypted, database, user, address)) {
                return rule;
            }
        }
        return null;
    }

    /** Whether those who are asked by md5 are seldom asked by SCRAM instead: strangers are then asked like most users. */
    public boolean mostlyMd5() {
        long verifiers =
                users.values().stream().filter(Secret.Scram.class::isInstance).count();
        return clients.authQuery() == null && verifiers * 2 < users.size();
    }
}
