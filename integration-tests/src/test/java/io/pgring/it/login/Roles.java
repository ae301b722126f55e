package io.pgring.it.login;

import io.pgring.it.support.Servers;
import java.sql.SQLException;

/** Makes roles on all servers, with the same secret on each, and says how the servers ask for it. */
final class Roles {
    private final Servers servers;

    Roles(Servers servers) {
        this.servers = servers;
    }

    /** A role whose password is kept in this form: as the first server has made it, byte by byte on all. */
    void create(String user, String encryption, String password) throws SQLException {
        servers.executeEverywhere("CREATE ROLE " + user + " LOGIN");
        change(user, encryption, password);
    }

    /** Another password. */
    void change(String user, String encryption, String password) throws SQLException {
        servers.execute(
                0,
                "SET password_encryption = '" + encryption + "'; ALTER ROLE " + user + " PASSWORD '" + password + "'");
        servers.executeEverywhere("ALTER ROLE " + user + " PASSWORD '" + secret(0, user) + "'");
    }

    /** What a server keeps of the password. */
    String secret(int shard, String user) throws SQLException {
        return servers.value(shard, "SELECT rolpassword FROM pg_authid WHERE rolname = '" + user + "'");
    }

    /** Replaces pg_hba.conf. The server writes the file itself, so that it is its own and nobody else can read it. */
    void ask(String rules) throws SQLException {
        servers.executeEverywhere("COPY (SELECT unnest(string_to_array('" + rules.strip()
                + "', E'\\n'))) TO PROGRAM 'umask 077; cat > pg_hba.conf'");
        for (int shard = 0; shard < servers.shards().size(); shard++) {
            servers.value(shard, "SELECT pg_reload_conf()");
        }
    }
}
