package io.pgring.proxy.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgring.hashring.Ring;
import io.pgring.hashring.RingMember;
import io.pgring.hashring.Token;
import io.pgring.proxy.config.Configuration;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what the ring makes of a configuration: shares, and the shards of keys. Needs no server. */
@Command(
        name = "ring",
        description = "Show the share of each shard, and the token and shard of keys. Needs no server.",
        sortOptions = false,
        subcommands = PlanCommand.class)
final class RingCommand implements Callable<Integer> {
    /** How the text of a key becomes a token. */
    enum KeyType {
        text,
        integer,
        uuid
    }

    /** One line of the shares, as in {@code --json}. */
    record ShardShare(String shard, int weight, double share) {}

    /** One key, as in {@code --json}. */
    record KeyPlace(String key, long token, String shard) {}

    /** Everything, as in {@code --json}. */
    record RingView(int pointsPerWeight, List<ShardShare> shards, List<KeyPlace> keys) {}

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigurationFile file = new ConfigurationFile();

    @Option(
            names = "--type",
            defaultValue = "text",
            description = "Type of the key column: text (also varchar), integer (also smallint, bigint), uuid"
                    + " (default: ${DEFAULT-VALUE}).")
    private KeyType type = KeyType.text;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Parameters(paramLabel = "KEY", description = "Keys to look up.")
    private List<String> keys = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Configuration configuration = file.load();
        RingView view = view(configuration.ring().of(configuration.shards()));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            printJson(out, view);
        } else {
            printText(out, view);
        }
        return ExitCode.OK;
    }

    private RingView view(Ring ring) throws CommandException {
        List<ShardShare> shares = new ArrayList<>();
        for (int i = 0; i < ring.members().size(); i++) {
            RingMember member = ring.members().get(i);
            shares.add(new ShardShare(member.name(), member.weight(), ring.shareOf(i)));
        }
        List<KeyPlace> places = new ArrayList<>();
        for (String key : keys) {
            int token = token(key);
            String shard = ring.members().get(ring.ownerOf(token)).name();
            places.add(new KeyPlace(key, Token.toUnsigned(token), shard));
        }
        return new RingView(ring.pointsPerWeight(), shares, places);
    }

    private int token(String key) throws CommandException {
        try {
            return switch (type) {
                case text -> Token.ofText(key);
                case integer -> Token.ofLong(Long.parseLong(key));
                case uuid -> {
                    UUID uuid = UUID.fromString(key);
                    yield Token.ofUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
                }
            };
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.USAGE, "'" + key + "' is not a key of type " + type, "Choose another with --type.", e);
        }
    }

    private static void printText(PrintWriter out, RingView view) {
        BarChart chart = new BarChart();
        for (ShardShare share : view.shards()) {
            chart.add(share.shard(), share.share(), share.weight() == 1 ? "" : "weight " + share.weight());
        }
        chart.lines(Terminal.showsBlocks()).forEach(out::println);
        for (KeyPlace place : view.keys()) {
            out.println(place.key() + "  token " + place.token() + "  " + place.shard());
        }
    }

    private static void printJson(PrintWriter out, RingView view) throws JsonProcessingException {
        out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(view));
    }
}
