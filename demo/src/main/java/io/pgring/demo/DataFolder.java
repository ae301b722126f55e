package io.pgring.demo;

import io.pgring.proxy.app.StartupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds the servers, used by one program at a time:
 *
 * <pre>
 * lock                  held while the folder is in use; holds the number of the process
 * shard-0/              data of a server
 * shard-0.log           its messages
 * .s.PGSQL.15432        its Unix-domain socket
 * pgring.yaml           configuration of the proxy in front of them
 * demo.sock             where the demo that runs takes orders
 * </pre>
 */
final class DataFolder implements AutoCloseable {
    private static final Pattern SERVER = Pattern.compile("shard-\\d+");
    private static final Pattern OURS =
            Pattern.compile("shard-\\d+(\\.new|\\.log)?|pgring\\.yaml|demo\\.sock|\\.s\\.PGSQL\\.\\d+(\\.lock)?");

    private final Path path;
    private @Nullable FileChannel lockFile;

    DataFolder(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Makes the folder if need be, and keeps other programs out of it until {@link #close}. */
    void lock() throws StartupException {
        Path file = path.resolve("lock");
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = Files.readString(file, StandardCharsets.US_ASCII).strip();
                channel.close();
                throw new StartupException(
                        path + " is in use by another pgring" + (owner.isEmpty() ? "" : " (process " + owner + ")"),
                        "Stop it, or choose another folder.");
            }
            channel.truncate(0);
            byte[] process = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(process));
            lockFile = channel;
        } catch (AccessDeniedException e) {
            throw new StartupException("can't write to " + path + ": permission denied", "Choose another folder.", e);
        } catch (FileAlreadyExistsException e) {
            throw new StartupException(path + " is not a folder", "Choose another folder.", e);
        } catch (IOException e) {
            throw new StartupException("can't write to " + path + ": " + e, "Choose another folder.", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** How many servers have data in it. */
    int servers() throws StartupException {
        return (int) names(SERVER).stream()
                .filter(server -> Files.exists(server.resolve("PG_VERSION")))
                .count();
    }

    /** Deletes all that is PgRing's own in it, and nothing else. */
    void clear() throws StartupException {
        for (Path ours : names(OURS)) {
            try {
                Folders.delete(ours);
            } catch (IOException e) {
                throw new StartupException("can't delete " + ours + ": " + e, null, e);
            }
        }
    }

    private List<Path> names(Pattern pattern) throws StartupException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(entry ->
                            pattern.matcher(entry.getFileName().toString()).matches())
                    .toList();
        } catch (IOException e) {
            throw new StartupException("can't read " + path + ": " + e, null, e);
        }
    }

    @Override
    public void close() {
        FileChannel channel = lockFile;
        lockFile = null;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException("can't unlock " + path, e);
            }
        }
    }
}
