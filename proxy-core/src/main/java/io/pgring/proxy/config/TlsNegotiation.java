package io.pgring.proxy.config;

/** How TLS begins; the words of libpq's {@code sslnegotiation}. */
public enum TlsNegotiation {
    /** After an SSLRequest that the server has agreed to. */
    POSTGRES("postgres"),
    /** At once: PostgreSQL 17 and later. One round trip less. */
    DIRECT("direct");

    private final String word;

    TlsNegotiation(String word) {
        this.word = word;
    }

    /** The word in the configuration file. */
    public String word() {
        return word;
    }
}
