package io.pgring.proxy.app;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;

/** What the terminal that the command writes to can do. */
final class Terminal {
    private Terminal() {}

    /**
     * Whether a person watches the standard error: only then are lines redrawn. Java 17 can't tell, so the launcher does, with the
     * property {@code pgring.terminal}.
     */
    static boolean isInteractive() {
        return Boolean.getBoolean("pgring.terminal") && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether the standard output can show the block characters of a bar chart. */
    static boolean showsBlocks() {
        String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "US-ASCII"));
        try {
            return Charset.forName(name).newEncoder().canEncode('\u2588');
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return false;
        }
    }
}
