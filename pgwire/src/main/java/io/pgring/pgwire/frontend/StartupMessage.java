package io.pgring.pgwire.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * StartupMessage (F): opens a session.
 *
 * @param major the protocol's major version
 * @param minor the minor version that the frontend asks for; it may be one that nobody knows
 * @param parameters in the order sent, protocol options ({@code _pq_.*}) among them; of a name sent twice the last value, as in
 *     PostgreSQL
 */
public record StartupMessage(int major, int minor, Map<String, String> parameters) implements StartupPacket {
    /** The only major version in use. */
    public static final int MAJOR = 3;
    /** The newest minor version that this module speaks. */
    public static final int NEWEST_MINOR = 2;

    /** What the names of protocol options begin with. */
    private static final String PROTOCOL_OPTION = "_pq_.";

    public StartupMessage {
        if (major < 0 || major > 0xFFFF || minor < 0 || minor > 0xFFFF) {
            throw new IllegalArgumentException("not a protocol version: " + major + "." + minor);
        }
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Major and minor version as one Int32: 196608 for 3.0, 196610 for 3.2. */
    public static int packed(int major, int minor) {
        return major << 16 | minor;
    }

    /**
     * The minor version that a session speaks after this message: 2 or 0. There is no 3.1: it was never released, and a
     * frontend that asks for it gets what 3.0 has.
     */
    public int minorSpoken() {
        return minor >= NEWEST_MINOR ? NEWEST_MINOR : 0;
    }

    /** The parameter "user"; null when missing or empty, which PostgreSQL refuses with 28000. */
    public @Nullable String user() {
        return nonEmpty("user");
    }

    /** The parameter "database"; the user's name when missing or empty. */
    public @Nullable String database() {
        String database = nonEmpty("database");
        return database == null ? user() : database;
    }

    /** The names of the protocol options ({@code _pq_.*}), in the order sent. */
    public List<String> protocolOptions() {
        return parameters.keySet().stream()
                .filter(name -> name.startsWith(PROTOCOL_OPTION))
                .toList();
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter writer = MessageWriter.beginUntyped(out).int32(packed(major, minor));
        parameters.forEach((name, value) -> writer.string(name).string(value));
        writer.int8(0).end();
    }

    private @Nullable String nonEmpty(String name) {
        String value = parameters.get(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
