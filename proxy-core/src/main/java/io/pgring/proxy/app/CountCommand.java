package io.pgring.proxy.app;

import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.reshard.ShardAdministration;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts keys by what they begin with: as a client sees them, and where they are. */
@Command(
        name = "count",
        description = {
            "Count the keys that begin with a prefix: through the proxy, and on each shard itself.",
            "The password for the proxy is taken from PGPASSWORD."
        },
        sortOptions = false)
final class CountCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private ProxyOptions proxy = new ProxyOptions();

    @Option(
            names = "--table",
            defaultValue = "kv",
            description = "A sharded table, in schema public if none is named (default: ${DEFAULT-VALUE}).")
    private String table = "";

    @Parameters(paramLabel = "PREFIX", arity = "1..*", description = "What keys begin with; a column for each.")
    private List<String> prefixes = List.of();

    @Override
    public Integer call() throws Exception {
        proxy.check(spec);
        Configuration configuration = home.load();
        ShardAdministration administration = HomeOptions.administration(configuration);
        KeyCount count = KeyCount.of(table, prefixes, administration.state().topology());
        Map<String, List<Long>> byShard = count.onShards(administration, configuration.pool());
        List<Long> through = throughProxy(count);
        PrintWriter out = spec.commandLine().getOut();
        out.println(line("", prefixes));
        out.println(line("proxy", texts(through)));
        byShard.forEach((shard, counts) -> out.println(line(shard, texts(counts))));
        out.flush();
        return ExitCode.OK;
    }

    private List<Long> throughProxy(KeyCount count) throws SQLException, CommandException {
        Connection connection;
        try {
            connection = DriverManager.getConnection(proxy.target(), proxy.properties("pgring count"));
        } catch (SQLException e) {
            throw ProxyOptions.unreachable(e);
        }
        try (connection) {
            return count.through(connection);
        }
    }

    private static List<String> texts(List<Long> counts) {
        return counts.stream()
                .map(count -> String.format(Locale.ROOT, "%,d", count))
                .toList();
    }

    private String line(String name, List<String> columns) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-18s", name));
        for (int i = 0; i < columns.size(); i++) {
            int width = Math.max(12, prefixes.get(i).length());
            line.append(String.format(Locale.ROOT, " %" + width + "s", columns.get(i)));
        }
        return line.toString();
    }
}
