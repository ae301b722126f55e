package io.pgring.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.proxy.topology.ShardOids;
import io.pgring.proxy.topology.TypeComposition;

/**
 * The types that values in binary format name by oid: arrays that of their elements, composites those of their fields. They are written over
 * in place, since the length stays.
 *
 * @param oids of the shard that has sent the values
 */
record BinaryTypeNames(ShardOids oids) {
    /**
     * Writes the types that a value in binary format names as clients know them. Borrows the buffer.
     *
     * @param oid the value's type on the shard
     * @param from where the value begins
     * @return whether the home shard has them all
     */
    boolean valueToHome(int oid, ByteBuf in, int from) {
        TypeComposition of = oids.composition(oid);
        if (of instanceof TypeComposition.Array) {
            return arrayToHome(in, from);
        } else if (of instanceof TypeComposition.Composite) {
            return compositeToHome(in, from);
        } else if (of instanceof TypeComposition.Domain domain) {
            return valueToHome(domain.base(), in, from);
        } else if (of instanceof TypeComposition.Range range) {
            return rangeToHome(range.subtype(), in, from);
        } else if (of instanceof TypeComposition.Multirange ranges) {
            return rangesToHome(ranges.subtype(), in, from);
        }
        return oids.typeToHome(oid) != 0;
    }

    /** Dimensions, flags, type of the elements; bounds of the dimensions; elements with their lengths (array_send). */
    private boolean arrayToHome(ByteBuf in, int from) {
        int dimensions = in.getInt(from);
        int element = in.getInt(from + 2 * Integer.BYTES);
        int position = from + 3 * Integer.BYTES;
        if (!nameToHome(in, from + 2 * Integer.BYTES)) {
            return false;
        }
        if (!oids.namesTypes(element) || dimensions == 0) {
            return true;
        }
        int elements = 1;
        for (int i = 0; i < dimensions; i++) {
            elements = Math.multiplyExact(elements, in.getInt(position));
            position += 2 * Integer.BYTES;
        }
        for (int i = 0; i < elements; i++) {
            if (!partToHome(element, in, position)) {
                return false;
            }
            position = endOfPart(in, position);
        }
        return true;
    }

    /** The number of fields; then for each its type and value with its length (record_send). */
    private boolean compositeToHome(ByteBuf in, int from) {
        int fields = in.getInt(from);
        int position = from + Integer.BYTES;
        for (int i = 0; i < fields; i++) {
            int type = in.getInt(position);
            if (!nameToHome(in, position) || !partToHome(type, in, position + Integer.BYTES)) {
                return false;
            }
            position = endOfPart(in, position + Integer.BYTES);
        }
        return true;
    }

    /** Flags, and the bounds that there are, with their lengths (range_send). */
    private boolean rangeToHome(int subtype, ByteBuf in, int from) {
        byte flags = in.getByte(from);
        boolean empty = (flags & 0x01) != 0;
        int bounds = empty ? 0 : ((flags & 0x08) == 0 ? 1 : 0) + ((flags & 0x10) == 0 ? 1 : 0);
        int position = from + 1;
        for (int i = 0; i < bounds; i++) {
            if (!partToHome(subtype, in, position)) {
                return false;
            }
            position = endOfPart(in, position);
        }
        return true;
    }

    /** The number of ranges; then each with its length (multirange_send). */
    private boolean rangesToHome(int subtype, ByteBuf in, int from) {
        int ranges = in.getInt(from);
        int position = from + Integer.BYTES;
        for (int i = 0; i < ranges; i++) {
            if (!rangeToHome(subtype, in, position + Integer.BYTES)) {
                return false;
            }
            position = endOfPart(in, position);
        }
        return true;
    }

    private boolean nameToHome(ByteBuf in, int index) {
        int there = oids.typeToHome(in.getInt(index));
        in.setInt(index, there);
        return there != 0;
    }

    private boolean partToHome(int type, ByteBuf in, int lengthAt) {
        return in.getInt(lengthAt) < 0 || !oids.namesTypes(type) || valueToHome(type, in, lengthAt + Integer.BYTES);
    }

    private static int endOfPart(ByteBuf in, int lengthAt) {
        return lengthAt + Integer.BYTES + Math.max(0, in.getInt(lengthAt));
    }
}
