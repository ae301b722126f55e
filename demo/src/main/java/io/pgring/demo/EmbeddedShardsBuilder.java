package io.pgring.demo;

import io.pgring.proxy.app.StartupException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how many servers, where, and with which settings. */
public final class EmbeddedShardsBuilder {
    private static final int COUNT_MAX = 64;

    private final Map<String, String> settings = new LinkedHashMap<>();
    private int count = 3;
    private boolean fresh;
    private @Nullable Path folder;
    private @Nullable PostgresBinaries binaries;

    EmbeddedShardsBuilder() {}

    /** How many servers; 3 unless told otherwise. */
    public EmbeddedShardsBuilder count(int count) {
        checkCount(count);
        this.count = count;
        return this;
    }

    static void checkCount(int count) {
        if (count < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException("there can be 1 to " + COUNT_MAX + " servers, not " + count);
        }
    }

    /** Keeps the data in this folder. Otherwise the servers are temporary: their data is deleted at the end, and not safe before. */
    public EmbeddedShardsBuilder folder(Path folder) {
        this.folder = folder;
        return this;
    }

    /** Whether to start over: what earlier servers left in the folder is deleted. */
    public EmbeddedShardsBuilder fresh(boolean fresh) {
        this.fresh = fresh;
        return this;
    }

    /** A setting of {@code postgresql.conf}. */
    public EmbeddedShardsBuilder setting(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /** Other programs than those that come with PgRing, such as another version. */
    public EmbeddedShardsBuilder binaries(PostgresBinaries binaries) {
        this.binaries = binaries;
        return this;
    }

    /** The servers, not running yet: for those who want to be able to close them while they start. */
    public EmbeddedShards create() {
        return new EmbeddedShards(this);
    }

    /** The servers, running. */
    public EmbeddedShards start() throws StartupException {
        EmbeddedShards shards = create();
        shards.start();
        return shards;
    }

    int count() {
        return count;
    }

    boolean isTemporary() {
        return folder == null;
    }

    boolean isFresh() {
        return fresh;
    }

    @Nullable
    Path folder() {
        return folder;
    }

    PostgresBinaries binaries() throws StartupException {
        return binaries != null ? binaries : PostgresBinaries.bundled();
    }

    Map<String, String> settings() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("max_connections", "200");
        all.put("max_prepared_transactions", "200");
        if (isTemporary()) {
            // Whole pages are logged nevertheless: tests kill servers in the midst of a write.
            all.put("fsync", "off");
            all.put("synchronous_commit", "off");
        }
        all.putAll(settings);
        return all;
    }
}
