package io.pgring.proxy.config;

/** Whether a login to a shard is bound to its TLS connection; the words of libpq's {@code channel_binding}. */
public enum ChannelBindingMode {
    /** Never. */
    DISABLE("disable"),
    /** When the server offers it. */
    PREFER("prefer"),
    /** Refuse to log in without. */
    REQUIRE("require");

    private final String word;

    ChannelBindingMode(String word) {
        this.word = word;
    }

    /** The word in the configuration file. */
    public String word() {
        return word;
    }
}
