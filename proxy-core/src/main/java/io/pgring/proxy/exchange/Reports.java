package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.backend.ShardHealth;
import io.pgring.proxy.config.BuildVersion;
import io.pgring.proxy.routing.PlannedStatement.Report;
import io.pgring.proxy.routing.Planner;
import io.pgring.proxy.topology.Shard;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * SHOW of what the proxy knows: {@code pgring.version}, {@code pgring.shards}, and {@code pgring.plans}, the plans of the client's event
 * loop; and SELECT of {@code pg_listening_channels()}. All columns are text, whose two formats are the same.
 */
final class Reports {
    private static final int TEXT = 25;
    private static final int VARYING = -1;

    private Reports() {}

    /** The columns. */
    static RowDescription columns(Report report) {
        Stream<String> names = switch (report.subject()) {
            case PLANS -> Stream.of("statement", "route", "reason", "hits");
            case SHARDS -> Stream.of("name", "host", "port", "state", "share");
            case VERSION -> Stream.of("pgring.version");
            case LISTENING_CHANNELS -> Stream.of("pg_listening_channels");
        };
        return new RowDescription(names.map(name -> new RowDescription.Field(name, 0, 0, TEXT, VARYING, VARYING, 0))
                .toList());
    }

    /** Says the rows, and that they are all. */
    static void run(Exchange exchange, Planner planner, Report report) {
        if (exchange.isAborted()) {
            exchange.refuse(Transaction.aborted());
            return;
        }
        List<List<String>> rows = rows(exchange, planner, report);
        for (List<String> row : rows) {
            exchange.say(DataRow.ofText(row.toArray(String[]::new)));
        }
        boolean selected = report.subject() == Report.Subject.LISTENING_CHANNELS;
        exchange.say(new CommandComplete(selected ? "SELECT " + rows.size() : "SHOW"));
    }

    private static List<List<String>> rows(Exchange exchange, Planner planner, Report report) {
        return switch (report.subject()) {
            case PLANS -> planner.plans();
            case SHARDS ->
                planner.topology().members().stream()
                        .map(shard -> row(exchange, planner, shard))
                        .toList();
            case VERSION -> List.of(List.of(BuildVersion.text()));
            case LISTENING_CHANNELS ->
                exchange.variables().channels().stream().map(List::of).toList();
        };
    }

    private static List<String> row(Exchange exchange, Planner planner, Shard shard) {
        ShardHealth health = exchange.connections().health(shard);
        return List.of(
                shard.name(),
                shard.configuration().host(),
                Integer.toString(shard.configuration().port()),
                health.isUp() ? "up" : health.isDown() ? "down" : "unknown",
                String.format(Locale.ROOT, "%.4f", planner.topology().shareOf(shard)));
    }
}
