package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a splitter reports. */
final class RecordingRows implements CopyRows {
    private final List<byte[]> headers = new ArrayList<>();
    private final List<byte[]> rows = new ArrayList<>();
    private final List<byte @Nullable []> keys = new ArrayList<>();
    private final List<byte[]> markers = new ArrayList<>();
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    @Override
    public void onHeader(ByteBuf header) {
        headers.add(recorded(header));
    }

    @Override
    public void onRow(ByteBuf row, @Nullable ByteBuf key) {
        rows.add(recorded(row));
        keys.add(key == null ? null : ByteBufUtil.getBytes(key));
    }

    @Override
    public void onEnd(ByteBuf marker) {
        markers.add(recorded(marker));
    }

    private byte[] recorded(ByteBuf buffer) {
        byte[] bytes = ByteBufUtil.getBytes(buffer);
        all.writeBytes(bytes);
        return bytes;
    }

    /** Everything that was reported, in its order. */
    byte[] all() {
        return all.toByteArray();
    }

    List<String> headers() {
        return texts(headers);
    }

    List<String> rows() {
        return texts(rows);
    }

    List<String> markers() {
        return texts(markers);
    }

    List<String> keys() {
        return texts(keys);
    }

    /** Hexadecimal digits, N for NULL. */
    List<String> keyDigits() {
        return keys.stream()
                .map(key -> key == null ? "N" : HexFormat.of().formatHex(key))
                .toList();
    }

    private static List<String> texts(List<byte @Nullable []> values) {
        return values.stream()
                .map(value -> value == null ? "NULL" : new String(value, StandardCharsets.UTF_8))
                .toList();
    }
}
