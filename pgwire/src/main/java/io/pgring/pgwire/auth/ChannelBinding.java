package io.pgring.pgwire.auth;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Channel binding of type {@code tls-server-end-point} (RFC 5929, section 4.1), the only one that PostgreSQL has: the hash of the
 * certificate of the server at the end of the TLS connection. A proof of the password that has it in it is of no use to somebody in
 * between.
 *
 * @param data the hash
 */
@SuppressWarnings("ArrayRecordComponent")
public record ChannelBinding(byte[] data) {
    /** The type's name. */
    public static final String TYPE = "tls-server-end-point";

    /**
     * Of a connection to the server with this certificate; null when the hash is not defined for its signature, as for Ed25519.
     * The hash is the one of the signature, but SHA-256 for MD5 and SHA-1.
     */
    public static @Nullable ChannelBinding of(X509Certificate server) {
        try {
            String hash = hash(server);
            return hash == null
                    ? null
                    : new ChannelBinding(MessageDigest.getInstance(hash).digest(server.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            return null;
        }
    }

    private static @Nullable String hash(X509Certificate server) throws GeneralSecurityException, IOException {
        String signature = server.getSigAlgName().toUpperCase(Locale.ROOT);
        String hash;
        if (signature.equals("RSASSA-PSS")) {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(server.getSigAlgParams());
            hash = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        } else {
            int with = signature.indexOf("WITH");
            if (with < 0) {
                return null;
            }
            hash = signature.substring(0, with);
        }
        return switch (hash.replace("-", "")) {
            case "MD5", "SHA1", "SHA256" -> "SHA-256";
            case "SHA224" -> "SHA-224";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> null;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChannelBinding that && MessageDigest.isEqual(data, that.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }
}
