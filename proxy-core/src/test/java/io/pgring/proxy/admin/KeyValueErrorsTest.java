package io.pgring.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.backend.ErrorResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyValueErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "08006,503",
        "53300,503",
        "57P01,503",
        "57P03,503",
        "40P01,503",
        "25006,503",
        "57014,504",
        "22P02,400",
        "23514,400",
        "54000,400",
        "0A000,400",
        "42P01,500",
        "42501,500",
        "XX000,500",
        "'',500"
    })
    void findsTheStatus(String sqlState, int status) {
        assertThat(KeyValueErrors.status(sqlState).code()).isEqualTo(status);
    }

    @Test
    void saysWhatPostgresqlSays() {
        ErrorResponse error =
                ErrorResponse.error("08006", "could not connect").detail("D.").hint("H.");

        assertThat(KeyValueErrors.answer(new KeyValueReply.Failed("shard-1", error))
                        .body())
                .isEqualTo(new Problem("could not connect", "D.", "H.", "shard-1", "08006"));
    }
}
