package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;

/** bytea in text format, hex or escape (manual, "Binary Data Types"), by its bytes. */
final class ByteaOrder implements ValueOrder {
    @Override
    public int compare(ByteBuf left, int leftStart, int leftLength, ByteBuf right, int rightStart, int rightLength) {
        boolean leftHex = isHex(left, leftStart, leftLength);
        boolean rightHex = isHex(right, rightStart, rightLength);
        if (leftHex && rightHex) {
            // Digits sort before the lower-case letters, so the texts are in the order of their bytes.
            return Bytes.compare(left, leftStart, leftLength, right, rightStart, rightLength);
        }
        if (leftHex || rightHex) {
            throw MergeFailure.unreadable("bytea", "Set bytea_output to hex.");
        }
        return Arrays.compareUnsigned(
                unescape(ByteBufUtil.getBytes(left, leftStart, leftLength)),
                unescape(ByteBufUtil.getBytes(right, rightStart, rightLength)));
    }

    /** The same for all: the two formats don't agree on what comes first. */
    @Override
    public long abbreviate(ByteBuf value, int start, int length) {
        return 0;
    }

    /** In escape format a backslash comes before another or before three digits, so an x there means hex. */
    private static boolean isHex(ByteBuf value, int start, int length) {
        if (length < 2 || value.getByte(start) != '\\' || value.getByte(start + 1) != 'x') {
            return false;
        }
        for (int i = start + 2; i < start + length; i++) {
            byte digit = value.getByte(i);
            if (!Bytes.isDigit(digit) && (digit < 'a' || digit > 'f')) {
                throw MergeFailure.unreadable("bytea");
            }
        }
        return true;
    }

    private static byte[] unescape(byte[] text) {
        byte[] bytes = new byte[text.length];
        int count = 0;
        for (int i = 0; i < text.length; count++) {
            if (text[i] != '\\') {
                bytes[count] = text[i];
                i++;
            } else if (i + 1 < text.length && text[i + 1] == '\\') {
                bytes[count] = '\\';
                i += 2;
            } else {
                bytes[count] = (byte) octal(text, i + 1);
                i += 4;
            }
        }
        return Arrays.copyOf(bytes, count);
    }

    private static int octal(byte[] text, int from) {
        int number = 0;
        for (int i = from; i < from + 3; i++) {
            if (i >= text.length || text[i] < '0' || text[i] > '7') {
                throw MergeFailure.unreadable("bytea");
            }
            number = number * 8 + text[i] - '0';
        }
        return number;
    }
}
