package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.FrontendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * PasswordMessage (F): the answer to AuthenticationCleartextPassword or AuthenticationMD5Password.
 *
 * @param password as it was sent, in whatever encoding the client uses, without the terminating zero byte
 */
@SuppressWarnings("ArrayRecordComponent")
public record PasswordMessage(byte[] password) implements FrontendMessage {
    /** A message with this password in UTF-8. */
    public static PasswordMessage of(String password) {
        return new PasswordMessage(password.getBytes(StandardCharsets.UTF_8));
    }

    /** The password, read as UTF-8. */
    public String text() {
        return new String(password, StandardCharsets.UTF_8);
    }

    /** Borrows the body. */
    public static PasswordMessage decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        PasswordMessage message = new PasswordMessage(reader.stringBytes());
        reader.end();
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, FrontendType.PASSWORD_MESSAGE)
                .stringBytes(password)
                .end();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PasswordMessage that && Arrays.equals(password, that.password);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(password);
    }
}
