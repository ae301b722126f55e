package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.codec.BodyReader;
import io.pgring.pgwire.codec.MessageWriter;

/**
 * CommandComplete (B): a statement is done.
 *
 * @param tag the command, and for some the number of rows, like {@code INSERT 0 1}
 */
public record CommandComplete(String tag) implements BackendMessage {
    /** So many decimal digits always fit into a long. */
    private static final int ROWS_DIGITS_MAX = 18;

    /** The number of rows, the last word of the tag; -1 when the tag has none. */
    public long rows() {
        int digits = tag.length();
        while (digits > 0 && tag.charAt(digits - 1) >= '0' && tag.charAt(digits - 1) <= '9') {
            digits--;
        }
        boolean isLastWord = digits > 0 && tag.charAt(digits - 1) == ' ' && digits < tag.length();
        if (!isLastWord || tag.length() - digits > ROWS_DIGITS_MAX) {
            return -1;
        }
        return Long.parseLong(tag, digits, tag.length(), 10);
    }

    /** Borrows the body. */
    public static CommandComplete decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        String tag = reader.string();
        reader.end();
        return new CommandComplete(tag);
    }

    @Override
    public void encode(ByteBuf out) {
        MessageWriter.begin(out, BackendType.COMMAND_COMPLETE).string(tag).end();
    }
}
