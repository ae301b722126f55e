package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** Feeds data in pieces. A piece is overwritten once it was fed, so that nobody can still look at it. */
final class Splitting {
    static final int ROW_BYTES_MAX = 1 << 20;

    private Splitting() {}

    /** All of it in one piece. */
    static RecordingRows whole(CopyFormat format, CopyKeyColumn key, byte[] data) {
        return cut(format, key, data, new int[0]);
    }

    /** A piece for each byte. */
    static RecordingRows everywhere(CopyFormat format, CopyKeyColumn key, byte[] data) {
        int[] cuts = new int[data.length];
        Arrays.setAll(cuts, i -> i);
        return cut(format, key, data, cuts);
    }

    /** Pieces between ascending places. */
    static RecordingRows cut(CopyFormat format, CopyKeyColumn key, byte[] data, int[] cuts) {
        RecordingRows rows = new RecordingRows();
        CopyRowSplitter splitter = CopyRowSplitter.of(format, key, ROW_BYTES_MAX, rows);
        int from = 0;
        for (int cut : cuts) {
            feed(splitter, data, from, cut);
            from = cut;
        }
        feed(splitter, data, from, data.length);
        splitter.end();
        return rows;
    }

    private static void feed(CopyRowSplitter splitter, byte[] data, int from, int to) {
        ByteBuf chunk =
                Unpooled.buffer().writeZero(3).writeBytes(data, from, to - from).skipBytes(3);
        splitter.feed(chunk);
        chunk.setBytes(0, new byte[chunk.capacity()]);
    }
}
