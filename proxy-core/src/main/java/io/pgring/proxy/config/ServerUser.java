package io.pgring.proxy.config;

/** As whom the proxy logs in to the shards for its clients. */
public enum ServerUser {
    /** For all clients as the user of the shard's configuration. */
    CONFIGURED("configured"),
    /** For each client as himself. */
    CLIENT("client");

    private final String word;

    ServerUser(String word) {
        this.word = word;
    }

    /** The word in the configuration file. */
    public String word() {
        return word;
    }
}
