package io.pgring.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys as openssl writes them. */
final class PemFile {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ((?:RSA |EC |ENCRYPTED )?)PRIVATE KEY-----([^-]*)-----END (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----");

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;

    private PemFile() {}

    /** The certificates of a file, in its order: at least one. */
    static List<X509Certificate> certificates(Path file) throws TlsException {
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(read(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw new TlsException("there is no certificate in " + file, null);
            }
            return certificates;
        } catch (CertificateException e) {
            throw new TlsException("there is no valid certificate in " + file + ": " + e.getMessage(), e);
        }
    }

    /** The private key of a certificate: PKCS #8, or the older forms of RSA and elliptic curve keys. */
    static PrivateKey key(Path file, X509Certificate certificate) throws TlsException {
        Matcher pem = KEY.matcher(new String(read(file), StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new TlsException("there is no private key in " + file, null);
        }
        if (pem.group(1).startsWith("ENCRYPTED") || pem.group(2).contains("ENCRYPTED")) {
            throw new TlsException(
                    "the private key in " + file + " has a passphrase: take it off with openssl pkey, and let nobody"
                            + " but the proxy read the file",
                    null);
        }
        PublicKey publicKey = certificate.getPublicKey();
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
            byte[] pkcs8 = pem.group(1).isEmpty() ? der : asPkcs8(der, publicKey);
            PrivateKey key =
                    KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (!fits(key, publicKey)) {
                throw new TlsException("the private key in " + file + " is not the one of the certificate", null);
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsException(
                    "the private key in " + file + " is not one for the certificate, which has an "
                            + publicKey.getAlgorithm() + " key: " + e.getMessage(),
                    e);
        }
    }

    private static byte[] read(Path file) throws TlsException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new TlsException("there is no file " + file, e);
        } catch (IOException e) {
            throw new TlsException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    private static boolean fits(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        byte[] text = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(text);
        return signature.verify(signed);
    }

    /** The older forms lack the name of the algorithm, which stands in the public key as well. */
    private static byte[] asPkcs8(byte[] key, PublicKey publicKey) {
        ByteBuffer encoded = ByteBuffer.wrap(publicKey.getEncoded());
        enter(encoded);
        int start = encoded.position();
        int length = enter(encoded);
        byte[] algorithm = new byte[encoded.position() + length - start];
        encoded.position(start).get(algorithm);
        return element(SEQUENCE, element(INTEGER, new byte[1]), algorithm, element(OCTET_STRING, key));
    }

    /** Steps over the head of a DER element; the length of its body. */
    private static int enter(ByteBuffer der) {
        der.get();
        int length = der.get() & 0xFF;
        if (length < 0x80) {
            return length;
        }
        int value = 0;
        for (int i = 0; i < length - 0x80; i++) {
            value = (value << 8) | (der.get() & 0xFF);
        }
        return value;
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer element = ByteBuffer.allocate(length + 5).put((byte) tag);
        int lengthBytes = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
        if (lengthBytes > 0) {
            element.put((byte) (0x80 | lengthBytes));
        }
        for (int shift = 8 * Math.max(0, lengthBytes - 1); shift >= 0; shift -= 8) {
            element.put((byte) (length >> shift));
        }
        for (byte[] part : parts) {
            element.put(part);
        }
        byte[] bytes = new byte[element.flip().remaining()];
        element.get(bytes);
        return bytes;
    }
}
