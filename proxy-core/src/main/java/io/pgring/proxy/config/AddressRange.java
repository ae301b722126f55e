package io.pgring.proxy.config;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;

/** The addresses that a rule is for, as in {@code pg_hba.conf}: {@code all}, {@code samehost}, an address, or a CIDR range. */
public sealed interface AddressRange {
    /** Every address. */
    AddressRange ALL = new All();

    /** Whether the rule is for a client at this address. */
    boolean contains(InetAddress address);

    /** Whether only programs on this machine have addresses in it. */
    boolean isLoopback();

    /** Every address. */
    record All() implements AddressRange {
        @Override
        public boolean contains(InetAddress address) {
            return true;
        }

        @Override
        public boolean isLoopback() {
            return false;
        }
    }

    /** The addresses of this machine. */
    record SameHost() implements AddressRange {
        @Override
        public boolean contains(InetAddress address) {
            try {
                return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
            } catch (SocketException e) {
                return false;
            }
        }

        @Override
        public boolean isLoopback() {
            return true;
        }
    }

    /**
     * All addresses that begin with the same bits.
     *
     * @param base the lowest one
     * @param bits how many bits count
     */
    record Cidr(InetAddress base, int bits) implements AddressRange {
        @Override
        public boolean contains(InetAddress address) {
            byte[] other = address.getAddress();
            return other.length == base.getAddress().length && Arrays.equals(masked(other, bits), base.getAddress());
        }

        @Override
        public boolean isLoopback() {
            return base.isLoopbackAddress() && bits >= (base.getAddress().length == 4 ? 8 : 128);
        }
    }

    /** Reads the written form; an {@link InvalidValueException} says what is wrong with it. */
    static AddressRange parse(String text) {
        if (text.equals("all")) {
            return ALL;
        }
        if (text.equals("samehost")) {
            return new SameHost();
        }
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!InetAddresses.isInetAddress(address)) {
            throw wrong(text);
        }
        InetAddress base = InetAddresses.forString(address);
        int bitsMax = base.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? bitsMax : bits(text, slash);
        InvalidValueException.unlessBetween("address", bits, 0, bitsMax);
        if (!Arrays.equals(masked(base.getAddress(), bits), base.getAddress())) {
            throw new InvalidValueException(
                    "address", "has bits of the address set behind the first " + bits + ": '" + text + "'");
        }
        return new Cidr(base, bits);
    }

    private static int bits(String text, int slash) {
        String digits = text.substring(slash + 1);
        if (!digits.matches("\\d{1,3}")) {
            throw wrong(text);
        }
        return Integer.parseInt(digits);
    }

    private static InvalidValueException wrong(String text) {
        return new InvalidValueException(
                "address",
                "must be all, samehost, an address, or a range such as 10.0.0.0/8 or \"fd00::/8\", not '" + text + "'");
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] result = address.clone();
        for (int i = 0; i < result.length; i++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, bits - i * Byte.SIZE));
            result[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return result;
    }
}
