package io.pgring.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalTransactionTest {
    @Test
    void isKnownByTheNamesOfItsParts() {
        for (String first : List.of("shard-0", "a.b_c", "x".repeat(63))) {
            GlobalTransaction transaction = GlobalTransaction.of(first);
            assertThat(GlobalTransaction.ofPart(transaction.part(0))).isEqualTo(transaction);
            assertThat(GlobalTransaction.ofPart(transaction.part(4711))).isEqualTo(transaction);
            assertThat(transaction.part(Integer.MAX_VALUE)).hasSizeLessThan(200);
        }
    }

    @Test
    void isNotMistakenForOthers() {
        String name = GlobalTransaction.of("shard-0").name();
        assertThat(GlobalTransaction.ofPart("pgring:")).isNull();
        assertThat(GlobalTransaction.ofPart(name)).isNull();
        assertThat(GlobalTransaction.ofPart("other" + name + ":1")).isNull();
        assertThat(GlobalTransaction.ofPart(name.replaceFirst("[0-9a-f]-", "?-") + ":1"))
                .isNull();
        assertThat(GlobalTransaction.ofPart("pgring:0:shard-0:1")).isNull();
    }
}
