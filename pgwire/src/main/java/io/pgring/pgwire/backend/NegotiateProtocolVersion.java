package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import io.pgring.pgwire.frontend.StartupMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * NegotiateProtocolVersion (B): the backend speaks an older minor version than was asked for, or does not know some protocol
 * options. Sent once, before authentication.
 *
 * @param newestVersion the version that will be spoken, packed whole: 196608 for 3.0, 196610 for 3.2. (The manual calls it a
 *     minor version, but server and libpq put the whole number there.)
 * @param unrecognizedOptions the names of the protocol options that the backend does not know
 */
public record NegotiateProtocolVersion(int newestVersion, List<String> unrecognizedOptions) implements BackendMessage {
    public NegotiateProtocolVersion {
        unrecognizedOptions = List.copyOf(unrecognizedOptions);
    }

    /**
     * The answer to a startup message; null when none is needed. The version is never above what was asked for, as libpq would
     * refuse that; and never 3.1, which libpq refuses as well. This module knows no protocol option, so each one is listed.
     */
    public static @Nullable NegotiateProtocolVersion answerTo(StartupMessage startup) {
        List<String> options = startup.protocolOptions();
        if (startup.minor() <= StartupMessage.NEWEST_MINOR && options.isEmpty()) {
            return null;
        }
        return new NegotiateProtocolVersion(
                StartupMessage.packed(StartupMessage.MAJOR, startup.minorSpoken()), options);
    }

    /** Borrows the body. */
    public static NegotiateProtocolVersion decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        int newestVersion = reader.int32();
        int count = reader.int32();
        if (count < 0 || count > reader.remaining()) {
            throw ProtocolViolation.insufficientData();
        }
        List<String> options = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            options.add(reader.string());
        }
        reader.end();
        return new NegotiateProtocolVersion(newestVersion, options);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter writer = MessageWriter.begin(out, BackendType.NEGOTIATE_PROTOCOL_VERSION)
                .int32(newestVersion)
                .int32(unrecognizedOptions.size());
        for (String option : unrecognizedOptions) {
            writer.string(option);
        }
        writer.end();
    }
}
