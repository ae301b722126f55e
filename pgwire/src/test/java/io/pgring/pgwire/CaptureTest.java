package io.pgring.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.backend.Authentication;
import io.pgring.pgwire.backend.AuthenticationSASL;
import io.pgring.pgwire.backend.AuthenticationSASLContinue;
import io.pgring.pgwire.backend.AuthenticationSASLFinal;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NotificationResponse;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.framing.MessageLimits;
import io.pgring.pgwire.framing.StartupDecoder;
import io.pgring.pgwire.frontend.FrontendMessage;
import io.pgring.pgwire.frontend.SASLInitialResponse;
import io.pgring.pgwire.frontend.SASLResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of psql and pgbench with PostgreSQL 15, recorded byte by byte. */
class CaptureTest {
    @ParameterizedTest
    @ValueSource(strings = {"psql", "pgbench"})
    void everyByteOfABackendIsUnderstoodAndWrittenBack(String session) {
        byte[] stream = Wire.capture(session + ".backend");
        List<BackendMessage> messages = backendMessages(session);
        assertThat(Wire.encoded(out -> messages.forEach(message -> message.encode(out))))
                .isEqualTo(stream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"psql", "pgbench"})
    void everyByteOfAFrontendIsUnderstoodAndWrittenBack(String session) {
        byte[] stream = Wire.capture(session + ".frontend");
        ByteBuf in = Unpooled.wrappedBuffer(stream);
        ByteBuf out = Unpooled.buffer();
        var startup = Objects.requireNonNull(new StartupDecoder().decode(in));
        startup.encode(out);
        MessageCursor cursor = new MessageCursor(MessageLimits.FRONTEND);
        boolean chosen = false;
        while (cursor.next(in)) {
            ByteBuf body = in.slice(in.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
            FrontendMessage message;
            if (cursor.type() == FrontendType.PASSWORD_MESSAGE) {
                message = chosen ? SASLResponse.decode(body) : SASLInitialResponse.decode(body);
                chosen = true;
            } else {
                message = FrontendMessage.decode(cursor.type(), body);
            }
            message.encode(out);
            cursor.advance(in);
        }
        assertThat(in.isReadable()).isFalse();
        assertThat(ByteBufUtil.getBytes(out)).isEqualTo(stream);
    }

    @Test
    void psqlLoggedInAndGotItsRowsAndErrors() {
        List<BackendMessage> messages = backendMessages("psql");
        assertThat(messages.stream().filter(Authentication.class::isInstance).map(Object::getClass))
                .startsWith(AuthenticationSASL.class, AuthenticationSASLContinue.class, AuthenticationSASLFinal.class);
        assertThat(messages)
                .contains(
                        DataRow.ofText("user_1", "Alice"),
                        DataRow.ofText("user_2", null),
                        DataRow.ofText("schl\u00fcssel", "\u20ac"),
                        new CommandComplete("SELECT 3"),
                        new CommandComplete("COPY 2"));
        assertThat(messages.stream().filter(ErrorResponse.class::isInstance).map(m -> ((ErrorResponse) m).sqlState()))
                .containsExactly("22012", "42P01", "23505", "22012");
        assertThat(messages)
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                NotificationResponse.class,
                                notification ->
                                        assertThat(notification.payload()).isEqualTo("payload")));
    }

    private static List<BackendMessage> backendMessages(String session) {
        ByteBuf in = Unpooled.wrappedBuffer(Wire.capture(session + ".backend"));
        MessageCursor cursor = new MessageCursor(MessageLimits.BACKEND);
        List<BackendMessage> messages = new ArrayList<>();
        while (cursor.next(in)) {
            assertThat(cursor.isWhole(in)).isTrue();
            ByteBuf body = in.slice(in.readerIndex() + MessageCursor.HEADER_BYTES, cursor.bodyLength());
            messages.add(BackendMessage.decode(cursor.type(), body));
            cursor.advance(in);
        }
        assertThat(in.isReadable()).isFalse();
        return messages;
    }
}
