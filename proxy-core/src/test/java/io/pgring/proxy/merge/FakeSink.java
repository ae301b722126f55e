package io.pgring.proxy.merge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.backend.DataRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Rows as lists of texts, and room for as many as the test says. */
final class FakeSink implements RowSink {
    private final List<DataRow> rows = new ArrayList<>();
    private int room = Integer.MAX_VALUE;

    @Override
    public void row(ByteBuf body, int columns) {
        int start = body.readerIndex() + Short.BYTES;
        ByteBuf cut = Unpooled.buffer().writeShort(columns);
        cut.writeBytes(body, start, DataRowView.prefixEnd(body, columns) - start);
        rows.add(DataRow.decode(cut));
        room--;
    }

    @Override
    public boolean isWritable() {
        return room > 0;
    }

    void makeRoom(int forRows) {
        room = forRows;
    }

    List<DataRow> rows() {
        return rows;
    }

    /** Each row as its values with commas between them. */
    List<String> texts() {
        return rows.stream().map(FakeSink::text).toList();
    }

    private static String text(DataRow row) {
        List<String> texts = new ArrayList<>();
        for (byte[] value : row.values()) {
            texts.add(value == null ? "NULL" : new String(value, StandardCharsets.UTF_8));
        }
        return String.join(",", texts);
    }
}
