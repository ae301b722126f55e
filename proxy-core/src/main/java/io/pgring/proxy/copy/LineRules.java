package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What text and csv do differently with the bytes of a line. */
interface LineRules {
    /** A new line begins. */
    void startLine();

    /** The bytes that must not be skipped: those that may end a line, and those that change what others mean. */
    SpecialBytes specialBytes();

    /** Whether the next byte must not be skipped, whichever it is. */
    boolean isEscaped();

    /** The next byte of a line, unless it was skipped: whether it is outside of quotes and escapes, so that it may end the line. */
    boolean isBare(byte next);

    /**
     * Whether the line that was read ends the data. Borrows it, without its line end.
     *
     * @param ended whether it has a line end
     */
    boolean isEndMarker(ByteBuf line, boolean ended, long row);

    /** The value of the key column, null for NULL; lent until the next call. Borrows the line, without its line end. */
    @Nullable
    ByteBuf key(ByteBuf line, long row);

    /** The failure at a line end of another kind than that of the first line, named as in the message. */
    CopyFailure unexpectedLineEnd(LineEnd lineEnd, long row);
}
