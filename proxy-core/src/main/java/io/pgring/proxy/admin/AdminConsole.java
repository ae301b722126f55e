package io.pgring.proxy.admin;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.PoolUse;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.frontend.Console;
import io.pgring.proxy.frontend.ConsoleCommand;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The commands of the console, in PgBouncer's words where they fit. */
public final class AdminConsole implements Console {
    private final Supplier<ProxyStatus> status;
    private final Supplier<ReloadReport> reload;
    private final Executor blocking;
    private final List<ConsoleVerb> verbs = new ArrayList<>();

    /**
     * Made once, for all event loops.
     *
     * @param status how the proxy is doing, once it has begun
     * @param reload reads the configuration file again, and may block
     * @param blocking threads that may block
     * @param ring what changes the ring
     */
    public AdminConsole(
            Supplier<ProxyStatus> status, Supplier<ReloadReport> reload, Executor blocking, RingConsole ring) {
        this.status = status;
        this.reload = reload;
        this.blocking = blocking;
        verbs.add(ConsoleVerb.show(
                "HELP", "these commands", List.of("command", "summary"), () -> completedFuture(help())));
        verbs.add(ConsoleVerb.show(
                "VERSION",
                "of the proxy",
                List.of("version"),
                () -> completedFuture(List.of(List.of(status.get().version())))));
        verbs.add(ConsoleVerb.show(
                "SHARDS",
                "the servers, and the share of the ring that each owns",
                List.of("name", "host", "port", "database", "user", "weight", "membership", "state", "error", "share"),
                () -> completedFuture(each(this::shard))));
        verbs.add(ConsoleVerb.show(
                "RING",
                "the arcs of the ring, in order",
                List.of("from", "to", "shard"),
                () -> completedFuture(ring())));
        verbs.add(ConsoleVerb.show(
                "TABLES",
                "sharded and reference tables",
                List.of("table", "class", "key"),
                () -> completedFuture(tables())));
        verbs.add(ConsoleVerb.show(
                "POOLS",
                "server connections to each shard",
                List.of("shard", "open", "idle", "waiting", "kept"),
                () -> status.get().poolUse().thenApply(uses -> each(shard -> pool(shard, uses)))));
        verbs.add(ConsoleVerb.show(
                "STATS",
                "what each shard has answered",
                List.of("shard", "statements", "errors", "connections_opened", "connections_failed"),
                () -> completedFuture(each(this::counts))));
        verbs.add(ConsoleVerb.show(
                "TRANSACTIONS",
                "prepared parts of transactions that nobody can end yet",
                List.of("shard", "gid", "decides", "prepared"),
                () -> completedFuture(transactions())));
        verbs.add(new ConsoleVerb(
                "RELOAD",
                "reads the configuration file again",
                new ConsoleAction(List.of("key", "effect"), this::reload)));
        verbs.addAll(ring.verbs());
    }

    @Override
    public List<ConsoleCommand> read(byte[] text) throws Refusal {
        List<ConsoleCommand> commands = new ArrayList<>();
        for (ConsoleWords words : ConsoleWords.of(text)) {
            commands.add(read(words));
        }
        return commands;
    }

    private ConsoleCommand read(ConsoleWords words) throws Refusal {
        for (ConsoleVerb verb : verbs) {
            ConsoleCommand command = verb.read(words);
            if (command != null) {
                return command;
            }
        }
        ConsoleCommand ofDriver = ofDriver(words);
        if (ofDriver == null) {
            throw words.error();
        }
        return ofDriver;
    }

    /** What drivers say unasked. */
    private static @Nullable ConsoleCommand ofDriver(ConsoleWords words) {
        ConsoleCommand command = null;
        if (words.take("SET")) {
            command = ConsoleAction.tag("SET");
        } else if (words.take("BEGIN") || words.take("START", "TRANSACTION")) {
            command = ConsoleAction.tag("BEGIN");
        } else if (words.take("COMMIT") || words.take("END")) {
            command = ConsoleAction.tag("COMMIT");
        } else if (words.take("ROLLBACK")) {
            command = ConsoleAction.tag("ROLLBACK");
        } else if (words.take("DISCARD", "ALL")) {
            command = ConsoleAction.tag("DISCARD ALL");
        }
        return command;
    }

