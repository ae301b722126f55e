package io.pgring.proxy.authentication;

import io.pgring.proxy.config.Clients;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts wrong passwords by the address that they come from: who has given too many is not listened to until the first of them has been
 * forgotten. An IPv6 host has many addresses, so those of one network (64 bits) count as one. For any thread.
 */
public final class FailedLogins {
    private static final int ADDRESSES_MAX = 100_000;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final ConcurrentHashMap<InetAddress, Series> byAddress = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** Failures since the first of them that counts. */
    private record Series(int failures, long sinceNanos) {}

    /** None so far. */
    public FailedLogins() {
        this(System::nanoTime);
    }

    FailedLogins(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether an address has no more tries. */
    public boolean areTooMany(InetAddress address, Clients limits) {
        if (limits.failedLoginsMax() == 0) {
            return false;
        }
        Series series = byAddress.get(network(address));
        return series != null && !isOver(series, limits) && series.failures() >= limits.failedLoginsMax();
    }

    /** A wrong password has come from an address. */
    public void add(InetAddress address, Clients limits) {
        if (limits.failedLoginsMax() == 0) {
            return;
        }
        if (byAddress.size() >= ADDRESSES_MAX) {
            byAddress.values().removeIf(series -> isOver(series, limits));
        }
        if (byAddress.size() >= ADDRESSES_MAX) {
            return;
        }
        byAddress.compute(
                network(address),
                (key, series) -> series == null || isOver(series, limits)
                        ? new Series(1, nanoTime.getAsLong())
                        : new Series(series.failures() + 1, series.sinceNanos()));
    }

    private boolean isOver(Series series, Clients limits) {
        return nanoTime.getAsLong() - series.sinceNanos() >= TimeUnit.MILLISECONDS.toNanos(limits.failedLoginsMillis());
    }

    private static InetAddress network(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length <= IPV6_NETWORK_BYTES) {
            return address;
        }
        Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
