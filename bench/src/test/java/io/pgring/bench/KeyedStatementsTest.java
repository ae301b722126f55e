package io.pgring.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The statements that are measured are what the tables say they are. */
class KeyedStatementsTest {
    @Test
    void everyTextHas57BytesAndAKeyOfItsOwn() {
        KeyedStatements statements = new KeyedStatements();
        Set<String> texts = new HashSet<>();

        for (int i = 0; i < 200; i++) {
            String text = new String(statements.next(), StandardCharsets.UTF_8);
            assertThat(text).hasSize(57).matches("SELECT value FROM kv WHERE key = 'user_\\d{7}' AND 1 = 1");
            texts.add(text);
        }

        assertThat(texts).hasSize(200);
    }
}
