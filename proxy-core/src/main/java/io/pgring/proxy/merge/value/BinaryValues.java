package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/**
 * Types of fixed size in binary format, each as a long in the order of its values. Dates and times are integers (days or
 * microseconds from 2000-01-01) whose ends stand for infinity.
 */
public final class BinaryValues {
    private BinaryValues() {}

    /** Borrows the buffer, as all here. */
    public static long int8(ByteBuf value, int start, int length) {
        require(length, Long.BYTES);
        return value.getLong(start);
    }

    static long int4(ByteBuf value, int start, int length) {
        require(length, Integer.BYTES);
        return value.getInt(start);
    }

    static long oid(ByteBuf value, int start, int length) {
        require(length, Integer.BYTES);
        return value.getUnsignedInt(start);
    }

    static long int2(ByteBuf value, int start, int length) {
        require(length, Short.BYTES);
        return value.getShort(start);
    }

    static long bool(ByteBuf value, int start, int length) {
        require(length, 1);
        return value.getByte(start) == 0 ? 0 : 1;
    }

    static long float8(ByteBuf value, int start, int length) {
        require(length, Double.BYTES);
        return Floats.ordered(value.getDouble(start));
    }

    static long float4(ByteBuf value, int start, int length) {
        require(length, Float.BYTES);
        return Floats.ordered(value.getFloat(start));
    }

    private static void require(int length, int expected) {
        if (length != expected) {
            throw MergeFailure.unexpected("incorrect binary data format from a shard");
        }
    }
}
