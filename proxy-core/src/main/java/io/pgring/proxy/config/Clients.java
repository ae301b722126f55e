package io.pgring.proxy.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in, and as whom.
 *
 * @param rules the first that is for a client decides; for whom there is none does not come in
 * @param usersFile names and secrets; see {@link UsersFile}
 * @param authQuery SQL that asks the home shard for the secret of a user who is not in the file; null when it is not asked
 * @param serverUser as whom the proxy logs in to the shards
 * @param failedLoginsMax so many wrong passwords may come from one address within the next; 0 for any number
 * @param failedLoginsMillis how long a wrong password counts
 * @param admins users who may use the console
 * @param trustBeyondLoopback allows {@link AuthenticationMethod#TRUST} for an address that other machines can have
 */
public record Clients(
        List<ClientRule> rules,
        @Nullable Path usersFile,
        @Nullable String authQuery,
        ServerUser serverUser,
        int failedLoginsMax,
        long failedLoginsMillis,
        List<String> admins,
        boolean trustBeyondLoopback) {
    /** Trust, on loopback only. */
    public static final Clients DEFAULT = new Clients(AuthenticationMethod.TRUST, null, false);

    /** The query that needs no function in the database: for a configured user who is a superuser. */
    public static final String DEFAULT_AUTH_QUERY = "SELECT rolname, rolpassword, rolcanlogin, rolvaliduntil"
            + " FROM pg_catalog.pg_authid WHERE rolname OPERATOR(pg_catalog.=) $1";

    private static final int FAILED_LOGINS_MAX = 50;
    private static final long FAILED_LOGINS_MILLIS = 60_000;

    public Clients {
        rules = List.copyOf(rules);
        admins = List.copyOf(admins);
        if (rules.isEmpty()) {
            throw new InvalidValueException("rules", "at least one rule is needed");
        }
        InvalidValueException.unlessBetween("failedLoginsMax", failedLoginsMax, 0, 1_000_000);
        InvalidValueException.unlessBetween("failedLoginsMillis", failedLoginsMillis, 1, 86_400_000);
        for (ClientRule rule : rules) {
            if (rule.method().asksPassword() && usersFile == null && authQuery == null) {
                throw new InvalidValueException(
                        "usersFile",
                        "is needed when clients are asked by " + rule.method().word()
                                + ", unless authQuery asks the home shard");
            }
        }
        if (authQuery != null && !authQuery.contains("$1")) {
            throw new InvalidValueException("authQuery", "must have $1 where the name of the user is to stand");
        }
    }

    /** The same method for everybody, and everything else as it is by default. */
    public Clients(AuthenticationMethod method, @Nullable Path usersFile, boolean trustBeyondLoopback) {
        this(
                List.of(ClientRule.forAll(method)),
                usersFile,
                null,
                ServerUser.CONFIGURED,
                FAILED_LOGINS_MAX,
                FAILED_LOGINS_MILLIS,
                List.of(),
                trustBeyondLoopback);
    }

    /** Without anybody who may use the console. */
    public Clients(
            List<ClientRule> rules,
            @Nullable Path usersFile,
            @Nullable String authQuery,
            ServerUser serverUser,
            int failedLoginsMax,
            long failedLoginsMillis,
            boolean trustBeyondLoopback) {
        this(
                rules,
                usersFile,
                authQuery,
                serverUser,
                failedLoginsMax,
                failedLoginsMillis,
                List.of(),
                trustBeyondLoopback);
    }

    /** The same with secrets from the home shard. */
    public Clients withAuthQuery(@Nullable String query) {
        return new Clients(
                rules, usersFile, query, serverUser, failedLoginsMax, failedLoginsMillis, admins, trustBeyondLoopback);
    }

    /** The same with other users on the shards. */
    public Clients with(ServerUser user) {
        return new Clients(
                rules, usersFile, authQuery, user, failedLoginsMax, failedLoginsMillis, admins, trustBeyondLoopback);
    }

    /** The same with others who may use the console. */
    public Clients withAdmins(List<String> names) {
        return new Clients(
                rules,
                usersFile,
                authQuery,
                serverUser,
                failedLoginsMax,
                failedLoginsMillis,
                names,
                trustBeyondLoopback);
    }

    /** Whether nobody has to prove anything. */
    public boolean trustsEverybody() {
        return rules.stream().allMatch(rule -> rule.method() == AuthenticationMethod.TRUST);
    }
}
