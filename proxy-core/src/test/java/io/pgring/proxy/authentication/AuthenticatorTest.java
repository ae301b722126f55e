package io.pgring.proxy.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.pgring.pgwire.auth.Md5Password;
import io.pgring.pgwire.auth.ScramVerifier;
import io.pgring.pgwire.auth.Secret;
import io.pgring.proxy.config.AddressRange;
import io.pgring.proxy.config.AuthenticationMethod;
import io.pgring.proxy.config.ClientRule;
import io.pgring.proxy.config.Clients;
import io.pgring.proxy.config.PoolConfiguration;
import io.pgring.proxy.config.ServerUser;
import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules, secrets and failures, without sockets. */
class AuthenticatorTest {
    private static final InetAddress HERE = InetAddresses.forString("127.0.0.1");
    private static final Secret PLAIN = Secret.parse("wonderland");
    private static final Secret MD5 = Secret.parse(Md5Password.stored("bob", "builder"));
    private static final Secret SCRAM =
            Secret.parse(ScramVerifier.of("carrot", new byte[7], 10).format());

    private final Clients clients = clients(ClientRule.forAll(AuthenticationMethod.SCRAM_SHA_256));
    private final Authenticator authenticator = new Authenticator(
            new AuthenticationSettings(clients, Map.of("alice", PLAIN, "bob", MD5, "carol", SCRAM)),
            new RoleQuery(
                    new ShardConfiguration("s", "127.0.0.1", 1, "d", "u", null, ShardTls.of(TlsMode.DISABLE), 1),
                    PoolConfiguration.DEFAULT,
                    (shard, pool) -> {
                        throw new SQLException("unreachable");
                    },
                    Thread::new),
            Runnable::run);

    private static Clients clients(ClientRule... rules) {
        return new Clients(List.of(rules), Path.of("users"), null, ServerUser.CONFIGURED, 3, 1000, false);
    }

    @AfterEach
    void close() {
        authenticator.close();
    }

    private Role role(String user) {
        return authenticator.role(authenticator.settings(), user).join();
    }

    private boolean fits(String user, String password) {
        return authenticator.fits(role(user), user, password).join();
    }

    @Test
    void everyFormOfSecretIsComparedWithAPassword() {
        assertThat(fits("alice", "wonderland")).isTrue();
        assertThat(fits("bob", "builder")).isTrue();
        assertThat(fits("carol", "carrot")).isTrue();
        assertThat(fits("alice", "builder")).isFalse();
        assertThat(fits("bob", "carrot")).isFalse();
        assertThat(fits("carol", "wonderland")).isFalse();
        assertThat(fits("mallory", "wonderland")).isFalse();
    }

    @Test
    void strangersAreShownTheSameSaltEveryTimeAlsoWhenTheSettingsChange() {
        ScramVerifier first = authenticator.verifier(role("mallory"), "mallory");
        authenticator.replace(new AuthenticationSettings(clients, Map.of()));

        assertThat(authenticator.verifier(role("mallory"), "mallory")).isEqualTo(first);
        assertThat(authenticator.verifier(role("eve"), "eve")).isNotEqualTo(first);
        assertThat(Md5Password.isStored(authenticator.md5Secret(role("eve"), "eve")))
                .isTrue();
    }

    @Test
    void anExpiredPasswordFitsNobody() {
        Role expired = new Role(SCRAM, true, System.currentTimeMillis() - 1);

        assertThat(authenticator.fits(expired, "carol", "carrot").join()).isFalse();
        assertThat(authenticator.verifier(expired, "carol").fits("carrot")).isFalse();
        assertThat(authenticator
                        .verifier(new Role(SCRAM, true, Long.MAX_VALUE), "carol")
                        .fits("carrot"))
                .isTrue();
    }

    @Test
    void theFirstRuleThatFitsDecides() {
        ClientRule reject = new ClientRule(
                ClientRule.Type.HOST, List.of("all"), List.of("bob"), AddressRange.ALL, AuthenticationMethod.REJECT);
        ClientRule trust = new ClientRule(
                ClientRule.Type.HOST,
                List.of("app"),
                List.of("all"),
                AddressRange.parse("127.0.0.0/8"),
                AuthenticationMethod.TRUST);
        AuthenticationSettings settings = new AuthenticationSettings(clients(reject, trust), Map.of());

        assertThat(settings.ruleFor(false, "app", "bob", HERE)).isEqualTo(reject);
        assertThat(settings.ruleFor(false, "app", "alice", HERE)).isEqualTo(trust);
        assertThat(settings.ruleFor(false, "other", "alice", HERE)).isNull();
        assertThat(settings.ruleFor(false, "app", "alice", InetAddresses.forString("10.0.0.1")))
                .isNull();
    }

    @Test
    void settingsAreReplacedAsAWhole() {
        AuthenticationSettings before = authenticator.settings();
        authenticator.replace(new AuthenticationSettings(clients, Map.of("dave", PLAIN)));

        assertThat(fits("dave", "wonderland")).isTrue();
        assertThat(fits("alice", "wonderland")).isFalse();
        assertThat(authenticator.role(before, "alice").join().secret()).isEqualTo(PLAIN);
    }

    @Test
    void tooManyFailuresOfAnAddressCountUntilTheFirstIsForgotten() {
        AtomicLong now = new AtomicLong();
        FailedLogins failures = new FailedLogins(now::get);
        InetAddress other = InetAddresses.forString("127.0.0.2");

        for (int i = 0; i < 3; i++) {
            assertThat(failures.areTooMany(HERE, clients)).isFalse();
            failures.add(HERE, clients);
        }
        assertThat(failures.areTooMany(HERE, clients)).isTrue();
        assertThat(failures.areTooMany(other, clients)).isFalse();
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1000));
        assertThat(failures.areTooMany(HERE, clients)).isFalse();
        failures.add(HERE, clients);
        assertThat(failures.areTooMany(HERE, clients)).isFalse();
    }

    @Test
    void theAddressesOfAnIpv6NetworkCountAsOne() {
        FailedLogins failures = new FailedLogins(() -> 0);
        for (int i = 1; i <= 3; i++) {
            failures.add(InetAddresses.forString("2001:db8::" + i), clients);
        }
        assertThat(failures.areTooMany(InetAddresses.forString("2001:db8::9"), clients))
                .isTrue();
        assertThat(failures.areTooMany(InetAddresses.forString("2001:db8:0:1::1"), clients))
                .isFalse();
    }
}
