package io.pgring.proxy.config;

import java.util.Arrays;
import java.util.List;

/** A version of TLS; the words of PostgreSQL's {@code ssl_min_protocol_version}. Older ones are broken. */
public enum TlsVersion {
    /** RFC 5246. */
    TLS_1_2("TLSv1.2"),
    /** RFC 8446. */
    TLS_1_3("TLSv1.3");

    private final String word;

    TlsVersion(String word) {
        this.word = word;
    }

    /** The word in the configuration file, which is also Java's name. */
    public String word() {
        return word;
    }

    /** This version and all later ones, by name. */
    public List<String> andLater() {
        return Arrays.stream(values())
                .filter(version -> version.compareTo(this) >= 0)
                .map(TlsVersion::word)
                .toList();
    }
}
