package io.pgring.pgwire.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartupMessageTest {
    @Test
    void takesTheUsersNameForAMissingDatabase() {
        assertThat(new StartupMessage(3, 0, Map.of("user", "u")).database()).isEqualTo("u");
        assertThat(new StartupMessage(3, 0, Map.of("user", "u", "database", "")).database())
                .isEqualTo("u");
        assertThat(new StartupMessage(3, 0, Map.of("user", "u", "database", "d")).database())
                .isEqualTo("d");
        assertThat(new StartupMessage(3, 0, Map.of("user", "")).user()).isNull();
        assertThat(new StartupMessage(3, 0, Map.of()).database()).isNull();
    }

    @Test
    void listsProtocolOptionsInOrder() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("_pq_.z", "");
        parameters.put("user", "_pq_.x");
        parameters.put("_pq_.a", "1");
        parameters.put("pq_.b", "1");
        assertThat(new StartupMessage(3, 2, parameters).protocolOptions()).containsExactly("_pq_.z", "_pq_.a");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "2,2", "3,2", "9999,2"})
    void speaksTheNewestVersionThatBothKnow(int asked, int spoken) {
        assertThat(new StartupMessage(3, asked, Map.of()).minorSpoken()).isEqualTo(spoken);
    }

    @Test
    void isImmutableAndChecked() {
        Map<String, String> parameters = new LinkedHashMap<>();
        StartupMessage message = new StartupMessage(3, 0, parameters);
        parameters.put("user", "u");
        assertThat(message.parameters()).isEmpty();
        assertThatThrownBy(() -> message.parameters().put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> new StartupMessage(3, 65_536, Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CancelRequest(1, new byte[3])).isInstanceOf(IllegalArgumentException.class);
    }
}
