package io.pgring.proxy.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.pgring.proxy.merge.value.MergeFailure;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The expected texts are what PostgreSQL reads as the rows; those of values that need no quotes could be shorter. */
class RowArrayTest {
    private final RowArray array = new RowArray(1000);

    private static DataRowView row(@Nullable String... values) {
        ByteBuf body = Unpooled.buffer();
        body.writeShort(values.length);
        for (String value : values) {
            byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
            body.writeInt(value == null ? -1 : bytes.length);
            body.writeBytes(bytes);
        }
        DataRowView view = new DataRowView(values.length);
        view.wrap(body);
        return view;
    }

    private String text() {
        return new String(array.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void noRows() {
        assertEquals("{}", text());
    }

    @Test
    void valuesAreQuotedTwice() {
        array.add(row("a", null, ""), new int[] {0, 1, 2});
        array.add(row("say \"x\"", "\\", "{,()}é"), new int[] {0, 1, 2});
        assertEquals(
                "{\"(\\\"a\\\",,\\\"\\\")\",\"(\\\"say \\\"\\\"x\\\"\\\"\\\",\\\"\\\\\\\\\\\",\\\"{,()}é\\\")\"}",
                text());
        assertEquals(2, array.rows());
    }

    @Test
    void columnsMayBeAbsentOrInAnotherOrder() {
        array.add(row("a", "b"), new int[] {1, -1, 0});
        assertEquals("{\"(\\\"b\\\",,\\\"a\\\")\"}", text());
    }

    @Test
    void wholeRowsAreQuotedOnce() {
        array.addWhole(row("(1,\"a b\",\\\\)"), 0);
        assertEquals("{\"(1,\\\"a b\\\",\\\\\\\\)\"}", text());
    }

    @Test
    void tooMuchFails() {
        MergeFailure failure = assertThrows(MergeFailure.class, () -> array.addWhole(row("x".repeat(1000)), 0));
        assertEquals("54000", failure.sqlState());
    }
}
