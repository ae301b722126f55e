package io.pgring.pgwire.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorFieldsTest {
    @Test
    void isBuiltStepByStep() {
        ErrorResponse error = ErrorResponse.fatal("08006", "shard \"shard-1\" is not reachable")
                .detail("The connection was refused.")
                .hint("Start it.")
                .position(7)
                .where("routing")
                .detail("It is down.");

        assertThat(error.sqlState()).isEqualTo("08006");
        assertThat(error.message()).isEqualTo("shard \"shard-1\" is not reachable");
        assertThat(error.fields().severity()).isEqualTo("FATAL");
        assertThat(error.fields().detail()).isEqualTo("It is down.");
        assertThat(error.fields().hint()).isEqualTo("Start it.");
        assertThat(error.fields().get(ErrorFields.POSITION)).isEqualTo("7");
        assertThat(error.fields().get(ErrorFields.WHERE)).isEqualTo("routing");
        assertThat(error.fields().get(ErrorFields.FILE)).isNull();
        assertThat(error.fields().list()).hasSize(8);
    }

    @Test
    void keepsUnknownFieldsAndTheirOrder() {
        byte[] body = Wire.bytes("'Mhello' 00 '?odd' 00 'C42P01' 00 00");
        ErrorResponse error = ErrorResponse.decode(Wire.buffer(body));

        assertThat(error.fields().get((byte) '?')).isEqualTo("odd");
        assertThat(Wire.encoded(error::encode)).endsWith(body);
    }

    @Test
    void toleratesAnErrorThatSaysNothing() {
        ErrorResponse error = ErrorResponse.decode(Wire.buffer(new byte[1]));

        assertThat(error.sqlState()).isEqualTo("XX000");
        assertThat(error.message()).isEmpty();
        assertThat(error.fields().severity()).isEmpty();
        assertThat(error.fields().detail()).isNull();
    }

    @Test
    void readsTheTranslatedSeverityWhenThereIsNoOther() {
        assertThat(new NoticeResponse(new ErrorFields(
                                List.of(new ErrorFields.Field(ErrorFields.SEVERITY_LOCALIZED, "WARNUNG"))))
                        .fields()
                        .severity())
                .isEqualTo("WARNUNG");
    }

    @Test
    void readsTextThatIsNotUtf8() {
        ErrorResponse error = ErrorResponse.decode(Wire.buffer(Wire.bytes("'Mr' f4 'le' 00 00")));

        assertThat(error.message()).isEqualTo("r\ufffdle");
    }

    @Test
    void answersAViolationAsDeeplyAsItWent() {
        ErrorResponse fatal = ErrorResponse.of(new ProtocolViolation("0A000", "no"));
        ErrorResponse error = ErrorResponse.of(ProtocolViolation.inBody("maybe"));

        assertThat(fatal).isEqualTo(ErrorResponse.fatal("0A000", "no"));
        assertThat(error).isEqualTo(ErrorResponse.error("08P01", "maybe"));
    }

    @Test
    void noticesHaveTheSameFields() {
        NoticeResponse notice =
                NoticeResponse.notice("hello").detail("d").hint("h").position(1).where("w");

        assertThat(notice.sqlState()).isEqualTo("00000");
        assertThat(notice.message()).isEqualTo("hello");
        assertThat(notice.fields().severity()).isEqualTo("NOTICE");
    }
}
