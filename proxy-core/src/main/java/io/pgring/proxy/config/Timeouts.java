package io.pgring.proxy.config;

/**
 * How long things may take, in milliseconds; part of the section {@code limits}. 0 stands for as long as they like, unless it says
 * otherwise.
 *
 * @param clientIdleMillisMax a client may be silent outside of a transaction
 * @param idleInTransactionMillisMax a client may be silent while it has a transaction, or keeps a server connection waiting otherwise
 * @param transactionMillisMax from BEGIN to the end of the transaction
 * @param queryMillisMax a statement may run on the servers; waiting for a server connection does not count
 * @param clientWriteMillisMax a client may leave untaken what is sent to it
 * @param unreachableMillisMax a silent client or server whose machine does not answer is waited for; 0 for as long as the system does
 * @param cancelMillisMax telling a server to cancel may take, and the server to obey a cancel for the sake of a limit; then the connection to it is
 *     closed. At least 1
 * @param drainMillisMax clients may take to end their transactions when the proxy goes down; 0 for no time at all
 */
public record Timeouts(
        long clientIdleMillisMax,
        long idleInTransactionMillisMax,
        long transactionMillisMax,
        long queryMillisMax,
        long clientWriteMillisMax,
        long unreachableMillisMax,
        long cancelMillisMax,
        long drainMillisMax) {
    /** What the proxy does unless told otherwise. */
    public static final Timeouts DEFAULT = new Timeouts(0, 0, 0, 0, 0, 120_000, 10_000, 10_000);

    private static final long MILLIS_MAX = 365 * 86_400_000L;

    public Timeouts {
        InvalidValueException.unlessBetween("clientIdleMillisMax", clientIdleMillisMax, 0, MILLIS_MAX);
        InvalidValueException.unlessBetween("idleInTransactionMillisMax", idleInTransactionMillisMax, 0, MILLIS_MAX);
        InvalidValueException.unlessBetween("transactionMillisMax", transactionMillisMax, 0, MILLIS_MAX);
        InvalidValueException.unlessBetween("queryMillisMax", queryMillisMax, 0, MILLIS_MAX);
        InvalidValueException.unlessBetween("clientWriteMillisMax", clientWriteMillisMax, 0, MILLIS_MAX);
        InvalidValueException.unlessBetween("unreachableMillisMax", unreachableMillisMax, 0, 86_400_000);
        InvalidValueException.unlessBetween("cancelMillisMax", cancelMillisMax, 1, 86_400_000);
        InvalidValueException.unlessBetween("drainMillisMax", drainMillisMax, 0, 86_400_000);
    }
}
