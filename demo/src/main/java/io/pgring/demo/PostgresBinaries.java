package io.pgring.demo;

import io.pgring.proxy.app.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of a PostgreSQL server: {@code initdb}, {@code pg_ctl} and {@code postgres}.
 *
 * @param folder the {@code bin} folder of an installation
 * @param majorVersion such as 18
 */
public record PostgresBinaries(Path folder, int majorVersion) {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    /** Those of an installed server, such as {@code /usr/lib/postgresql/15/bin}. */
    public static PostgresBinaries installed(Path folder) throws StartupException {
        Path initdb = folder.resolve("initdb");
        if (!Files.isExecutable(initdb)) {
            throw new StartupException(folder + " has no PostgreSQL server: there is no initdb in it", null);
        }
        String output = Program.run(Program.unprivileged(initdb.toString(), "--version"), "initdb --version");
        Matcher version = VERSION.matcher(output);
        if (!version.find()) {
            throw new StartupException("can't tell the version of " + initdb + ": " + output.strip(), null);
        }
        return new PostgresBinaries(folder, Integer.parseInt(version.group(1)));
    }

    /** Those that come with PgRing, unpacked for this user on first use. */
    public static PostgresBinaries bundled() throws StartupException {
        String resource = "/postgres-" + system() + "-" + processor() + ".txz";
        URL archive = PostgresBinaries.class.getResource(resource);
        if (archive == null) {
            throw new StartupException(
                    "this build has no PostgreSQL server for " + system() + " on " + processor(),
                    "Install PostgreSQL and name the folder of its initdb with --postgres-bin.");
        }
        try (InputStream stream = archive.openStream()) {
            Path home = BinaryArchive.unpack(stream, cacheFolder());
            return installed(home.resolve("bin"));
        } catch (IOException e) {
            throw new StartupException(
                    "can't unpack the PostgreSQL server: " + e,
                    "Set XDG_CACHE_HOME to a folder with 100 MB of room.",
                    e);
        }
    }

    /** Where this user's programs keep what they can make again. */
    static Path cacheFolder() throws IOException {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home", "."));
        Path parent;
        if (configured != null && Path.of(configured).isAbsolute()) {
            parent = Path.of(configured);
        } else if (system().equals("darwin")) {
            parent = home.resolve("Library").resolve("Caches");
        } else {
            parent = home.resolve(".cache");
        }
        Path folder = parent.resolve("pgring");
        return isWritable(folder) ? folder : temporaryFolder();
    }

    /** For a user without a home. Others can write next to it, so it must not be theirs. */
    private static Path temporaryFolder() throws IOException {
        String user = System.getProperty("user.name", "unknown");
        Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "pgring-" + user);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(user)) {
            throw new IOException(folder + " belongs to " + owner);
        }
        return folder;
    }

    private static boolean isWritable(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.isWritable(folder);
        } catch (IOException e) {
            return false;
        }
    }

    private static String system() {
        String name = property("os.name");
        if (name.startsWith("mac")) {
            return "darwin";
        }
        return name.startsWith("windows") ? "windows" : name;
    }

    private static String processor() {
        String name = property("os.arch");
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }

    private static String property(String name) {
        return System.getProperty(name, "").toLowerCase(Locale.ROOT);
    }

    String initdb() {
        return folder.resolve("initdb").toString();
    }

    String pgCtl() {
        return folder.resolve("pg_ctl").toString();
    }
}
