package io.pgring.proxy.config;

/**
 * Bounds on what clients may ask for.
 *
 * @param clientsMax client connections at one time
 * @param messageBytesMax size of a message that must be held whole; rows and COPY data pass through in pieces, of any size
 * @param loginMillisMax time from connecting to being logged in
 * @param httpBodyBytesMax size of the body of an HTTP request
 * @param planCacheEntriesMax compiled plans kept by each thread
 * @param statementsPerClientMax prepared statements of one client
 * @param notificationBytesMax notifications that wait for one client to take them
 */
public record Limits(
        int clientsMax,
        int messageBytesMax,
        long loginMillisMax,
        int httpBodyBytesMax,
        int planCacheEntriesMax,
        int statementsPerClientMax,
        int notificationBytesMax) {
    /** What the proxy does unless told otherwise. */
    public static final Limits DEFAULT = new Limits(10_000, 64 << 20, 60_000, 1 << 20, 5_000, 10_000, 16 << 20);

    public Limits {
        InvalidValueException.unlessBetween("clientsMax", clientsMax, 1, 1_000_000);
        InvalidValueException.unlessBetween("messageBytesMax", messageBytesMax, 64 << 10, (1 << 30) - 1);
        InvalidValueException.unlessBetween("loginMillisMax", loginMillisMax, 1, 86_400_000);
        InvalidValueException.unlessBetween("httpBodyBytesMax", httpBodyBytesMax, 1 << 10, (1 << 30) - 1);
        InvalidValueException.unlessBetween("planCacheEntriesMax", planCacheEntriesMax, 1, 10_000_000);
        InvalidValueException.unlessBetween("statementsPerClientMax", statementsPerClientMax, 1, 10_000_000);
        InvalidValueException.unlessBetween("notificationBytesMax", notificationBytesMax, 16 << 10, 1 << 30);
    }
}
