package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;

/**
 * The binary format (copyfromparse.c, NextCopyFrom): header, rows, and a trailer that may be missing.
 *
 * <pre>
 *   HEADER ──► ROWS ──trailer──► ENDED
 * </pre>
 */
final class BinarySplitter implements CopyRowSplitter {
    private enum State {
        HEADER,
        ROWS,
        ENDED
    }

    private final CopyRows rows;
    private final UnfinishedRow unfinished;
    private final BinaryHeader header = new BinaryHeader();
    private final BinaryRow row;
    private State state = State.HEADER;

    BinarySplitter(CopyKeyColumn key, int rowBytesMax, CopyRows rows) {
        this.rows = rows;
        this.unfinished = new UnfinishedRow(rowBytesMax);
        this.row = new BinaryRow(key);
    }

    @Override
    public void feed(ByteBuf chunk) {
        int position = chunk.readerIndex();
        int end = chunk.writerIndex();
        while (position < end) {
            if (state == State.ENDED) {
                throw CopyFailure.badFormat("received copy data after EOF marker", unfinished.number());
            }
            position = unfinished.isEmpty() ? readInPlace(chunk, position, end) : readHeld(chunk, position, end);
        }
    }

    @Override
    public void end() {
        if (state == State.HEADER) {
            throw CopyFailure.badFormat("COPY file signature not recognized", 0);
        }
        if (!unfinished.isEmpty()) {
            throw CopyFailure.badFormat("unexpected EOF in COPY data", unfinished.number());
        }
        state = State.ENDED;
    }

    /** Reads one unit, and holds what is there when it is not whole; gives the position behind it. */
    private int readInPlace(ByteBuf chunk, int start, int end) {
        while (wanted() <= end - start) {
            if (isComplete()) {
                int length = (int) wanted();
                onComplete(chunk.slice(start, length));
                return start + length;
            }
            step(chunk, start);
        }
        unfinished.append(chunk, start, end - start);
        return end;
    }

    /** Adds to the held bytes as much as is wanted and no more; gives the position behind it. */
    private int readHeld(ByteBuf chunk, int start, int end) {
        int taken = (int) Math.min(wanted() - unfinished.length(), end - start);
        unfinished.append(chunk, start, taken);
        ByteBuf held = unfinished.bytes();
        while (wanted() <= held.readableBytes()) {
            if (isComplete()) {
                onComplete(held);
                break;
            }
            step(held, held.readerIndex());
        }
        return start + taken;
    }

    /** Bytes of the unit that must be there, which are not more than a row may have. */
    private long wanted() {
        long wanted = state == State.HEADER ? header.wanted() : row.wanted();
        unfinished.require(wanted);
        return wanted;
    }

    private boolean isComplete() {
        return state == State.HEADER ? header.isComplete() : row.isComplete();
    }

    private void step(ByteBuf bytes, int start) {
        if (state == State.HEADER) {
            header.step(bytes, start);
        } else {
            row.step(bytes, start, unfinished.number());
        }
    }

    private void onComplete(ByteBuf unit) {
        if (state == State.HEADER) {
            rows.onHeader(unit);
            state = State.ROWS;
            unfinished.restart();
        } else if (row.isEndOfData()) {
            rows.onEnd(unit);
            state = State.ENDED;
            unfinished.next();
        } else {
            rows.onRow(unit, row.isKeyNull() ? null : unit.slice(unit.readerIndex() + row.keyStart(), row.keyLength()));
            unfinished.next();
        }
        row.start();
    }
}
