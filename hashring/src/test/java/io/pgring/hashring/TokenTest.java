package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokenTest {

    @Test
    void tokensAreTheHashesOfPostgreSql() {
        assertThat(Token.toUnsigned(Token.ofText(""))).isEqualTo(2817148525L);
        assertThat(Token.toUnsigned(Token.ofText("user_1"))).isEqualTo(80174397L);
        assertThat(Token.toUnsigned(Token.ofText("größe"))).isEqualTo(4250742474L);
        assertThat(Token.toUnsigned(Token.ofText("🔑"))).isEqualTo(1167795871L);
        assertThat(Token.toUnsigned(Token.ofText("The quick brown fox"))).isEqualTo(4007789807L);
        assertThat(Token.toUnsigned(Token.ofLong(42))).isEqualTo(1509752520L);
        assertThat(Token.toUnsigned(Token.ofLong(-1))).isEqualTo(385747274L);
        assertThat(Token.toUnsigned(Token.ofLong(1L << 40))).isEqualTo(1851357687L);
        assertThat(Token.toUnsigned(Token.ofLong(Long.MIN_VALUE))).isEqualTo(4198209043L);
        UUID uuid = UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        assertThat(Token.toUnsigned(Token.ofUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits())))
                .isEqualTo(1154666245L);
    }

    @Test
    void aTextHasOneTokenAsStringAndAsBytesAnywhereInAnArray() {
        Random random = Seed.random("TokenTest");
        for (int i = 0; i < 20_000; i++) {
            String text = RandomText.of(random, 60);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            int before = random.nextInt(20);
            byte[] surrounded = new byte[before + utf8.length + random.nextInt(20)];
            Arrays.fill(surrounded, (byte) random.nextInt());
            System.arraycopy(utf8, 0, surrounded, before, utf8.length);

            int token = Token.ofText(utf8, 0, utf8.length);

            assertThat(Token.ofText(text)).as(text).isEqualTo(token);
            assertThat(Token.ofText(surrounded, before, utf8.length)).as(text).isEqualTo(token);
        }
    }

    @Test
    void everyCodePointIsEncodedAsTheJdkDoes() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String text = Character.toString(codePoint);
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                if (Token.ofText(text) != Token.ofText(utf8, 0, utf8.length)) {
                    assertThat(Token.ofText(text)).as("U+%x", codePoint).isEqualTo(Token.ofText(utf8, 0, utf8.length));
                }
            }
        }
    }

    @Test
    void anUnpairedSurrogateIsRefusedAndNotHashedAsAQuestionMark() {
        for (String text : new String[] {"ab\ud800", "\udc00", "\ud83d \udd11", "\udd11\ud83d"}) {
            assertThatThrownBy(() -> Token.ofText(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("unpaired surrogate at index");
        }
    }

    @Test
    void aRangeOutsideTheArrayIsRefused() {
        byte[] utf8 = new byte[8];
        assertThatThrownBy(() -> Token.ofText(utf8, 1, 8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Token.ofText(utf8, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Token.ofText(utf8, 2, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aTokenIsUnsigned() {
        assertThat(Token.toUnsigned(0)).isZero();
        assertThat(Token.toUnsigned(-1)).isEqualTo(Token.RING_SIZE - 1);
    }
}
