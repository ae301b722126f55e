package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Text and csv: rows are lines (src/backend/commands/copyfromparse.c, CopyReadLineText). A bare carriage return may be all of the
 * line end or half of it: the byte behind it, perhaps in the next chunk, says which.
 *
 * <pre>
 *   READING ──bare \r──► AFTER_CARRIAGE_RETURN ──any byte──► READING
 *      └─────────── end marker ───────────► ENDED
 * </pre>
 */
final class LineSplitter implements CopyRowSplitter {
    private enum State {
        READING,
        AFTER_CARRIAGE_RETURN,
        /** Whatever follows the end marker is ignored, as PostgreSQL does. */
        ENDED
    }

    private final LineRules rules;
    private final SpecialBytes specialBytes;
    private final CopyRows rows;
    private final UnfinishedRow unfinished;
    private boolean headerExpected;
    private State state = State.READING;
    private LineEnd lineEnd = LineEnd.UNKNOWN;

    private ByteBuf chunk = Unpooled.EMPTY_BUFFER;
    private int lineStart;

    LineSplitter(LineRules rules, boolean header, int rowBytesMax, CopyRows rows) {
        this.rules = rules;
        this.specialBytes = rules.specialBytes();
        this.headerExpected = header;
        this.rows = rows;
        this.unfinished = new UnfinishedRow(rowBytesMax);
        rules.startLine();
    }

    @Override
    public void feed(ByteBuf data) {
        chunk = data;
        lineStart = data.readerIndex();
        int end = data.writerIndex();
        int index = lineStart;
        while (index < end && state != State.ENDED) {
            if (state == State.READING && !rules.isEscaped()) {
                index = specialBytes.indexIn(data, index, end);
            }
            if (index < end) {
                onByte(data.getByte(index), index);
                index++;
            }
        }
        if (state != State.ENDED) {
            unfinished.append(data, lineStart, end - lineStart);
        }
        chunk = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void end() {
        chunk = Unpooled.EMPTY_BUFFER;
        lineStart = 0;
        if (state == State.AFTER_CARRIAGE_RETURN) {
            endAtCarriageReturn(0);
        } else if (state == State.READING && !unfinished.isEmpty()) {
            endLine(0, 0);
        }
        state = State.ENDED;
    }

    private void onByte(byte next, int index) {
        if (state == State.AFTER_CARRIAGE_RETURN) {
            if (next == '\n') {
                lineEnd = LineEnd.CARRIAGE_RETURN_NEWLINE;
                endLine(index + 1, 2);
                return;
            }
            endAtCarriageReturn(index);
            if (state == State.ENDED) {
                return;
            }
        }
        if (!rules.isBare(next)) {
            return;
        }
        if (next == '\n') {
            if (lineEnd != LineEnd.UNKNOWN && lineEnd != LineEnd.NEWLINE) {
                throw rules.unexpectedLineEnd(LineEnd.NEWLINE, unfinished.number());
            }
            lineEnd = LineEnd.NEWLINE;
            endLine(index + 1, 1);
        } else if (next == '\r') {
            onCarriageReturn(index);
        }
    }

    private void onCarriageReturn(int index) {
        if (lineEnd == LineEnd.NEWLINE) {
            throw rules.unexpectedLineEnd(LineEnd.CARRIAGE_RETURN, unfinished.number());
        }
        if (lineEnd == LineEnd.CARRIAGE_RETURN) {
            endLine(index + 1, 1);
        } else {
            state = State.AFTER_CARRIAGE_RETURN;
        }
    }

    /** The line ends before this index, with a carriage return that no newline follows. */
    private void endAtCarriageReturn(int index) {
        if (lineEnd == LineEnd.CARRIAGE_RETURN_NEWLINE) {
            throw rules.unexpectedLineEnd(LineEnd.CARRIAGE_RETURN, unfinished.number());
        }
        lineEnd = LineEnd.CARRIAGE_RETURN;
        endLine(index, 1);
    }

    /** The line ends before this index of the chunk; its last bytes are the line end. */
    private void endLine(int index, int lineEndLength) {
        ByteBuf row = unfinished.complete(chunk, lineStart, index - lineStart);
        ByteBuf line = row.slice(row.readerIndex(), row.readableBytes() - lineEndLength);
        state = State.READING;
        if (rules.isEndMarker(line, lineEndLength > 0, unfinished.number())) {
            state = State.ENDED;
            rows.onEnd(row);
        } else if (headerExpected) {
            headerExpected = false;
            rows.onHeader(row);
        } else {
            rows.onRow(row, rules.key(line, unfinished.number()));
        }
        unfinished.next();
        lineStart = index;
        rules.startLine();
    }
}
