package io.pgring.proxy.app;

import io.pgring.proxy.config.BuildVersion;
import picocli.CommandLine.IVersionProvider;

/** The answer to {@code --version}: PgRing's, and that of the Java it runs on. */
final class VersionText implements IVersionProvider {
    /** Version of this build. */
    static String version() {
        return BuildVersion.text();
    }

    @Override
    public String[] getVersion() {
        return new String[] {"pgring " + version() + " (Java " + Runtime.version() + ")"};
    }
}
