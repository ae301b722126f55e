package io.pgring.it.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgring.it.wire.Reply;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.NotificationResponse;
import io.pgring.pgwire.backend.RowDescription;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client sees of the answer to one question, one line for each message. Rows whose order is not determined are sorted; those of a
 * statement that fails are left out, since how many come before the error is nobody's promise. Oids of tables differ between any two
 * servers and are left out as well.
 *
 * @param strict also with the words of errors, not their SQLSTATE alone, and with what came before them in the extended protocol
 */
record Answer(List<Reply> replies, boolean ordered, boolean strict) {
    /** ParseComplete, BindComplete, and descriptions: whether an error is found before or after them is a matter of who looks. */
    private static final Pattern OF_THE_EXTENDED_PROTOCOL = Pattern.compile("[12tnT] ");

    /** The error of the proxy or of a server, if there is one. */
    @Nullable
    ErrorFields error() {
        return replies.stream()
                .filter(reply -> reply.is(BackendType.ERROR_RESPONSE))
                .map(reply -> reply.error().fields())
                .findFirst()
                .orElse(null);
    }

    /** The state of the transaction after it. */
    String status() {
        return replies.get(replies.size() - 1).text();
    }

    /** The lines that are compared. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (Reply reply : replies) {
            if (reply.is(BackendType.DATA_ROW) || reply.is(BackendType.COPY_DATA)) {
                rows.add(line(reply));
                continue;
            }
            if (!ordered) {
                Collections.sort(rows);
            }
            if (isPlan(reply)) {
                rows.clear();
            }
            if (!reply.is(BackendType.ERROR_RESPONSE)) {
                lines.addAll(rows);
            } else if (!strict) {
                lines.removeIf(line -> OF_THE_EXTENDED_PROTOCOL.matcher(line).lookingAt());
            }
            rows.clear();
            if (!reply.is(BackendType.PARAMETER_STATUS)) {
                lines.add(line(reply));
            }
        }
        return lines;
    }

    /** What EXPLAIN says is about the servers, not about the rows. */
    private static boolean isPlan(Reply reply) {
        return reply.is(BackendType.COMMAND_COMPLETE) && reply.text().endsWith("EXPLAIN");
    }

    private String line(Reply reply) {
        return switch (reply.type()) {
            case BackendType.DATA_ROW -> "D " + values((DataRow) reply.decode());
            // The process that notifies is another on each side.
            case BackendType.NOTIFICATION_RESPONSE -> "A " + ((NotificationResponse) reply.decode()).channel();
            case BackendType.COPY_DATA -> "d " + value(reply.body());
            case BackendType.ROW_DESCRIPTION -> "T " + columns((RowDescription) reply.decode());
            case BackendType.ERROR_RESPONSE -> "E " + words(reply.error().fields());
            case BackendType.NOTICE_RESPONSE -> "N " + words(((NoticeResponse) reply.decode()).fields());
            default -> reply.text();
        };
    }

    private String words(ErrorFields fields) {
        String code = fields.severity() + " " + fields.sqlState();
        return strict ? code + " " + fields.message() + " | " + fields.detail() : code;
    }

    private static String columns(RowDescription row) {
        return row.fields().stream()
                .map(field -> field.name() + ":" + field.typeOid() + ":" + field.typeSize() + ":" + field.typeModifier()
                        + ":" + field.format())
                .collect(Collectors.joining(" "));
    }

    private static String values(DataRow row) {
        List<String> values = new ArrayList<>();
        for (byte[] value : row.values()) {
            values.add(value == null ? "NULL" : value(value));
        }
        return String.join(", ", values);
    }

    private static String value(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        boolean readable = text.chars().noneMatch(c -> (c < ' ' && c != '\n') || c == '\ufffd');
        return readable ? "'" + text + "'" : "0x" + HexFormat.of().formatHex(bytes);
    }
}
