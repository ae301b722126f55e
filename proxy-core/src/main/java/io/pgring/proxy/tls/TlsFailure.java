package io.pgring.proxy.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/** What the failure of a TLS handshake means to who runs the proxy. */
public final class TlsFailure {
    private static final int CAUSES_MAX = 16;

    private TlsFailure() {}

    /** Whether a failure is one of TLS at all. */
    public static boolean isOne(Throwable failure) {
        return causes(failure).stream().anyMatch(SSLException.class::isInstance);
    }

    /** The reason as a clause: "the server's certificate has expired". */
    public static String reason(Throwable failure) {
        List<Throwable> causes = causes(failure);
        for (Throwable cause : causes) {
            boolean pathExpired = cause instanceof CertPathValidatorException path
                    && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED;
            if (pathExpired || cause instanceof CertificateExpiredException) {
                return "the server's certificate, or one that vouches for it, has expired: " + cause.getMessage();
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "the server's certificate is not valid yet: " + cause.getMessage();
            }
        }
        for (Throwable cause : causes) {
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                return "the server's certificate does not come from an authority that is trusted: "
                        + cause.getMessage();
            }
        }
        for (Throwable cause : causes) {
            if (cause instanceof CertificateException) {
                return "the server's certificate is not the one of the host: " + cause.getMessage();
            }
        }
        return causes.stream()
                .filter(SSLException.class::isInstance)
                .findFirst()
                .map(cause -> String.valueOf(cause.getMessage()))
                .orElse(String.valueOf(failure.getMessage()));
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && causes.size() < CAUSES_MAX; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }
}
