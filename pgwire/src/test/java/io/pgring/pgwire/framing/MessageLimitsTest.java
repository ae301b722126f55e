package io.pgring.pgwire.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.pgwire.ProtocolViolation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageLimitsTest {
    @Test
    void knowsEveryFrontendMessageAndNoOther() {
        assertThat(typesOf(MessageLimits.FRONTEND)).isEqualTo("BCDEFHPQSXcdfp");
    }

    @Test
    void knowsEveryBackendMessageAndNoOther() {
        assertThat(typesOf(MessageLimits.BACKEND)).isEqualTo("123ACDEGHIKNRSTVWZcdnstv");
    }

    private static String typesOf(MessageLimits limits) {
        StringBuilder types = new StringBuilder();
        for (int type = 0; type < 256; type++) {
            try {
                assertThat(limits.bodyBytesMax((byte) type)).isPositive();
                types.append((char) type);
            } catch (ProtocolViolation violation) {
                assertThat(violation.fatal()).isTrue();
                assertThat(violation).hasMessageEndingWith(" message type " + type);
            }
        }
        return types.toString();
    }

    @ParameterizedTest
    @CsvSource({"Q,1073741818", "P,1073741818", "B,1073741818", "F,1073741818", "d,1073741818", "p,65531"})
    void limitsFrontendMessagesAsPostgresDoes(char type, int bodyBytesMax) {
        assertThat(MessageLimits.FRONTEND.bodyBytesMax((byte) type)).isEqualTo(bodyBytesMax);
    }

    @ParameterizedTest
    @ValueSource(chars = {'E', 'D', 'C', 'H', 'S', 'X', 'c', 'f'})
    void limitsSmallFrontendMessagesToTenThousandBytes(char type) {
        assertThat(MessageLimits.FRONTEND.bodyBytesMax((byte) type)).isEqualTo(9_996);
    }

    @ParameterizedTest
    @CsvSource({"D,1073741819", "d,1073741819", "T,1073741819", "t,262142", "Z,29996", "S,1048576", "R,65531"})
    void limitsBackendMessages(char type, int bodyBytesMax) {
        assertThat(MessageLimits.BACKEND.bodyBytesMax((byte) type)).isEqualTo(bodyBytesMax);
    }

    @Test
    void hasNoTypeZero() {
        assertThatThrownBy(() -> MessageLimits.BACKEND.bodyBytesMax((byte) 0)).isInstanceOf(ProtocolViolation.class);
    }
}
