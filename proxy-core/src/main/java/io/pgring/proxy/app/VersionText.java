package io.pgring.proxy.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The answer to {@code --version}: PgRing's, and that of the Java it runs on. */
final class VersionText implements IVersionProvider {
    private static final String PROPERTIES = "/META-INF/maven/io.pgring/proxy-core/pom.properties";

    /** Version of this build; {@code development} when it does not run from a jar that Maven made. */
    static String version() {
        Properties properties = new Properties();
        try (InputStream stream = VersionText.class.getResourceAsStream(PROPERTIES)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"pgring " + version() + " (Java " + Runtime.version() + ")"};
    }
}
