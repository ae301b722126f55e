package io.pgring.hashring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenRangeTest {

    @Test
    void aRangeIsHalfOpen() {
        Arc arc = new Arc(10, 12, 0);
        assertThat(arc.size()).isEqualTo(2);
        assertThat(arc.contains(9)).isFalse();
        assertThat(arc.contains(10)).isTrue();
        assertThat(arc.contains(11)).isTrue();
        assertThat(arc.contains(12)).isFalse();
    }

    @Test
    void theUpperHalfOfTheRingHoldsNegativeInts() {
        Arc arc = new Arc(1L << 31, Token.RING_SIZE, 0);
        assertThat(arc.share()).isEqualTo(0.5);
        assertThat(arc.contains(-1)).isTrue();
        assertThat(arc.contains(Integer.MIN_VALUE)).isTrue();
        assertThat(arc.contains(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void rangesAreWrittenAsAMultirange() {
        assertThat(TokenRange.toMultirange(List.of())).isEqualTo("{}");
        assertThat(TokenRange.toMultirange(List.of(new Arc(0, Token.RING_SIZE, 0))))
                .isEqualTo("{[0,4294967296)}");
        assertThat(TokenRange.toMultirange(List.of(new ArcChange(0, 7, "a", "b"), new ArcChange(9, 12, "c", "b"))))
                .isEqualTo("{[0,7),[9,12)}");
    }

    @Test
    void boundsAreChecked() {
        for (long[] bounds : new long[][] {{-1, 1}, {5, 5}, {6, 5}, {0, Token.RING_SIZE + 1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Arc(bounds[0], bounds[1], 0))
                    .withMessage("[" + bounds[0] + "," + bounds[1] + ") is not a range of tokens");
            assertThatIllegalArgumentException().isThrownBy(() -> new ArcChange(bounds[0], bounds[1], "a", "b"));
        }
    }

    @Test
    void aChangeHasTwoOwners() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ArcChange(0, 1, "a", "a"))
                .withMessage("\"a\" is both source and target of [0,1)");
    }
}
