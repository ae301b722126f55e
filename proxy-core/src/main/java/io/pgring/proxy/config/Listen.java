package io.pgring.proxy.config;

/**
 * Where the proxy listens.
 *
 * @param postgresql the PostgreSQL protocol
 * @param http statistics, health and the key-value API
 * @param reusePort whether other proxies that say so too may listen on the same ports at the same time (SO_REUSEPORT)
 * @param tls of the PostgreSQL protocol
 */
public record Listen(Endpoint postgresql, Endpoint http, boolean reusePort, ListenTls tls) {
    /** Loopback, ports 6432 and 8080. */
    public static final Listen DEFAULT = new Listen(new Endpoint("127.0.0.1", 6432), new Endpoint("127.0.0.1", 8080));

    /** Without TLS, and nobody else may listen there. */
    public Listen(Endpoint postgresql, Endpoint http) {
        this(postgresql, http, false, ListenTls.DISABLED);
    }

    public Listen {
        if (postgresql.equals(http) && http.port() != 0) {
            throw new InvalidValueException("http", "must differ from listen.postgresql, both are " + http);
        }
    }
}
