package io.pgring.pgwire.framing;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.frontend.CancelRequest;
import io.pgring.pgwire.frontend.GSSENCRequest;
import io.pgring.pgwire.frontend.SSLRequest;
import io.pgring.pgwire.frontend.StartupMessage;
import io.pgring.pgwire.frontend.StartupPacket;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the first packets of a connection, one at a time: Int32 length (which counts itself), Int32 code, body. Compare
 * PostgreSQL's backend_startup.c, ProcessStartupPacket. Holds no state: what is incomplete stays in the buffer.
 */
public final class StartupDecoder {
    /** The length field and the code. */
    private static final int PACKET_BYTES_MIN = 8;
    /** MAX_STARTUP_PACKET_LENGTH. */
    private static final int PACKET_BYTES_MAX = 10_000;
    /** The type of a TLS record with a handshake in it. */
    private static final byte TLS_HANDSHAKE = 0x16;

    /** Whether the first byte begins a TLS handshake instead of a packet: PostgreSQL 17's direct TLS. False for no bytes. */
    public static boolean isTlsHandshake(ByteBuf in) {
        return in.isReadable() && in.getByte(in.readerIndex()) == TLS_HANDSHAKE;
    }

    /**
     * Consumes the packet at the buffer's readerIndex and returns it; null, and nothing consumed, while it is incomplete.
     * Borrows the buffer.
     *
     * @throws ProtocolViolation on a TLS handshake, a length below 8 or above 10,000, a malformed body, or a major version other
     *     than 3 (with SQLSTATE 0A000); nothing is consumed
     */
    public @Nullable StartupPacket decode(ByteBuf in) {
        if (isTlsHandshake(in)) {
            throw new ProtocolViolation("received a TLS handshake instead of a startup packet");
        }
        if (in.readableBytes() < Integer.BYTES) {
            return null;
        }
        int start = in.readerIndex();
        int length = in.getInt(start);
        if (length < PACKET_BYTES_MIN || length > PACKET_BYTES_MAX) {
            throw new ProtocolViolation("invalid length of startup packet");
        }
        if (in.readableBytes() < length) {
            return null;
        }
        try {
            StartupPacket packet =
                    decodePacket(new BodyReader(in.slice(start + Integer.BYTES, length - Integer.BYTES)));
            in.skipBytes(length);
            return packet;
        } catch (ProtocolViolation violation) {
            throw violation.asFatal();
        }
    }

    private static StartupPacket decodePacket(BodyReader reader) {
        int code = reader.int32();
        return switch (code) {
            case CancelRequest.CODE -> decodeCancelRequest(reader);
            case SSLRequest.CODE -> {
                reader.end();
                yield new SSLRequest();
            }
            case GSSENCRequest.CODE -> {
                reader.end();
                yield new GSSENCRequest();
            }
            default -> decodeStartupMessage(code >>> 16, code & 0xFFFF, reader);
        };
    }

    private static CancelRequest decodeCancelRequest(BodyReader reader) {
        int processId = reader.int32();
        int keyBytes = reader.remaining();
        if (keyBytes < CancelRequest.SECRET_KEY_BYTES_MIN || keyBytes > CancelRequest.SECRET_KEY_BYTES_MAX) {
            throw new ProtocolViolation("invalid length of cancel request packet");
        }
        return new CancelRequest(processId, reader.rest());
    }

    private static StartupMessage decodeStartupMessage(int major, int minor, BodyReader reader) {
        if (major != StartupMessage.MAJOR) {
            throw new ProtocolViolation(
                    ProtocolViolation.FEATURE_NOT_SUPPORTED,
                    "unsupported frontend protocol " + major + "." + minor + ": server supports 3.0 to 3."
                            + StartupMessage.NEWEST_MINOR);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        while (true) {
            String name = reader.string();
            if (name.isEmpty()) {
                break;
            }
            // PostgreSQL cleans this one alone, because applications put anything into it.
            boolean isShownOnly = name.equals("application_name");
            parameters.put(name, isShownOnly ? reader.lenientString() : reader.string());
        }
        if (reader.remaining() > 0) {
            throw new ProtocolViolation("invalid startup packet layout: expected terminator as last byte");
        }
        return new StartupMessage(major, minor, parameters);
    }
}
