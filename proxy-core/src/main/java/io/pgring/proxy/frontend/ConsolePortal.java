package io.pgring.proxy.frontend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.DataRow;
import io.pgring.pgwire.backend.NoData;
import io.pgring.pgwire.backend.PortalSuspended;
import io.pgring.pgwire.backend.RowDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command of the console on its way: its columns, and its rows as far as they have been sent. */
final class ConsolePortal {
    private static final int TEXT = 25;
    private static final int VARYING = -1;
    private static final int BINARY = 1;

    private final @Nullable ConsoleCommand command;
    private final int[] formats;
    private ConsoleCommand.@Nullable Answer answer;
    private int sent;

    /**
     * @param command null for an empty text
     * @param formats of the columns as in Bind; the bytes of text are the same in both
     */
    ConsolePortal(@Nullable ConsoleCommand command, int... formats) {
        this.command = command;
        this.formats = formats;
    }

    @Nullable
    ConsoleCommand command() {
        return command;
    }

    boolean isAnswered() {
        return answer != null;
    }

    void onAnswer(ConsoleCommand.Answer whole) {
        answer = whole;
    }

    void describe(ByteBuf out) {
        if (command == null || command.columns().isEmpty()) {
            new NoData().encode(out);
        } else {
            describeColumns(out);
        }
    }

    /** As a simple query has it: nothing when there are no columns. */
    void describeColumns(ByteBuf out) {
        if (command != null && !command.columns().isEmpty()) {
            List<String> columns = command.columns();
            RowDescription.Field[] fields = new RowDescription.Field[columns.size()];
            for (int i = 0; i < fields.length; i++) {
                int format = formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : i];
                fields[i] = new RowDescription.Field(
                        columns.get(i), 0, 0, TEXT, VARYING, VARYING, format == BINARY ? 1 : 0);
            }
            new RowDescription(List.of(fields)).encode(out);
        }
    }

    /** Whether Bind names a format for each column, or fewer. */
    boolean fits() {
        int columns = command == null ? 0 : command.columns().size();
        return formats.length <= 1 || formats.length == columns;
    }

    /** Sends rows of the answer, and how it goes on. */
    void send(ConsoleCommand.Answer whole, int rowsMax, ByteBuf out) {
        int most = rowsMax <= 0 ? Integer.MAX_VALUE : rowsMax;
        int count = 0;
        for (; sent < whole.rows().size() && count < most; count++, sent++) {
            DataRow.ofText(whole.rows().get(sent).toArray(String[]::new)).encode(out);
        }
        if (rowsMax > 0 && count == rowsMax) {
            new PortalSuspended().encode(out);
        } else {
            new CommandComplete(whole.tag()).encode(out);
        }
    }

    /** Sends more of the rows that are known already. */
    void send(int rowsMax, ByteBuf out) {
        if (answer != null) {
            send(answer, rowsMax, out);
        }
    }
}
