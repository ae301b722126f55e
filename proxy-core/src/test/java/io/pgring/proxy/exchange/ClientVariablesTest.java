package io.pgring.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.routing.SessionEffect.OfChannels;
import org.junit.jupiter.api.Test;

class ClientVariablesTest {
    private static final SessionVariables DEFAULTS =
            SessionVariables.NONE.with("timezone", "SET \"timezone\" TO 'UTC'");

    private final ClientVariables variables = new ClientVariables(DEFAULTS);

    private static SessionEffect set(String name, String value) {
        return new SessionEffect.Assign(name, "SET " + name + " TO " + value);
    }

    @Test
    void aSettingIsInForceWhenItsTransactionHasCommitted() {
        variables.add(set("work_mem", "'1MB'"));
        assertThat(variables.inForce()).isEqualTo(DEFAULTS);
        variables.end(true, DEFAULTS);
        assertThat(variables.inForce().statementOf("work_mem")).isEqualTo("SET work_mem TO '1MB'");
    }

    @Test
    void aSettingIsGoneWhenItsTransactionWasRolledBack() {
        variables.add(set("work_mem", "'1MB'"));
        assertThat(variables.end(false, DEFAULTS)).isEqualTo(DEFAULTS);
        assertThat(variables.inForce()).isEqualTo(DEFAULTS);
    }

    @Test
    void aRollbackToASavepointUndoesWhatCameAfterIt() {
        variables.add(set("a", "1"));
        variables.add(new SessionEffect.Savepoint("s"));
        variables.add(set("a", "2"));
        variables.add(set("b", "2"));
        variables.add(new SessionEffect.RollbackTo("s"));
        variables.end(true, DEFAULTS);
        assertThat(variables.inForce().statementOf("a")).isEqualTo("SET a TO 1");
        assertThat(variables.inForce().statementOf("b")).isNull();
    }

    @Test
    void aReleasedSavepointKeepsWhatCameAfterIt() {
        variables.add(new SessionEffect.Savepoint("s"));
        variables.add(set("a", "2"));
        variables.add(new SessionEffect.Release("s"));
        variables.end(true, DEFAULTS);
        assertThat(variables.inForce().statementOf("a")).isEqualTo("SET a TO 2");
    }

    @Test
    void channelsAreListenedToWhenTheTransactionHasCommitted() {
        variables.add(new OfChannels.Listen("a"));
        assertThat(variables.channels()).isEmpty();
        assertThat(variables.hears("a")).isTrue();
        assertThat(variables.hasPending()).isFalse();
        variables.end(true, DEFAULTS);
        variables.add(new OfChannels.Listen("b"));
        variables.add(new OfChannels.Unlisten("a"));
        assertThat(variables.hears("a")).isTrue();
        variables.end(false, DEFAULTS);
        assertThat(variables.channels()).containsExactly("a");
    }

    @Test
    void aRollbackToASavepointForgetsChannelsToo() {
        variables.add(new OfChannels.Listen("a"));
        variables.add(new SessionEffect.Savepoint("s"));
        variables.add(new OfChannels.UnlistenAll());
        variables.add(new OfChannels.Listen("b"));
        variables.add(new SessionEffect.RollbackTo("s"));
        variables.add(new OfChannels.Listen("c"));
        variables.endChannels(true);
        assertThat(variables.channels()).containsExactly("a", "c");
        assertThat(variables.hears("b")).isFalse();
    }

    private void now(SessionEffect effect) {
        variables.add(effect);
        variables.end(true, variables.inForce());
    }

    /** It travels with the client, and must not stay behind on a server that is thought to be without. */
    @Test
    void resetAllLeavesTheRoleAsItIs() {
        now(set("role", "reader"));
        now(set("work_mem", "'1MB'"));
        variables.add(new SessionEffect.ResetAll());
        assertThat(variables.end(true, variables.inForce()).statementOf("role")).isEqualTo("SET role TO reader");
        assertThat(variables.inForce().statementOf("role")).isEqualTo("SET role TO reader");
        assertThat(variables.inForce().statementOf("work_mem")).isNull();
        assertThat(variables.areDefaults()).isFalse();
    }

    @Test
    void resetReturnsToTheDefaultOfTheClientNotOfTheServer() {
        now(set("timezone", "'CET'"));
        now(new SessionEffect.Reset("timezone"));
        assertThat(variables.inForce()).isEqualTo(DEFAULTS);
        now(set("work_mem", "'1MB'"));
        now(new SessionEffect.ResetAll());
        assertThat(variables.inForce()).isEqualTo(DEFAULTS);
    }

    @Test
    void resetAllKeepsTheUserAndThenHisRole() {
        now(set("session_authorization", "app"));
        now(set("role", "reader"));
        now(set("work_mem", "'1MB'"));
        now(new SessionEffect.ResetAll());
        assertThat(DEFAULTS.differenceTo(variables.inForce()))
                .endsWith("SET session_authorization TO app;SET role TO reader")
                .doesNotContain("work_mem");
    }

    @Test
    void theDifferenceResetsWhatIsNotWantedAndSetsWhatIs() {
        SessionVariables from = SessionVariables.NONE.with("a", "SET a TO 1").with("b", "SET b TO 1");
        SessionVariables to = SessionVariables.NONE.with("b", "SET b TO 2").with("c.d", "SET c.d TO 3");
        assertThat(from.differenceTo(to)).isEqualTo("RESET \"a\";SET b TO 2;SET c.d TO 3");
        assertThat(to.differenceTo(SessionVariables.NONE)).isEqualTo("RESET \"c\".\"d\";RESET \"b\"");
        assertThat(from.differenceTo(from)).isEmpty();
    }
}
