package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/**
 * NotificationResponse (B): a NOTIFY reached this session.
 *
 * @param processId the notifying backend
 * @param channel the channel's name
 * @param payload the text that was given, perhaps empty
 */
public record NotificationResponse(int processId, String channel, String payload) implements BackendMessage {
    /** Borrows the body. */
    public static NotificationResponse decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        int processId = reader.int32();
        String channel = reader.string();
        String payload = reader.string();
        reader.end();
        return new NotificationResponse(processId, channel, payload);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.NOTIFICATION_RESPONSE)
                .int32(processId)
                .string(channel)
                .string(payload)
                .end();
    }
}
