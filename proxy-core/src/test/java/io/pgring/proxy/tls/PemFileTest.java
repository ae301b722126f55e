package io.pgring.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as openssl writes them, in resources: self-signed, for nobody. */
class PemFileTest {
    @TempDir
    Path folder;

    private static Path resource(String name) throws Exception {
        return Path.of(PemFileTest.class.getResource(name).toURI());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "rsa.pkcs1", "ec", "ec.sec1"})
    void keysOfEveryForm(String name) throws Exception {
        X509Certificate certificate = PemFile.certificates(resource(name.replaceFirst("\\..*", "") + ".crt"))
                .get(0);

        assertThat(PemFile.key(resource(name + ".key"), certificate).getAlgorithm())
                .isEqualTo(certificate.getPublicKey().getAlgorithm());
    }

    @Test
    void whatCanNotBeUsedIsNamed() throws Exception {
        X509Certificate rsa = PemFile.certificates(resource("rsa.crt")).get(0);
        Path rubbish = Files.writeString(folder.resolve("rubbish"), "rubbish");

        assertThatThrownBy(() -> PemFile.key(rubbish, rsa)).hasMessage("there is no private key in " + rubbish);
        assertThatThrownBy(() -> PemFile.certificates(rubbish)).hasMessageContaining(rubbish.toString());
        assertThatThrownBy(() -> PemFile.key(resource("ec.key"), rsa)).hasMessageContaining("is not one for the");
        assertThatThrownBy(() -> PemFile.key(resource("encrypted.key"), rsa)).hasMessageContaining("passphrase");
        assertThatThrownBy(() -> PemFile.key(folder.resolve("none"), rsa)).hasMessageContaining("there is no file");
    }
}
