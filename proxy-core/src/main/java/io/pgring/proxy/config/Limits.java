package io.pgring.proxy.config;

/**
 * Bounds on what clients may ask for.
 *
 * @param clientsMax client connections at one time
 * @param clientsPerUserMax of them with the name of one user; 0 for no more bound than {@code clientsMax}
 * @param messageBytesMax size of a message that must be held whole; rows and COPY data pass through in pieces, of any size
 * @param loginMillisMax time from connecting to being logged in
 * @param httpBodyBytesMax size of the body of an HTTP request
 * @param planCacheEntriesMax compiled plans kept by each thread
 * @param statementsPerClientMax prepared statements of one client
 * @param notificationBytesMax notifications that wait for one client to take them
 * @param timeouts how long things may take, with keys in the same section
 */
public record Limits(
        int clientsMax,
        int clientsPerUserMax,
        int messageBytesMax,
        long loginMillisMax,
        int httpBodyBytesMax,
        int planCacheEntriesMax,
        int statementsPerClientMax,
        int notificationBytesMax,
        Timeouts timeouts) {
    /** What the proxy does unless told otherwise. */
    public static final Limits DEFAULT = new Limits(10_000, 64 << 20, 60_000, 1 << 20, 5_000, 10_000, 16 << 20);

    public Limits {
        InvalidValueException.unlessBetween("clientsMax", clientsMax, 1, 1_000_000);
        InvalidValueException.unlessBetween("clientsPerUserMax", clientsPerUserMax, 0, 1_000_000);
        InvalidValueException.unlessBetween("messageBytesMax", messageBytesMax, 64 << 10, (1 << 30) - 1);
        InvalidValueException.unlessBetween("loginMillisMax", loginMillisMax, 1, 86_400_000);
        InvalidValueException.unlessBetween("httpBodyBytesMax", httpBodyBytesMax, 1 << 10, (1 << 30) - 1);
        InvalidValueException.unlessBetween("planCacheEntriesMax", planCacheEntriesMax, 1, 10_000_000);
        InvalidValueException.unlessBetween("statementsPerClientMax", statementsPerClientMax, 1, 10_000_000);
        InvalidValueException.unlessBetween("notificationBytesMax", notificationBytesMax, 16 << 10, 1 << 30);
    }

    /** Users have as many clients as there may be, and things may take as long as they do by default. */
    public Limits(
            int clientsMax,
            int messageBytesMax,
            long loginMillisMax,
            int httpBodyBytesMax,
            int planCacheEntriesMax,
            int statementsPerClientMax,
            int notificationBytesMax) {
        this(
                clientsMax,
                0,
                messageBytesMax,
                loginMillisMax,
                httpBodyBytesMax,
                planCacheEntriesMax,
                statementsPerClientMax,
                notificationBytesMax,
                Timeouts.DEFAULT);
    }
}
