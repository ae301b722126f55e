package io.pgring.proxy.fanout;

import io.pgring.pgsql.copy.CopyCommand;
import io.pgring.pgwire.backend.CopyInResponse;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.copy.CopyFormat;
import io.pgring.proxy.copy.CopyKeyColumn;
import io.pgring.proxy.copy.CopyRowSplitter;
import io.pgring.proxy.copy.CopyRows;
import io.pgring.proxy.topology.ShardedTable;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Makes the splitter for a COPY that the servers have agreed to, or says why its rows can't be told apart. */
final class CopySplitters {
    private static final String FEATURE_NOT_SUPPORTED = "0A000";
    /** The version whose csv knows no end marker. */
    private static final int WITHOUT_END_MARKER = 18;

    private CopySplitters() {}

    /**
     * The splitter.
     *
     * @param runs whose servers wait for the data
     * @throws CopyRefusal when there is none
     */
    static CopyRowSplitter splitter(Reply.CopiedIn reply, List<ShardRun> runs, CopyRows rows) {
        CopyCommand command = reply.command();
        requireKnown(command);
        if (!command.utf8()) {
            throw refusal("Keys are hashed as UTF-8 text, and the data has another encoding.");
        }
        ShardedTable table = Objects.requireNonNull(reply.placement()).table();
        String key = table.definition().keyColumn();
        List<String> columns = command.columns().isEmpty() ? table.copiedColumns() : command.columns();
        for (ShardRun run : runs) {
            CopyInResponse response = Objects.requireNonNull(run.copyInResponse());
            if (response.columnFormats().length != columns.size() || !columns.contains(key)) {
                throw refusal("Table \"" + table.qualifiedName() + "\" has other columns on shard \""
                        + run.shard().name() + "\" than the proxy has last seen.");
            }
        }
        CopyKeyColumn keyColumn = new CopyKeyColumn(
                key,
                columns.indexOf(key),
                columns.size(),
                command.forceNotNull().contains(key),
                command.forceNull().contains(key));
        return CopyRowSplitter.of(format(command, runs), keyColumn, reply.rowBytesMax(), rows);
    }

    /** Refuses a COPY whose data may mean something that is not known here. */
    static void requireKnown(CopyCommand command) {
        if (command.unknown() != null) {
            throw refusal("What the data means with an option " + command.unknown() + " is not known to the proxy.");
        }
    }

    private static CopyFormat format(CopyCommand command, List<ShardRun> runs) {
        return switch (command.format()) {
            case TEXT -> new CopyFormat.Text(command.delimiter(), command.nullText(), command.header());
            case BINARY -> new CopyFormat.Binary();
            case CSV -> {
                if (command.quote() == '\\') {
                    throw refusal("With a backslash as the quote the end marker is ambiguous.");
                }
                yield new CopyFormat.Csv(
                        command.delimiter(),
                        command.nullText(),
                        command.quote(),
                        command.escape(),
                        command.header(),
                        hasEndMarker(runs));
            }
        };
    }

    private static boolean hasEndMarker(List<ShardRun> runs) {
        TreeSet<Boolean> answers = new TreeSet<>();
        for (ShardRun run : runs) {
            ServerConnection server = run.server();
            if (server != null) {
                answers.add(majorVersion(server) < WITHOUT_END_MARKER);
            }
        }
        if (answers.size() > 1) {
            throw refusal("The shards have versions of PostgreSQL that read csv differently.");
        }
        return answers.contains(true);
    }

    private static int majorVersion(ServerConnection server) {
        String version = server.parameters().getOrDefault("server_version", "");
        int end = 0;
        while (end < version.length() && Character.isDigit(version.charAt(end))) {
            end++;
        }
        return end == 0 || end > 4 ? 0 : Integer.parseInt(version.substring(0, end));
    }

    private static CopyRefusal refusal(String reason) {
        return new CopyRefusal(ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED, "COPY of a sharded table can't be split by key with these options")
                .detail(reason)
                .hint("Leave the option out, or COPY into a table that is not sharded first."));
    }
}
