package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/** numeric in binary format, compared without making numbers of it. */
final class NumericBinaryOrder implements ValueOrder {
    private final NumericBinary left = new NumericBinary();
    private final NumericBinary right = new NumericBinary();

    @Override
    public int compare(
            ByteBuf leftValue, int leftStart, int leftLength, ByteBuf rightValue, int rightStart, int rightLength) {
        left.read(leftValue, leftStart, leftLength);
        right.read(rightValue, rightStart, rightLength);
        if (left.rank() != right.rank()) {
            return Integer.compare(left.rank(), right.rank());
        }
        return switch (left.rank()) {
            case NumericRank.POSITIVE -> left.compareMagnitude(right);
            case NumericRank.NEGATIVE -> right.compareMagnitude(left);
            default -> 0;
        };
    }

    @Override
    public long abbreviate(ByteBuf value, int start, int length) {
        left.read(value, start, length);
        return NumericRank.abbreviate(left.rank(), left.integerPart());
    }
}
