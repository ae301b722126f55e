package io.pgring.pgwire.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.pgring.pgwire.Wire;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The view against the plain decoder as the reference. */
class BindViewPropertyTest {
    private static final long SEED = 20_261_122;

    @Test
    void readsWhatTheRecordHolds() {
        Random random = new Random(SEED);
        BindView view = new BindView();
        for (int round = 0; round < 2_000; round++) {
            Bind bind = randomBind(random);
            ByteBuf body = Wire.buffer(Wire.encoded(bind::encode)).skipBytes(5);
            int prefixLength = random.nextInt(body.readableBytes() + 1);
            String description = "seed " + SEED + " round " + round;
            view.wrap(body);
            assertSame(view, body, bind, description);
            assertThat(view.resultFormatCount()).as(description).isEqualTo(bind.resultFormats().length);
            ByteBuf prefix = body.slice(body.readerIndex(), prefixLength);
            if (view.wrapPrefix(prefix, body.readableBytes())) {
                assertSame(view, prefix, bind, description + " prefix " + prefixLength);
            }
        }
    }

    private static void assertSame(BindView view, ByteBuf body, Bind bind, String description) {
        assertThat(view.portal()).as(description).isEqualTo(bind.portal());
        assertThat(view.statement()).as(description).isEqualTo(bind.statement());
        assertThat(view.parameterCount()).as(description).isEqualTo(bind.parameters().length);
        for (int i = 0; i < bind.parameters().length; i++) {
            int[] formats = bind.parameterFormats();
            int format = formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : i];
            assertThat(view.parameterFormat(i)).as(description).isEqualTo(format);
            if (view.parameterAvailable(i)) {
                int length = view.parameterLength(i);
                byte[] value = length < 0 ? null : ByteBufUtil.getBytes(body, view.parameterStart(i), length);
                assertThat(value).as(description).isEqualTo(bind.parameters()[i]);
            }
        }
    }

    private static Bind randomBind(Random random) {
        byte[][] parameters = new byte[random.nextInt(random.nextInt(10) == 0 ? 300 : 6)][];
        for (int i = 0; i < parameters.length; i++) {
            if (random.nextInt(5) > 0) {
                parameters[i] = new byte[random.nextInt(20)];
                random.nextBytes(parameters[i]);
            }
        }
        int formatCount = switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> 1;
            default -> parameters.length;
        };
        return new Bind(
                name(random),
                name(random),
                random.ints(formatCount, 0, 2).toArray(),
                parameters,
                random.ints(random.nextInt(4), 0, 2).toArray());
    }

    private static String name(Random random) {
        return random.nextBoolean() ? "" : "n\u00e4me_" + random.nextInt(1_000);
    }
}
