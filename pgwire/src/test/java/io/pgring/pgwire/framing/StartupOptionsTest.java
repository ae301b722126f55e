package io.pgring.pgwire.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupOptionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-c geqo=off|geqo|off",
                "-cgeqo=off|geqo|off",
                "--geqo=off|geqo|off",
                "--work-mem=8MB|work_mem|8MB",
                "-c work-mem=8MB|work_mem|8MB",
                "` \t -c \n\n geqo=off\u000b`|geqo|off",
                "-c search_path=a,b|search_path|a,b",
                "-c search_path=a,\\ b|search_path|`a, b`",
                "-c a=b=c|a|b=c",
                "-c a=|a|``",
                "-c a=\\\\x|a|\\x",
                "-c a=b\\|a|b",
                "-c my.setting=x|my.setting|x",
                "-c a=-c|a|-c",
                "--a=\u00e4\u20ac|a|\u00e4\u20ac",
            })
    void takesTheFormsOfThePostgresCommandLine(String options, String name, String value) {
        assertThat(StartupOptions.parse(options)).containsExactly(Map.entry(name, value));
    }

    @Test
    void takesSeveralInOrderAndTheLastOfTheSameName() {
        assertThat(StartupOptions.parse("-c b=1 --a=2 -cb=3"))
                .containsExactly(Map.entry("b", "3"), Map.entry("a", "2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void takesNothing(String options) {
        assertThat(StartupOptions.parse(options)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-c|invalid command-line argument for server process: -c",
                "-c geqo|-c geqo requires a value",
                "--geqo|--geqo requires a value",
                "--|-- requires a value",
                "-c =x|invalid command-line argument for server process: -c =x",
                "-x|invalid command-line argument for server process: -x",
                "geqo=off|invalid command-line argument for server process: geqo=off",
                "-c a=b c|invalid command-line argument for server process: c",
                "\\|invalid command-line argument for server process: ``",
            })
    void refusesAnythingElse(String options, String message) {
        assertThatThrownBy(() -> StartupOptions.parse(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message.replace("`", ""));
    }

    @Test
    void readsBackWhateverWasEscaped() {
        long seed = 20_261_122;
        Random random = new Random(seed);
        String alphabet = "ab \\\t\n=-c'\u00e4";
        for (int round = 0; round < 2_000; round++) {
            Map<String, String> parameters = new LinkedHashMap<>();
            StringBuilder options = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                StringBuilder value = new StringBuilder();
                for (int j = random.nextInt(8); j > 0; j--) {
                    value.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                parameters.put("n" + i, value.toString());
                options.append(random.nextBoolean() ? " -c n" : "\t--n")
                        .append(i)
                        .append('=');
                value.chars().forEach(c -> options.append('\\').append((char) c));
            }
            assertThat(StartupOptions.parse(options.toString()))
                    .as("seed %d round %d: %s", seed, round, options)
                    .isEqualTo(parameters);
        }
    }
}
