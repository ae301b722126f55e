package io.pgring.it.support;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** An authority of the test's own, what it signs, and one that nobody trusts. Files are PEM, in one folder. */
public final class Certificates {
    private final Path folder;
    private final X509Bundle authority;

    private Certificates(Path folder, X509Bundle authority) {
        this.folder = folder;
        this.authority = authority;
    }

    /** A new authority. */
    public static Certificates in(Path folder, String name) throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .rsa2048()
                .buildSelfSigned();
        Certificates certificates = new Certificates(folder, authority);
        Files.writeString(certificates.root(), authority.getCertificatePEM());
        return certificates;
    }

    /** File of the authority's own certificate. */
    public Path root() {
        return folder.resolve(
                authority.getCertificate().getSubjectX500Principal().getName().replaceAll("\\W", "") + ".ca");
    }

    /** The authority's own certificate. */
    public String rootText() {
        return authority.getCertificatePEM();
    }

    /** Certificate and key for localhost and 127.0.0.1. */
    public X509Bundle ofThisHost() throws Exception {
        return server().buildIssuedBy(authority);
    }

    /** As {@link #ofThisHost}, but no longer valid. */
    public X509Bundle expired() throws Exception {
        Instant now = Instant.now();
        return server().notBefore(now.minus(9, ChronoUnit.DAYS))
                .notAfter(now.minus(2, ChronoUnit.DAYS))
                .buildIssuedBy(authority);
    }

    private static CertificateBuilder server() {
        return new CertificateBuilder()
                .rsa2048()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1");
    }

    /** Certificate and key for another host. */
    public X509Bundle ofAnotherHost() throws Exception {
        return new CertificateBuilder()
                .rsa2048()
                .subject("CN=elsewhere.example")
                .addSanDnsName("elsewhere.example")
                .buildIssuedBy(authority);
    }

    /** Certificate and key of a client. */
    public X509Bundle ofClient(String commonName) throws Exception {
        return new CertificateBuilder()
                .rsa2048()
                .subject("CN=" + commonName + ",O=PgRing")
                .buildIssuedBy(authority);
    }

    /** Writes {@code name.crt} and {@code name.key}, which nobody else may read; the certificate's file. */
    public Path write(String name, X509Bundle bundle) throws IOException {
        writeSecret(key(name), bundle.getPrivateKeyPEM().getBytes(StandardCharsets.US_ASCII));
        return Files.writeString(folder.resolve(name + ".crt"), bundle.getCertificatePathPEM());
    }

    /** The file of the key that belongs to {@link #write}. */
    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** The key in the binary form that the JDBC driver reads. */
    public Path binaryKey(String name, X509Bundle bundle) throws IOException {
        Path key = folder.resolve(name + ".pk8");
        writeSecret(key, bundle.getKeyPair().getPrivate().getEncoded());
        return key;
    }

    private static void writeSecret(Path file, byte[] bytes) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, bytes);
    }
}
