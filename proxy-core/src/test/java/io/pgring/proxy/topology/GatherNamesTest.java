package io.pgring.proxy.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatherNamesTest {
    private static final String LONG = "\u00fc".repeat(31);

    @Test
    void simpleNamesStayReadable() {
        assertThat(GatherNames.relation("public", "kv")).isEqualTo("kv");
        assertThat(GatherNames.relation("app", "kv")).isEqualTo("app.kv");
        assertThat(GatherNames.foreign("shard-1", "app.kv")).isEqualTo("shard-1.app.kv");
        assertThat(GatherNames.server("shard-1")).isEqualTo("pgring_shard-1");
    }

    @Test
    void namesWithDotsAreNotTakenForEachOther() {
        assertThat(GatherNames.relation("public", "a.b"))
                .isNotEqualTo(GatherNames.relation("a", "b"))
                .isNotEqualTo(GatherNames.relation("public.a", "b"));
        assertThat(GatherNames.relation("a", "b.c")).isNotEqualTo(GatherNames.relation("a.b", "c"));
        assertThat(GatherNames.foreign("a.b", "c")).isNotEqualTo(GatherNames.foreign("a", "b.c"));
    }

    @Test
    void longNamesAreCutAtACharacterAndStayDistinct() {
        String one = GatherNames.relation("schema", LONG);
        String other = GatherNames.relation("schema", LONG.substring(1) + "u");

        assertThat(one).startsWith("schema.\u00fc").isNotEqualTo(other);
        assertThat(one.getBytes(UTF_8)).hasSizeBetween(60, 63);
        assertThat(GatherNames.server("s".repeat(63)).getBytes(UTF_8)).hasSize(63);
    }

    @Test
    void quotesAreDoubled() {
        assertThat(GatherNames.quote("a \"b\"", "c")).isEqualTo("\"a \"\"b\"\"\".\"c\"");
    }
}
