package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.backend.ErrorResponse;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GatherErrorsTest {
    private static ErrorResponse named(ErrorResponse error) {
        return Objects.requireNonNull(GatherErrors.named(error));
    }

    @Test
    void aShardThatTheHomeShardCannotReachIsNamed() {
        ErrorResponse told = named(ErrorResponse.error("08001", "could not connect to server \"pgring_shard-1\"")
                .detail("Connection refused"));

        assertThat(told.sqlState()).isEqualTo("08006");
        assertThat(told.message()).isEqualTo("could not connect to shard \"shard-1\"");
        assertThat(told.fields().detail()).isEqualTo("The home shard reads from it: Connection refused");
        assertThat(told.fields().hint()).isNotBlank();
    }

    @Test
    void foreignServersOfOthersAreNoneOfItsBusiness() {
        ErrorResponse other = ErrorResponse.error("08001", "could not connect to server \"archive\"");
        ErrorResponse quoting = ErrorResponse.error("22P02", "invalid input syntax: \"pgring_shard-1\"");

        assertThat(GatherErrors.named(other)).isNull();
        assertThat(GatherErrors.named(quoting)).isNull();
    }
}
