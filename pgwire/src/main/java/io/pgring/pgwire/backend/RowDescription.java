package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;
import java.util.ArrayList;
import java.util.List;

/** RowDescription (B): the columns of the rows that follow. */
public record RowDescription(List<Field> fields) implements BackendMessage {
    /** A terminator and six numbers. */
    private static final int FIELD_BYTES_MIN = 19;

    /**
     * One column.
     *
     * @param name its name
     * @param tableOid the table that it comes from, else 0
     * @param columnAttribute its number in that table, else 0
     * @param typeOid its type
     * @param typeSize bytes of the type; -1 for varying length, -2 for a C string
     * @param typeModifier what the type makes of it; -1 for none
     * @param format 0 text, 1 binary; always 0 when a statement is described
     */
    public record Field(
            String name, int tableOid, int columnAttribute, int typeOid, int typeSize, int typeModifier, int format) {}

    public RowDescription {
        fields = List.copyOf(fields);
    }

    /** Borrows the body. */
    public static RowDescription decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        int count = reader.count(FIELD_BYTES_MIN);
        List<Field> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(new Field(
                    reader.string(),
                    reader.int32(),
                    reader.int16(),
                    reader.int32(),
                    reader.int16(),
                    reader.int32(),
                    reader.int16()));
        }
        reader.end();
        return new RowDescription(fields);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter writer =
                MessageWriter.begin(out, BackendType.ROW_DESCRIPTION).int16(fields.size());
        for (Field field : fields) {
            writer.string(field.name)
                    .int32(field.tableOid)
                    .int16(field.columnAttribute)
                    .int32(field.typeOid)
                    .int16(field.typeSize)
                    .int32(field.typeModifier)
                    .int16(field.format);
        }
        writer.end();
    }
}
