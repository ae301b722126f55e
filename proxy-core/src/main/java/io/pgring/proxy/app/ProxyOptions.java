package io.pgring.proxy.app;

import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How commands find the PostgreSQL port of a proxy. The password is taken from PGPASSWORD. */
final class ProxyOptions {
    private static final int CONNECT_SECONDS_MAX = 15;
    private static final int ANSWER_SECONDS_MAX = 120;

    @Option(names = "--url", paramLabel = "JDBC", description = "Where to, as a JDBC URL; replaces the next four.")
    private @Nullable String url;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(names = "--port", defaultValue = "6432", description = "Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--database", defaultValue = "postgres", description = "Default: ${DEFAULT-VALUE}.")
    private String database = "";

    @Option(names = "--user", defaultValue = "${env:PGUSER:-postgres}", description = "Default: PGUSER, or postgres.")
    private String user = "";

    /** Fails for what can't be an address. */
    void check(CommandSpec spec) {
        if (port < 1 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port must be between 1 and 65535");
        }
        if (url != null && !url.startsWith("jdbc:postgresql:")) {
            throw new ParameterException(spec.commandLine(), "--url must start with jdbc:postgresql:");
        }
    }

    /** As a JDBC URL. */
    String target() {
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return url != null ? url : "jdbc:postgresql://" + bracketed + ":" + port + "/" + database;
    }

    /** Of the connection. */
    Properties properties(String applicationName) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS_MAX));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS_MAX));
        if (url == null) {
            properties.setProperty("user", user);
        }
        String password = System.getenv("PGPASSWORD");
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    /** Nobody listens there, or lets nobody in. */
    static CommandException unreachable(SQLException cause) {
        return new CommandException(
                ExitCode.FAILED,
                "can't connect: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
                "Is the proxy running? pgring demo starts one.",
                cause);
    }
}
