package io.pgring.pgwire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;

class Sha256Test {
    @Test
    void iteratesAsTheJdkDoes() throws GeneralSecurityException {
        long seed = 20_261_122;
        Random random = new Random(seed);
        SecretKeyFactory jdk = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
        for (int round = 0; round < 100; round++) {
            String password = "p\u00e4\u20ac".repeat(1 + random.nextInt(40)) + round;
            byte[] salt = new byte[1 + random.nextInt(40)];
            random.nextBytes(salt);
            int iterations = 1 + random.nextInt(50);
            byte[] expected = jdk.generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                    .getEncoded();
            assertThat(Sha256.iterate(password.getBytes(UTF_8), salt, iterations))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    @Test
    void takesAnEmptyKey() {
        String hmacOfNothing = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
        assertThat(HexFormat.of().formatHex(Sha256.hmac(new byte[0], new byte[0])))
                .isEqualTo(hmacOfNothing);
    }

    @Test
    void needsAnIteration() {
        assertThatThrownBy(() -> Sha256.iterate(new byte[1], new byte[1], 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
