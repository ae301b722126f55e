package io.pgring.proxy.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The csv format: quotes may begin and end anywhere in a field (copyfromparse.c, CopyReadLineText and CopyReadAttributesCSV, which
 * read quotes in slightly different ways; so do the two halves of this class).
 */
final class CsvLines implements LineRules {
    private final CopyFormat.Csv format;
    private final ByteBuf nullText;
    private final CopyKeyColumn keyColumn;
    /** The escape if it is not the quote: then a quote is its own escape by closing and opening again. */
    private final boolean hasEscape;
    /** Heap memory. */
    private final ByteBuf key = Unpooled.buffer();

    private final SpecialBytes specialBytes;
    private boolean quoted;
    private boolean escaped;
    private boolean quoteSeen;

    private boolean fieldHasQuotes;
    private long row;

    CsvLines(CopyFormat.Csv format, CopyKeyColumn keyColumn) {
        this.format = format;
        this.nullText = Unpooled.wrappedBuffer(format.nullText().getBytes(UTF_8));
        this.keyColumn = keyColumn;
        this.hasEscape = format.escape() != format.quote();
        this.specialBytes = new SpecialBytes(format.quote(), format.escape(), (byte) '\n', (byte) '\r');
    }

    @Override
    public void startLine() {
        quoted = false;
        escaped = false;
        quoteSeen = false;
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
        boolean isEscape = hasEscape && next == format.escape();
        if (quoted && isEscape) {
            escaped = !escaped;
        }
        if (next == format.quote()) {
            quoteSeen = true;
            quoted ^= !escaped;
        }
        if (!isEscape) {
            escaped = false;
        }
        return !quoted;
    }

    @Override
    public boolean isEndMarker(ByteBuf line, boolean ended, long lineRow) {
        int start = line.readerIndex();
        return format.endMarker()
                && ended
                && line.readableBytes() == 2
                && line.getByte(start) == '\\'
                && line.getByte(start + 1) == '.';
    }

    @Override
    public @Nullable ByteBuf key(ByteBuf line, long lineRow) {
        row = lineRow;
        int start = line.readerIndex();
        int end = readField(line, start);
        for (int column = 0; column < keyColumn.index(); column++) {
            if (end == line.writerIndex()) {
                throw CopyFailure.badFormat("missing data for column \"" + keyColumn.name() + "\"", row);
            }
            start = end + 1;
            end = readField(line, start);
        }
        return isNull(line, start, end) ? null : key;
    }

    private boolean isNull(ByteBuf line, int start, int end) {
        if (!fieldHasQuotes && isNullText(line, start, end - start)) {
            return !keyColumn.forceNotNull();
        }
        return keyColumn.forceNull() && isNullText(key, key.readerIndex(), key.readableBytes());
    }

    private boolean isNullText(ByteBuf text, int start, int length) {
        return length == nullText.readableBytes()
                && ByteBufUtil.equals(text, start, nullText, nullText.readerIndex(), length);
    }

    /** Reads a field into the key; gives the position of the delimiter behind it, or the end of the line. */
    private int readField(ByteBuf line, int start) {
        key.clear();
        fieldHasQuotes = false;
        if (!quoteSeen) {
            int delimiterIndex = line.indexOf(start, line.writerIndex(), format.delimiter());
            int end = delimiterIndex < 0 ? line.writerIndex() : delimiterIndex;
            key.writeBytes(line, start, end - start);
            return end;
        }
        int position = start;
        while (position < line.writerIndex() && line.getByte(position) != format.delimiter()) {
            byte next = line.getByte(position++);
            if (next == format.quote()) {
                fieldHasQuotes = true;
                position = readQuoted(line, position);
            } else {
                key.writeByte(next);
            }
        }
        return position;
    }

    /** Reads from behind a quote to behind the next one. */
    private int readQuoted(ByteBuf line, int start) {
        int position = start;
        while (position < line.writerIndex()) {
            byte next = line.getByte(position++);
            if (next == format.escape() && position < line.writerIndex() && isEscapable(line.getByte(position))) {
                key.writeByte(line.getByte(position++));
            } else if (next == format.quote()) {
                return position;
            } else {
                key.writeByte(next);
            }
        }
        throw CopyFailure.badFormat("unterminated CSV quoted field", row);
    }

    private boolean isEscapable(byte next) {
        return next == format.escape() || next == format.quote();
    }

    @Override
    public CopyFailure unexpectedLineEnd(LineEnd lineEnd, long lineRow) {
        return lineEnd == LineEnd.NEWLINE
                ? CopyFailure.badFormat(
                        "unquoted newline found in data", lineRow, "Use quoted CSV field to represent newline.")
                : CopyFailure.badFormat(
                        "unquoted carriage return found in data",
                        lineRow,
                        "Use quoted CSV field to represent carriage return.");
    }
}
