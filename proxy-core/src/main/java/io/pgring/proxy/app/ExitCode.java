package io.pgring.proxy.app;

/** What {@code pgring} tells the shell that started it. */
public final class ExitCode {
    /** All went well; for a server, also that it was asked to stop and did. */
    public static final int OK = 0;
    /** The command ran and failed, or found something wrong. */
    public static final int FAILED = 1;
    /** The command line or the configuration file is wrong; nothing was done. */
    public static final int USAGE = 2;

    private ExitCode() {}
}
