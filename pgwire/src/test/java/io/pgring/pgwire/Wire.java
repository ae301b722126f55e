package io.pgring.pgwire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes as they are on the wire, written so that a reader can check them against the manual. */
public final class Wire {
    private static final Pattern TOKEN = Pattern.compile("'([^']*)'|([0-9a-fA-F]+)");

    private Wire() {}

    /** Hexadecimal digits, and text between single quotes: {@code "'Q' 0000000d 'SELECT 1' 00"}. */
    public static byte[] bytes(String notation) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Matcher matcher = TOKEN.matcher(notation);
        while (matcher.find()) {
            String text = matcher.group(1);
            out.writeBytes(text != null ? text.getBytes(UTF_8) : HexFormat.of().parseHex(matcher.group(2)));
        }
        return out.toByteArray();
    }

    /** What something writes. */
    public static byte[] encoded(Consumer<ByteBuf> writing) {
        ByteBuf out = Unpooled.buffer();
        writing.accept(out);
        return ByteBufUtil.getBytes(out);
    }

    /** A buffer that begins in the middle of its memory, so that relative and absolute indexes differ. */
    public static ByteBuf buffer(byte[] bytes) {
        return Unpooled.buffer(bytes.length + 7)
                .writeBytes(new byte[] {9, 9, 9})
                .skipBytes(3)
                .writeBytes(bytes);
    }

    /** One direction of a session that was recorded from a real server. */
    public static byte[] capture(String name) {
        try (InputStream in = Wire.class.getResourceAsStream("capture/" + name + ".hex")) {
            String hex = new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
