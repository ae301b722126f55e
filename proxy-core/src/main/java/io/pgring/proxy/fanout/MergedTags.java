package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.CommandComplete;
import java.util.List;

/** The command tag of a statement of which each shard has done its part. */
final class MergedTags {
    private MergedTags() {}

    /**
     * The tags of the statements, in order.
     *
     * @param runs which have all come to their end
     * @param rows how many were merged since the last Execute; negative when none are
     */
    static List<String> of(List<ShardRun> runs, Reply reply, long rows) {
        List<String> first = runs.get(0).tags();
        if (first.isEmpty()) {
            return first;
        }
        String tag = first.get(0);
        if (rows >= 0 && tag.startsWith("SELECT ")) {
            return List.of("SELECT " + rows);
        }
        long sum = 0;
        for (ShardRun run : runs) {
            sum += new CommandComplete(run.tags().get(0)).rows();
        }
        boolean asUpdate =
                reply instanceof Reply.InOrder inOrder && inOrder.command().equals("UPDATE");
        return List.of((asUpdate ? "UPDATE " : tag.substring(0, tag.lastIndexOf(' ') + 1)) + sum);
    }
}
