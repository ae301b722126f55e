package io.pgring.proxy.recovery;

import io.pgring.proxy.topology.GlobalTransaction;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Transactions that clients may know to be committed, by the names of the shards that may still hold a prepared part: whoever read there would not
 * see what is committed. For any thread.
 */
final class UnfinishedCommits {
    private final Map<String, Set<GlobalTransaction>> byShard = new HashMap<>();

    /** A shard may hold a part. @return whether that is new */
    synchronized boolean add(String shard, GlobalTransaction transaction) {
        return byShard.computeIfAbsent(shard, name -> new LinkedHashSet<>()).add(transaction);
    }

    /** A shard has been told of them. */
    synchronized void remove(String shard, Set<GlobalTransaction> transactions) {
        byShard.computeIfPresent(shard, (name, left) -> {
            left.removeAll(transactions);
            return left.isEmpty() ? null : left;
        });
    }

    synchronized boolean contains(GlobalTransaction transaction) {
        return byShard.values().stream().anyMatch(transactions -> transactions.contains(transaction));
    }

    synchronized boolean isAnyOn(String shard) {
        return byShard.containsKey(shard);
    }

    /** A copy of all. */
    synchronized Map<String, Set<GlobalTransaction>> byShard() {
        Map<String, Set<GlobalTransaction>> copy = new HashMap<>();
        byShard.forEach((shard, transactions) -> copy.put(shard, new LinkedHashSet<>(transactions)));
        return copy;
    }
}
