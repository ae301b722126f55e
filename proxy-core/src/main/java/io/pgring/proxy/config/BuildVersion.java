package io.pgring.proxy.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build. */
public final class BuildVersion {
    private static final String PROPERTIES = "/META-INF/maven/io.pgring/proxy-core/pom.properties";

    private BuildVersion() {}

    /** As in the jar; {@code development} when it does not run from one that Maven made. */
    public static String text() {
        Properties properties = new Properties();
        try (InputStream stream = BuildVersion.class.getResourceAsStream(PROPERTIES)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "development");
    }
}
