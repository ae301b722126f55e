package io.pgring.proxy.config;

/** How clients prove who they are; the words of PostgreSQL's {@code pg_hba.conf}. */
public enum AuthenticationMethod {
    /** Anyone who can connect may come in under any name. */
    TRUST("trust", false),
    /** Nobody comes in. */
    REJECT("reject", false),
    /** The password, in clear: to be used with TLS alone. */
    PASSWORD("password", true),
    /** A hash of the password; who has a SCRAM verifier is asked by SCRAM. */
    MD5("md5", true),
    /** SCRAM-SHA-256. */
    SCRAM_SHA_256("scram-sha-256", true),
    /** A client certificate, verified, whose common name is that of the user. */
    CERT("cert", false);

    private final String word;
    private final boolean asksPassword;

    AuthenticationMethod(String word, boolean asksPassword) {
        this.word = word;
        this.asksPassword = asksPassword;
    }

    /** The word in the configuration file. */
    public String word() {
        return word;
    }

    /** Whether it takes something to compare a password with. */
    public boolean asksPassword() {
        return asksPassword;
    }
}
