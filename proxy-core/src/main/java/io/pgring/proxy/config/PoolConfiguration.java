package io.pgring.proxy.config;

/**
 * The connections that the proxy keeps to each shard.
 *
 * @param connectionsPerShardMax server connections to one shard, over all threads of the proxy
 * @param queueLengthMax clients that may wait for a connection to one shard; the next one gets an error at once
 * @param queueWaitMillisMax how long a client waits for a connection; 0 for as long as it takes
 * @param connectMillisMax how long opening a connection and logging in may take
 * @param idleMillisMax an unused connection is closed after this time; 0 for never
 * @param lifetimeMillisMax a connection is replaced at this age, when it is free; 0 for never
 * @param healthCheckMillis time between two checks of a shard
 * @param preparedStatementsMax statements that stay prepared on one server connection
 */
public record PoolConfiguration(
        int connectionsPerShardMax,
        int queueLengthMax,
        long queueWaitMillisMax,
        long connectMillisMax,
        long idleMillisMax,
        long lifetimeMillisMax,
        long healthCheckMillis,
        int preparedStatementsMax) {
    /** What the proxy does unless told otherwise. */
    public static final PoolConfiguration DEFAULT =
            new PoolConfiguration(16, 10_000, 120_000, 15_000, 600_000, 3_600_000, 5_000, 200);

    private static final long DAY_MILLIS = 86_400_000L;

    public PoolConfiguration {
        InvalidValueException.unlessBetween("connectionsPerShardMax", connectionsPerShardMax, 1, 10_000);
        InvalidValueException.unlessBetween("queueLengthMax", queueLengthMax, 0, 1_000_000);
        InvalidValueException.unlessBetween("queueWaitMillisMax", queueWaitMillisMax, 0, DAY_MILLIS);
        InvalidValueException.unlessBetween("connectMillisMax", connectMillisMax, 1, DAY_MILLIS);
        InvalidValueException.unlessBetween("idleMillisMax", idleMillisMax, 0, 365 * DAY_MILLIS);
        InvalidValueException.unlessBetween("lifetimeMillisMax", lifetimeMillisMax, 0, 365 * DAY_MILLIS);
        InvalidValueException.unlessBetween("healthCheckMillis", healthCheckMillis, 100, DAY_MILLIS);
        InvalidValueException.unlessBetween("preparedStatementsMax", preparedStatementsMax, 1, 1_000_000);
    }

    /** The same, but for how long opening a connection may take. */
    public PoolConfiguration withConnectMillisMax(long millis) {
        return new PoolConfiguration(
                connectionsPerShardMax,
                queueLengthMax,
                queueWaitMillisMax,
                millis,
                idleMillisMax,
                lifetimeMillisMax,
                healthCheckMillis,
                preparedStatementsMax);
    }
}
