package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;

/**
 * Cuts the data of one COPY FROM STDIN into rows and finds the key of each. Not thread-safe; worthless after a {@link
 * CopyFailure}. It holds heap memory alone, so that nothing need be released.
 */
public interface CopyRowSplitter {
    /**
     * A splitter for one COPY.
     *
     * @param rowBytesMax the largest row that is taken
     */
    static CopyRowSplitter of(CopyFormat format, CopyKeyColumn key, int rowBytesMax, CopyRows rows) {
        if (format instanceof CopyFormat.Text text) {
            return new LineSplitter(new TextLines(text, key), text.header(), rowBytesMax, rows);
        }
        if (format instanceof CopyFormat.Csv csv) {
            return new LineSplitter(new CsvLines(csv, key), csv.header(), rowBytesMax, rows);
        }
        return new BinarySplitter(key, rowBytesMax, rows);
    }

    /**
     * The body of one CopyData, all its readable bytes. Borrows it and leaves its indexes alone; what belongs to an unfinished row
     * is copied.
     *
     * @throws CopyFailure when the data is malformed, or a row too large
     */
    void feed(ByteBuf chunk);

    /**
     * CopyDone: no data comes anymore.
     *
     * @throws CopyFailure when the data ends within a row
     */
    void end();
}
