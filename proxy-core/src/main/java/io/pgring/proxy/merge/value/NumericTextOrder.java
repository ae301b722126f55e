package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** numeric in text format, compared without making numbers of it. */
final class NumericTextOrder implements ValueOrder {
    private final Scan left = new Scan();
    private final Scan right = new Scan();

    @Override
    public int compare(
            ByteBuf leftText, int leftStart, int leftLength, ByteBuf rightText, int rightStart, int rightLength) {
        left.read(leftText, leftStart, leftLength);
        right.read(rightText, rightStart, rightLength);
        if (left.rank != right.rank) {
            return Integer.compare(left.rank, right.rank);
        }
        return switch (left.rank) {
            case NumericRank.POSITIVE -> left.compareMagnitude(right);
            case NumericRank.NEGATIVE -> right.compareMagnitude(left);
            default -> 0;
        };
    }

    @Override
    public long abbreviate(ByteBuf value, int start, int length) {
        left.read(value, start, length);
        return NumericRank.abbreviate(left.rank, left.integerPart());
    }

    /** Where the digits of one number are, without zeros that say nothing. */
    private static final class Scan {
        private ByteBuf text = Unpooled.EMPTY_BUFFER;
        private int rank;
        private int integerStart;
        private int integerEnd;
        private int fractionStart;
        private int fractionEnd;

        private void read(ByteBuf value, int start, int length) {
            text = value;
            rank = NumericRank.ofWord(value, start, length);
            if (rank != NumericRank.FINITE) {
                return;
            }
            int end = start + length;
            boolean negative = length > 0 && value.getByte(start) == '-';
            integerStart = negative ? start + 1 : start;
            integerEnd = digitsEnd(integerStart, end);
            boolean point = integerEnd < end && value.getByte(integerEnd) == '.';
            fractionStart = point ? integerEnd + 1 : integerEnd;
            fractionEnd = point ? digitsEnd(fractionStart, end) : fractionStart;
            if (integerEnd == integerStart || fractionEnd != end || (point && fractionEnd == fractionStart)) {
                throw MergeFailure.unreadable("numeric");
            }
            trimZeros();
            boolean zero = integerStart == integerEnd && fractionStart == fractionEnd;
            rank = zero ? NumericRank.ZERO : negative ? NumericRank.NEGATIVE : NumericRank.POSITIVE;
        }

        private int digitsEnd(int from, int end) {
            int position = from;
            while (position < end && Bytes.isDigit(text.getByte(position))) {
                position++;
            }
            return position;
        }

        private void trimZeros() {
            while (integerStart < integerEnd && text.getByte(integerStart) == '0') {
                integerStart++;
            }
            while (fractionEnd > fractionStart && text.getByte(fractionEnd - 1) == '0') {
                fractionEnd--;
            }
        }

        /** The digits before the point as a number, the largest of all when they are more than it holds for sure. */
        private long integerPart() {
            if (integerEnd - integerStart > NumericRank.LONG_DIGITS) {
                return Long.MAX_VALUE;
            }
            long part = 0;
            for (int i = integerStart; i < integerEnd; i++) {
                part = part * 10 + text.getByte(i) - '0';
            }
            return part;
        }

        private int compareMagnitude(Scan that) {
            int integerLength = integerEnd - integerStart;
            int order = Integer.compare(integerLength, that.integerEnd - that.integerStart);
            if (order == 0) {
                order = Bytes.compare(text, integerStart, integerLength, that.text, that.integerStart, integerLength);
            }
            if (order != 0) {
                return order;
            }
            int fractionLength = fractionEnd - fractionStart;
            int thatLength = that.fractionEnd - that.fractionStart;
            return Bytes.compare(text, fractionStart, fractionLength, that.text, that.fractionStart, thatLength);
        }
    }
}
