package io.pgring.proxy.config;

/** How much encryption a connection needs; the words of libpq's {@code sslmode}. */
public enum TlsMode {
    /** Never. */
    DISABLE("disable"),
    /** To a shard: when the server refuses a connection without it. From clients: when they ask for it. */
    ALLOW("allow"),
    /** To a shard: when the server offers it and does not refuse a connection with it. From clients: when they ask for it. */
    PREFER("prefer"),
    /** Always. */
    REQUIRE("require"),
    /** Always, and the other side's certificate must come from a known authority. */
    VERIFY_CA("verify-ca"),
    /** Always, and the certificate must also be for the host that was connected to, or for the user who logs in. */
    VERIFY_FULL("verify-full");

    private final String word;

    TlsMode(String word) {
        this.word = word;
    }

    /** The word in the configuration file. */
    public String word() {
        return word;
    }

    /** Whether there must not be a connection without encryption. */
    public boolean isRequired() {
        return compareTo(REQUIRE) >= 0;
    }

    /** Whether the other side must show a certificate that is checked. */
    public boolean verifies() {
        return compareTo(VERIFY_CA) >= 0;
    }
}