    private List<List<@Nullable String>> help() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        verbs.forEach(verb -> rows.add(List.of(verb.usage(), verb.summary())));
        return rows;
    }

    private List<List<@Nullable String>> each(Function<Shard, List<@Nullable String>> row) {
        List<List<@Nullable String>> rows = new ArrayList<>();
        status.get().topology().members().forEach(shard -> rows.add(row.apply(shard)));
        return rows;
    }

    private List<@Nullable String> shard(Shard shard) {
        ShardConfiguration configuration = shard.configuration();
        ShardState state = status.get().stateOf(shard);
        List<@Nullable String> row = new ArrayList<>(List.of(
                shard.name(),
                configuration.host(),
                Integer.toString(configuration.port()),
                configuration.database(),
                configuration.user(),
                Integer.toString(configuration.weight()),
                status.get().topology().placement().membershipOf(shard).word(),
                state.state()));
        row.add(state.error());
        row.add(String.format(Locale.ROOT, "%.4f", status.get().topology().shareOf(shard)));
        return row;
    }

    private List<List<@Nullable String>> ring() {
        Topology topology = status.get().topology();
        List<List<@Nullable String>> rows = new ArrayList<>();
        topology.ring()
                .arcs()
                .forEach(arc -> rows.add(List.of(
                        Long.toString(arc.from()),
                        Long.toString(arc.to()),
                        topology.ring().members().get(arc.member()).name())));
        return rows;
    }

    private List<List<@Nullable String>> tables() {
        Topology topology = status.get().topology();
        List<List<@Nullable String>> rows = new ArrayList<>();
        topology.catalog()
                .sharded()
                .forEach(table -> rows.add(List.of(
                        table.qualifiedName(),
                        "sharded",
                        String.valueOf(table.definition().keyColumn()))));
        topology.catalog().references().forEach(table -> {
            List<@Nullable String> row = new ArrayList<>(List.of(table.qualifiedName(), "reference"));
            row.add(null);
            rows.add(row);
        });
        return rows;
    }

    private List<List<@Nullable String>> transactions() {
        List<List<@Nullable String>> rows = new ArrayList<>();
        status.get()
                .inDoubt()
                .forEach(part -> rows.add(List.of(
                        part.shard(),
                        part.gid(),
                        part.decides(),
                        part.prepared().toString())));
        return rows;
    }

    private static List<@Nullable String> pool(Shard shard, List<PoolUse> uses) {
        PoolUse use = uses.get(shard.index());
        return List.of(
                shard.name(),
                Integer.toString(use.open()),
                Integer.toString(use.idle()),
                Integer.toString(use.waiting()),
                Integer.toString(use.kept()));
    }

    private List<@Nullable String> counts(Shard shard) {
        var metrics = status.get().metricsOf(shard);
        return List.of(
                shard.name(),
                Long.toString(metrics.exchanges()),
                Long.toString(metrics.errors()),
                Long.toString(metrics.connectionsOpened()),
                Long.toString(metrics.connectionsFailed()));
    }

    private CompletableFuture<ConsoleCommand.Answer> reload() {
        try {
            return CompletableFuture.supplyAsync(() -> answer(reload.get()), blocking);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new Refusal(ErrorResponse.error("57P01", "the proxy is shutting down")));
        }
    }

    private static ConsoleCommand.Answer answer(ReloadReport report) {
        String problem = report.error();
        if (problem != null) {
            ErrorResponse error = ErrorResponse.error("F0000", problem);
            throw new CompletionException(new Refusal(report.hint() == null ? error : error.hint(report.hint())));
        }
        List<List<@Nullable String>> rows = new ArrayList<>();
        report.applied().forEach(key -> rows.add(List.of(key, "in force")));
        report.restart().forEach(key -> rows.add(List.of(key, "after a restart")));
        return new ConsoleCommand.Answer("RELOAD", rows);
    }
}
