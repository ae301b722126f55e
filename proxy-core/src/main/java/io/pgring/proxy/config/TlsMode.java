package io.pgring.proxy.config;

/** Encryption of the connections to a shard; the words of libpq's {@code sslmode}. */
public enum TlsMode {
    /** Never. */
    DISABLE("disable"),
    /** When the server offers it. */
    PREFER("prefer"),
    /** Refuse to talk to a server that does not offer it. */
    REQUIRE("require");

    private final String word;

    TlsMode(String word) {
        this.word = word;
    }

    /** The word in the configuration file. */
    public String word() {
        return word;
    }
}
