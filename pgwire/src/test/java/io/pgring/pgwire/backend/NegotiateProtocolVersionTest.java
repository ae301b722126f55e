package io.pgring.pgwire.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.frontend.StartupMessage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiateProtocolVersionTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void isNotSentToAFrontendThatAsksForNothingUnknown(int minor) {
        assertThat(NegotiateProtocolVersion.answerTo(new StartupMessage(3, minor, Map.of("user", "u"))))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"3,196610", "9999,196610", "65535,196610"})
    void offersTheNewestVersionToAFrontendThatAsksForMore(int minor, int version) {
        NegotiateProtocolVersion answer = Objects.requireNonNull(
                NegotiateProtocolVersion.answerTo(new StartupMessage(3, minor, Map.of("user", "u"))));
        assertThat(answer.newestVersion()).isEqualTo(version);
        assertThat(answer.unrecognizedOptions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,196608", "1,196608", "2,196610", "9999,196610"})
    void listsUnknownOptionsAndNeverGoesAboveWhatWasAsked(int minor, int version) {
        assertThat(NegotiateProtocolVersion.answerTo(new StartupMessage(3, minor, Map.of("_pq_.test", "x"))))
                .isEqualTo(new NegotiateProtocolVersion(version, List.of("_pq_.test")));
    }

    @Test
    void packsVersionsAsOneNumber() {
        assertThat(StartupMessage.packed(3, 0)).isEqualTo(196608);
        assertThat(StartupMessage.packed(3, 2)).isEqualTo(196610);
    }
}
