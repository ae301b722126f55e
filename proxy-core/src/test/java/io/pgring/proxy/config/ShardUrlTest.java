package io.pgring.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection URIs, as libpq reads them. */
class ShardUrlTest {
    private static ShardConfiguration parse(String url) {
        return ShardUrl.parse("s", url, 1, Map.of());
    }

    @Test
    void everyPartIsRead() {
        ShardConfiguration shard = ShardUrl.parse(
                "s", "postgresql://al%40ice:p%3Aw+d@db.internal:5433/sales?sslmode=require", 3, Map.of());

        assertThat(shard)
                .isEqualTo(new ShardConfiguration(
                        "s", "db.internal", 5433, "sales", "al@ice", "p:w+d", ShardTls.of(TlsMode.REQUIRE), 3));
    }

    @Test
    void whatIsLeftOutIsUsual() {
        assertThat(parse("postgres://db"))
                .isEqualTo(new ShardConfiguration(
                        "s", "db", 5432, "postgres", "postgres", null, ShardTls.of(TlsMode.PREFER), 1));
        assertThat(ShardUrl.parse("s", "postgres://db", 1, Map.of("PGPASSWORD", "x"))
                        .password())
                .isEqualTo("x");
    }

    @Test
    void hostsMayBeAddressesFoldersOrSeveral() {
        assertThat(parse("postgresql://[::1]:5433/a").host()).isEqualTo("::1");
        assertThat(parse("postgresql://u@%2Fvar%2Frun/a").isUnixDomainSocket()).isTrue();
        assertThat(parse("postgresql://a:1,b:2/x").addresses()).isEqualTo("a:1,b:2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db:5432",
                "postgresql://",
                "postgresql:///db",
                "mysql://db",
                "postgresql://db?x=1",
                "postgresql://db?sslmode=maybe",
                "postgresql://db:0/a",
                "postgresql://d%zzb"
            })
    void whatIsNoneIsRefused(String url) {
        assertThatThrownBy(() -> parse(url)).isInstanceOf(InvalidValueException.class);
    }
}
