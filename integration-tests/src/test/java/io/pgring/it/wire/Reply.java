package io.pgring.it.wire;

import io.netty.buffer.Unpooled;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.ReadyForQuery;
import io.pgring.pgwire.backend.RowDescription;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One message from a server or the proxy.
 *
 * @param type its type byte
 * @param body what follows the length
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reply(byte type, byte[] body) {
    /** The server's words about a Bind that doesn't fit have the name by which the server, not the client, knows the statement. */
    private static final Pattern STATEMENT_NAME = Pattern.compile("prepared statement \"[^\"]*\" requires");

    private static final int SHOWN_CHARACTERS_MAX = 200;

    /** Whether it is of this type. */
    public boolean is(byte wanted) {
        return type == wanted;
    }

    /** The message, decoded. */
    public BackendMessage decode() {
        return BackendMessage.decode(type, Unpooled.wrappedBuffer(body));
    }

    /** The SQLSTATE of an ErrorResponse. */
    public String sqlState() {
        return error().sqlState();
    }

    /** An ErrorResponse, decoded. */
    public ErrorResponse error() {
        return (ErrorResponse) decode();
    }

    /** The first column of a DataRow, as text. */
    public String value() {
        return new String(((DataRow) decode()).values()[0], StandardCharsets.UTF_8);
    }

    /** What it says, without what may differ between two servers: oids of tables, places in the server's source. */
    public String text() {
        return switch (type) {
            case BackendType.ERROR_RESPONSE -> "E " + text(error().fields());
            case BackendType.NOTICE_RESPONSE -> "N " + text(((NoticeResponse) decode()).fields());
            case BackendType.ROW_DESCRIPTION -> "T " + text((RowDescription) decode());
            case BackendType.READY_FOR_QUERY -> "Z " + ((ReadyForQuery) decode()).status();
            case BackendType.COMMAND_COMPLETE -> "C " + ((CommandComplete) decode()).tag();
            default -> (char) type + " " + shown();
        };
    }

    /** As {@link #text()}, with all fields of errors and notices that don't tell of the server's source. */
    public String fullText() {
        return switch (type) {
            case BackendType.ERROR_RESPONSE -> text() + more(error().fields());
            case BackendType.NOTICE_RESPONSE -> text() + more(((NoticeResponse) decode()).fields());
            default -> text();
        };
    }

    private static String more(ErrorFields fields) {
        return fields.list().stream()
                .filter(field -> "HPpqWstcdn".indexOf(field.code()) >= 0)
                .map(field -> " | " + (char) field.code() + " " + field.value())
                .collect(Collectors.joining());
    }

    private static String text(ErrorFields fields) {
        String message = STATEMENT_NAME.matcher(fields.message()).replaceAll("prepared statement \"...\" requires");
        return fields.severity() + " " + fields.sqlState() + " " + message
                + (fields.detail() == null ? "" : " | " + fields.detail());
    }

    private static String text(RowDescription row) {
        return row.fields().stream()
                .map(field -> field.name() + ":" + field.typeOid() + ":" + field.format()
                        + (field.tableOid() == 0 ? "" : "@" + field.columnAttribute()))
                .collect(Collectors.joining(" "));
    }

    private String shown() {
        StringBuilder text = new StringBuilder();
        for (byte b : body) {
            text.append(b >= ' ' && b < 127 ? (char) b : '.');
            if (text.length() >= SHOWN_CHARACTERS_MAX) {
                return text.append("... ").append(body.length).append(" bytes").toString();
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
