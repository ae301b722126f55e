package io.pgring.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Object identifiers of a shard and of the home shard, by names. */
class ShardOidsTest {
    private static final int ENUM = 20_001;
    private static final int ENUMS = 20_000;
    private static final int DOMAIN = 20_003;
    private static final int RANGE = 20_004;
    private static final int LONE = 20_005;

    private static final ServerOids HOME = new ServerOids(
            Map.of("public.mood", 16_400, "public.mood[]", 16_399, "public.moods", 16_402, "public.away", 16_403),
            Map.of("public.kv", 16_500, "public.notes", 16_501),
            Map.of());

    private static final ServerOids SHARD = new ServerOids(
            Map.of("public.mood", ENUM, "public.mood[]", ENUMS, "public.moods", DOMAIN, "public.lone", LONE),
            Map.of("public.kv", 16_501),
            Map.of(
                    ENUMS, new TypeComposition.Array(ENUM),
                    DOMAIN, new TypeComposition.Domain(ENUMS),
                    RANGE, new TypeComposition.Range(701)));

    private final ShardOids oids = ShardOids.between(HOME, SHARD);

    @Test
    void typesOfOneNameAreCounterparts() {
        assertThat(oids.typeToHome(ENUM)).isEqualTo(16_400);
        assertThat(oids.typeToHome(ENUMS)).isEqualTo(16_399);
        assertThat(oids.typesToShard(new int[] {25, 16_400, 0, 16_399})).containsExactly(25, ENUM, 0, ENUMS);
    }

    @Test
    void tablesHaveNumbersOfTheirOwn() {
        assertThat(oids.tableToHome(16_501)).isEqualTo(16_500);
        assertThat(oids.tableToHome(1_259)).isEqualTo(1_259);
        assertThat(oids.typeToHome(16_501)).isZero();
    }

    @Test
    void whatOneServerAloneHasIsUnknownToTheOther() {
        assertThat(oids.typeToHome(LONE)).isZero();
        assertThat(oids.typesToShard(new int[] {16_403})).isNull();
        assertThat(oids.typesToShard(new int[] {-2})).isNull();
        assertThat(ShardOids.UNREAD.typeToHome(ENUM)).isZero();
    }

    @Test
    void whatPostgresqlComesWithIsTheSame() {
        int[] types = {25, 0, 1_043};

        assertThat(oids.typesToShard(types)).isSameAs(types);
        assertThat(oids.typeToHome(1_043)).isEqualTo(1_043);
    }

    @Test
    void theHomeShardIsNotMapped() {
        int[] types = {16_403};

        assertThat(ShardOids.HOME.typesToShard(types)).isSameAs(types);
    }

    @Test
    void arraysAndCompositesNameTypes() {
        assertThat(oids.namesTypes(ENUMS)).isTrue();
        assertThat(oids.namesTypes(DOMAIN)).isTrue();
        assertThat(oids.namesTypes(2_249)).as("record").isTrue();
        assertThat(oids.namesTypes(LONE)).as("an unknown type").isTrue();
        assertThat(oids.namesTypes(ENUM)).isFalse();
        assertThat(oids.namesTypes(1_009)).as("text[]").isFalse();
    }
}
