package io.pgring.proxy.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The text format: a backslash takes the meaning of the byte behind it (copyfromparse.c, CopyReadAttributesText). */
final class TextLines implements LineRules {
    private final byte delimiter;
    private final ByteBuf nullText;
    private final CopyKeyColumn keyColumn;
    /** Heap memory. */
    private final ByteBuf key = Unpooled.buffer();

    private final SpecialBytes specialBytes = new SpecialBytes((byte) '\\', (byte) '\n', (byte) '\r');
    private boolean escaped;
    private boolean escapeSeen;
    private boolean markerSeen;

    TextLines(CopyFormat.Text format, CopyKeyColumn keyColumn) {
        this.delimiter = format.delimiter();
        this.nullText = Unpooled.wrappedBuffer(format.nullText().getBytes(UTF_8));
        this.keyColumn = keyColumn;
    }

    @Override
    public void startLine() {
        escaped = false;
        escapeSeen = false;
        markerSeen = false;
    }

    @Override
    public SpecialBytes specialBytes() {
        return specialBytes;
    }

    @Override
    public boolean isEscaped() {
        return escaped;
    }

    @Override
    public boolean isBare(byte next) {
        if (escaped) {
            escaped = false;
            markerSeen |= next == '.';
            return false;
        }
        escaped = next == '\\';
        escapeSeen |= escaped;
        return !escaped;
    }

    @Override
    public boolean isEndMarker(ByteBuf line, boolean ended, long row) {
        if (!markerSeen) {
            return false;
        }
        if (line.readableBytes() != 2) {
            throw CopyFailure.badFormat("end-of-copy marker is not alone on its line", row);
        }
        return true;
    }

    @Override
    public @Nullable ByteBuf key(ByteBuf line, long row) {
        int position = line.readerIndex();
        for (int column = 0; column < keyColumn.index(); column++) {
            position = fieldEnd(line, position) + 1;
            if (position > line.writerIndex()) {
                throw CopyFailure.badFormat("missing data for column \"" + keyColumn.name() + "\"", row);
            }
        }
        int end = fieldEnd(line, position);
        if (!escapeSeen) {
            return isNullText(line, position, end - position) ? null : line.slice(position, end - position);
        }
        boolean loneBackslash = decode(line, position, end);
        int rawLength = end - position - (loneBackslash ? 1 : 0);
        return isNullText(line, position, rawLength) ? null : key;
    }

    private boolean isNullText(ByteBuf line, int start, int length) {
        return length == nullText.readableBytes()
                && ByteBufUtil.equals(line, start, nullText, nullText.readerIndex(), length);
    }

    /** The delimiter behind a field, or the end of the line. A delimiter behind a backslash is data. */
    private int fieldEnd(ByteBuf line, int start) {
        int end = line.writerIndex();
        if (!escapeSeen) {
            int delimiterIndex = line.indexOf(start, end, delimiter);
            return delimiterIndex < 0 ? end : delimiterIndex;
        }
        int position = start;
        while (position < end && line.getByte(position) != delimiter) {
            position = line.getByte(position) == '\\' ? escapeEnd(line, position + 1, end) : position + 1;
        }
        return position;
    }

    /** Where an escape ends whose backslash stands before the start: digits may be delimiters as well. */
    private static int escapeEnd(ByteBuf line, int start, int end) {
        int position = Math.min(start + 1, end);
        if (start < end && line.getByte(start) == 'x') {
            int limit = Math.min(start + 3, end);
            while (position < limit && Character.digit(line.getByte(position), 16) >= 0) {
                position++;
            }
        }
        return position;
    }

    /** Decodes a field into the key; whether it ends with a backslash that has nothing to escape, which counts as absent. */
    private boolean decode(ByteBuf line, int start, int end) {
        key.clear();
        int position = start;
        while (position < end) {
            byte next = line.getByte(position++);
            if (next != '\\') {
                key.writeByte(next);
            } else if (position == end) {
                return true;
            } else {
                position = decodeEscape(line, position, end);
            }
        }
        return false;
    }

    /** Decodes what stands behind a backslash; gives the position behind it. */
    private int decodeEscape(ByteBuf line, int start, int end) {
        byte letter = line.getByte(start);
        int digit = Character.digit(letter, 8);
        if (digit >= 0) {
            return decodeNumber(line, start, Math.min(end, start + 3), 8);
        }
        boolean hexadecimal = letter == 'x' && start + 1 < end && Character.digit(line.getByte(start + 1), 16) >= 0;
        if (hexadecimal) {
            return decodeNumber(line, start + 1, Math.min(end, start + 3), 16);
        }
        key.writeByte(
                switch (letter) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'v' -> 0x0B;
                    default -> letter;
                });
        return start + 1;
    }

    private int decodeNumber(ByteBuf line, int start, int limit, int radix) {
        int number = 0;
        int position = start;
        while (position < limit && Character.digit(line.getByte(position), radix) >= 0) {
            number = number * radix + Character.digit(line.getByte(position++), radix);
        }
        key.writeByte(number);
        return position;
    }

    @Override
    public CopyFailure unexpectedLineEnd(LineEnd lineEnd, long row) {
        return lineEnd == LineEnd.NEWLINE
                ? CopyFailure.badFormat("literal newline found in data", row, "Use \"\\n\" to represent newline.")
                : CopyFailure.badFormat(
                        "literal carriage return found in data", row, "Use \"\\r\" to represent carriage return.");
    }
}
