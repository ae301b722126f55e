package io.pgring.pgwire.backend;

import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an ErrorResponse or NoticeResponse in the order sent; unknown ones are kept (manual, "Error and Notice Message
 * Fields"). Nothing is required when decoding: a server may leave even the SQLSTATE out.
 */
public record ErrorFields(List<Field> list) {
    /** The severity, perhaps translated. */
    public static final byte SEVERITY_LOCALIZED = 'S';

    /** The severity: ERROR, FATAL, PANIC, WARNING, NOTICE, DEBUG, INFO or LOG. */
    public static final byte SEVERITY = 'V';

    public static final byte SQL_STATE = 'C';
    public static final byte MESSAGE = 'M';
    public static final byte DETAIL = 'D';
    public static final byte HINT = 'H';
    public static final byte POSITION = 'P';
    public static final byte INTERNAL_POSITION = 'p';
    public static final byte INTERNAL_QUERY = 'q';
    public static final byte WHERE = 'W';
    public static final byte SCHEMA = 's';
    public static final byte TABLE = 't';
    public static final byte COLUMN = 'c';
    public static final byte DATA_TYPE = 'd';
    public static final byte CONSTRAINT = 'n';
    public static final byte FILE = 'F';
    public static final byte LINE = 'L';
    public static final byte ROUTINE = 'R';

    private static final String INTERNAL_ERROR = "XX000";

    /** One field. */
    public record Field(byte code, String value) {}

    public ErrorFields {
        list = List.copyOf(list);
    }

    /** The fields that each error or notice has. */
    public static ErrorFields of(String severity, String sqlState, String message) {
        return new ErrorFields(List.of(
                new Field(SEVERITY_LOCALIZED, severity),
                new Field(SEVERITY, severity),
                new Field(SQL_STATE, sqlState),
                new Field(MESSAGE, message)));
    }

    /** The value of a field; null when it was not sent. */
    public @Nullable String get(byte code) {
        for (Field field : list) {
            if (field.code() == code) {
                return field.value();
            }
        }
        return null;
    }

    /** The same with this value in the field: in its place if it is there, else behind all others. */
    public ErrorFields with(byte code, String value) {
        List<Field> fields = new ArrayList<>(list);
        Field field = new Field(code, value);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).code() == code) {
                fields.set(i, field);
                return new ErrorFields(fields);
            }
        }
        fields.add(field);
        return new ErrorFields(fields);
    }

    /** The severity, not translated if the server says it (9.6 and later do); empty when there is none. */
    public String severity() {
        String severity = get(SEVERITY);
        return severity == null ? orElse(SEVERITY_LOCALIZED, "") : severity;
    }

    /** Whether the session ends with this error. */
    public boolean isFatal() {
        String severity = severity();
        return severity.equals("FATAL") || severity.equals("PANIC");
    }

    /** The same error with another severity, which ends the session or not: in both severity fields. */
    public ErrorFields withSeverity(String severity) {
        return with(SEVERITY_LOCALIZED, severity).with(SEVERITY, severity);
    }

    /** The five characters of the SQLSTATE; XX000 when there is none. */
    public String sqlState() {
        return orElse(SQL_STATE, INTERNAL_ERROR);
    }

    /** The primary message; empty when there is none. */
    public String message() {
        return orElse(MESSAGE, "");
    }

    public @Nullable String detail() {
        return get(DETAIL);
    }

    public @Nullable String hint() {
        return get(HINT);
    }

    private String orElse(byte code, String substitute) {
        String value = get(code);
        return value == null ? substitute : value;
    }

    /** Texts are read leniently: before the session's encoding is settled a server may use any. */
    static ErrorFields decode(BodyReader reader) {
        List<Field> fields = new ArrayList<>();
        for (byte code = reader.int8(); code != 0; code = reader.int8()) {
            fields.add(new Field(code, reader.lenientString()));
        }
        reader.end();
        return new ErrorFields(fields);
    }

    void encode(MessageWriter writer) {
        for (Field field : list) {
            writer.int8(field.code()).string(field.value());
        }
        writer.int8(0).end();
    }
}
