package io.pgring.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which clients a rule is for. */
class ClientRuleTest {
    private static final InetAddress SOMEWHERE = InetAddresses.forString("192.0.2.7");

    @ParameterizedTest
    @CsvSource({
        "all, 192.0.2.7, true",
        "all, ::1, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "10.32.0.0/11, 10.63.255.255, true",
        "10.32.0.0/11, 10.64.0.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "samehost, 127.0.0.1, true",
        "samehost, 127.9.9.9, true",
        "samehost, ::1, true",
        "samehost, 203.0.113.9, false",
    })
    void addresses(String range, String address, boolean contained) {
        assertThat(AddressRange.parse(range).contains(InetAddresses.forString(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @CsvSource({
        "samehost, true",
        "127.0.0.0/8, true",
        "127.0.0.1, true",
        "::1, true",
        "all, false",
        "0.0.0.0/0, false",
        "126.0.0.0/7, false",
        "10.0.0.0/8, false",
        "::/127, false"
    })
    void onlyWhatIsOnThisMachineMayBeTrustedWithoutFurtherAdo(String range, boolean loopback) {
        assertThat(AddressRange.parse(range).isLoopback()).isEqualTo(loopback);
    }

    @Test
    void encryptionDatabaseAndUserCount() {
        ClientRule plain = rule(ClientRule.Type.HOSTNOSSL, List.of("all"), List.of("alice", "bob"));
        ClientRule encrypted = rule(ClientRule.Type.HOSTSSL, List.of("app", "sameuser"), List.of("all"));

        assertThat(plain.isFor(false, "app", "bob", SOMEWHERE)).isTrue();
        assertThat(plain.isFor(true, "app", "bob", SOMEWHERE)).isFalse();
        assertThat(plain.isFor(false, "app", "Bob", SOMEWHERE)).isFalse();
        assertThat(encrypted.isFor(true, "app", "carol", SOMEWHERE)).isTrue();
        assertThat(encrypted.isFor(true, "carol", "carol", SOMEWHERE)).isTrue();
        assertThat(encrypted.isFor(true, "dave", "carol", SOMEWHERE)).isFalse();
        assertThat(encrypted.isFor(false, "app", "carol", SOMEWHERE)).isFalse();
    }

    private static ClientRule rule(ClientRule.Type type, List<String> databases, List<String> users) {
        return new ClientRule(type, databases, users, AddressRange.ALL, AuthenticationMethod.SCRAM_SHA_256);
    }
}
