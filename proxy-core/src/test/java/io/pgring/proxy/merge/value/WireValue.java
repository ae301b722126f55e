package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A value between other bytes, so that positions in the buffer differ from positions in the value. */
record WireValue(ByteBuf buffer, int start, int length) {
    static WireValue of(byte[] bytes) {
        ByteBuf buffer = Unpooled.buffer().writeBytes(new byte[] {'7', '.', '7'});
        buffer.writeBytes(bytes).writeBytes(new byte[] {'7', '.', '7'});
        return new WireValue(buffer, 3, bytes.length);
    }

    static WireValue text(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static WireValue hex(String digits) {
        return of(HexFormat.of().parseHex(digits));
    }

    long read(LongReader reader) {
        return reader.read(buffer, start, length);
    }

    int compareTo(WireValue that, ValueOrder order) {
        return order.compare(buffer, start, length, that.buffer, that.start, that.length);
    }

    long abbreviated(ValueOrder order) {
        return order.abbreviate(buffer, start, length);
    }

    Numeric numeric(int format) {
        return Numeric.decode(format, buffer, start, length);
    }
}
