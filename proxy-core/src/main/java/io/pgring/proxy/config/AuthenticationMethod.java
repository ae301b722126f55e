package io.pgring.proxy.config;

/** How clients prove who they are; the words of PostgreSQL's {@code pg_hba.conf}. */
public enum AuthenticationMethod {
    /** Anyone who can connect may come in under any name. */
    TRUST("trust"),
    /** SCRAM-SHA-256 with the verifiers of a users file. */
    SCRAM_SHA_256("scram-sha-256");

    private final String word;

    AuthenticationMethod(String word) {
        this.word = word;
    }

    /** The word in the configuration file. */
    public String word() {
        return word;
    }
}
