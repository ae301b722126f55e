package io.pgring.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.proxy.config.ShardConfiguration;
import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.topology.Shard;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorsTest {
    private final Cursors cursors = new Cursors();
    private final Shard one = shard(1);
    private final Shard two = shard(2);

    private static Shard shard(int index) {
        return new Shard(
                index,
                new ShardConfiguration(
                        "shard-" + index,
                        "127.0.0.1",
                        5432 + index,
                        "postgres",
                        "postgres",
                        null,
                        ShardTls.of(TlsMode.DISABLE),
                        1));
    }

    private void declare(String name, Shard shard) {
        cursors.add(new Cursors.Cursor(name, shard, Cursors.Origin.SHARD, false));
    }

    @Test
    void aCursorIsFoundUntilItIsClosed() {
        declare("c", one);
        declare("d", two);
        assertThat(cursors.find("c")).isEqualTo(new Cursors.Cursor("c", one, Cursors.Origin.SHARD, false));
        assertThat(cursors.find("D")).isNull();
        cursors.remove("c");
        assertThat(cursors.find("c")).isNull();
        assertThat(cursors.find("d")).isNotNull();
    }

    @Test
    void aPartialRollbackEndsTheCursorsBehindItsSavepoint() {
        declare("before", one);
        cursors.onEffect(new SessionEffect.Savepoint("a"));
        declare("behind", one);
        cursors.onEffect(new SessionEffect.Savepoint("b"));
        declare("last", two);

        cursors.onEffect(new SessionEffect.RollbackTo("a"));

        assertThat(cursors.find("before")).isNotNull();
        assertThat(cursors.find("behind")).isNull();
        assertThat(cursors.find("last")).isNull();
    }

    @Test
    void whatWasClosedBehindASavepointStaysClosed() {
        declare("c", one);
        cursors.onEffect(new SessionEffect.Savepoint("a"));
        cursors.remove("c");
        cursors.onEffect(new SessionEffect.RollbackTo("a"));
        assertThat(cursors.find("c")).isNull();
    }

    @Test
    void releasedSavepointsLeaveTheirCursors() {
        cursors.onEffect(new SessionEffect.Savepoint("a"));
        declare("c", one);
        cursors.onEffect(new SessionEffect.Savepoint("b"));
        declare("d", two);
        cursors.onEffect(new SessionEffect.Release("a"));
        cursors.onEffect(new SessionEffect.RollbackTo("b"));
        assertThat(cursors.find("c")).isNotNull();
        assertThat(cursors.find("d")).isNotNull();
    }

    @Test
    void portalsAndSavepointsStandInTheOrderInWhichTheyWereAskedFor() {
        cursors.addPortal("before", one);
        cursors.onEffect(new SessionEffect.Savepoint("a"));
        cursors.addPortal("behind", two);
        cursors.onEffect(new SessionEffect.RollbackTo("a"));
        cursors.addPortal("later", two);

        assertThat(cursors.has("before")).isTrue();
        assertThat(cursors.has("behind")).isFalse();
        assertThat(cursors.has("later")).isTrue();
    }

    @Test
    void aCloseThatWasNotDonePutsThePortalBackWhereItWas() {
        cursors.addPortal("before", one);
        cursors.onEffect(new SessionEffect.Savepoint("a"));
        Runnable undo = cursors.removePortal("before");
        assertThat(cursors.has("before")).isFalse();
        undo.run();
        cursors.onEffect(new SessionEffect.RollbackTo("a"));
        assertThat(cursors.has("before")).isTrue();
    }

    @Test
    void whatWasNotDoneAboutSavepointsIsTakenBackInReverseOrder() {
        cursors.onEffect(new SessionEffect.Savepoint("a"));
        cursors.addPortal("p", one);
        Runnable release = cursors.onEffect(new SessionEffect.Release("a"));
        Runnable savepoint = cursors.onEffect(new SessionEffect.Savepoint("b"));
        Runnable rollback = cursors.onEffect(new SessionEffect.RollbackTo("b"));
        Runnable bind = cursors.addPortal("q", two);

        List.of(bind, rollback, savepoint, release).forEach(Runnable::run);

        assertThat(cursors.has("p")).isTrue();
        assertThat(cursors.has("q")).isFalse();
        cursors.onEffect(new SessionEffect.RollbackTo("b"));
        assertThat(cursors.has("p")).isTrue();
        cursors.onEffect(new SessionEffect.RollbackTo("a"));
        assertThat(cursors.has("p")).isFalse();
    }

    @Test
    void portalsOfTheProxysOwnEndWithTheirSavepoint() {
        List<String> ended = new ArrayList<>();
        cursors.addOwnPortal("before", () -> ended.add("before"));
        cursors.onEffect(new SessionEffect.Savepoint("a"));
        cursors.addOwnPortal("", () -> ended.add("the first without a name"));
        cursors.addOwnPortal("", () -> ended.add("the second"));
        assertThat(cursors.endsOwn("a", "")).isFalse();
        assertThat(cursors.endsOwn("a", "other")).isTrue();

        cursors.onEffect(new SessionEffect.RollbackTo("a"));

        assertThat(ended).containsExactly("the second");
        assertThat(cursors.isOwn("before")).isTrue();
        cursors.onEffect(new SessionEffect.End(false, true));
        assertThat(ended).containsExactly("the second", "before");
    }

    @Test
    void theTransactionKeepsWhatWasGatheredBeyondTheCursor() {
        cursors.add(new Cursors.Cursor("c", one, Cursors.Origin.GATHERED, false));
        cursors.removeAll();
        assertThat(cursors.find("c")).isNull();
        assertThat(cursors.hasGathered()).isTrue();
        cursors.onEffect(new SessionEffect.End(true, true));
        assertThat(cursors.hasGathered()).isFalse();
    }
}
