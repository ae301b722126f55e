package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionVariablesTest {
    private static final String USER = "SET SESSION AUTHORIZATION app";
    private static final String ROLE = "SET ROLE reader";
    private static final String LOG = "SET log_min_messages = 'info'";
    private static final SessionVariables BOTH =
            SessionVariables.NONE.with("session_authorization", USER).with("role", ROLE);

    @Test
    void theOrderIsTheClients() {
        assertThat(SessionVariables.NONE.differenceTo(BOTH)).isEqualTo(USER + ";" + ROLE);
        assertThat(BOTH.differenceTo(SessionVariables.NONE))
                .isEqualTo("RESET \"role\";RESET \"session_authorization\"");
    }

    /** Else two clients, of whom one has set them the other way round, would seem to be alike. */
    @Test
    void anotherSessionUserHasNoRole() {
        SessionVariables roleFirst = SessionVariables.NONE.with("role", ROLE).with("session_authorization", USER);
        assertThat(roleFirst).isNotEqualTo(BOTH);
        assertThat(SessionVariables.NONE.differenceTo(roleFirst)).isEqualTo(USER);
        assertThat(BOTH.without("session_authorization")).isEqualTo(SessionVariables.NONE);
    }

    /** As a superuser, who then becomes somebody who may not undo it. */
    @Test
    void whatWasSetLastIsUndoneFirst() {
        SessionVariables lowered =
                SessionVariables.NONE.with("log_min_messages", LOG).with("role", ROLE);
        assertThat(lowered.differenceTo(SessionVariables.NONE)).isEqualTo("RESET \"role\";RESET \"log_min_messages\"");
        assertThat(SessionVariables.NONE.differenceTo(lowered)).isEqualTo(LOG + ";" + ROLE);
    }

    /** And the other way round: it is the role that may. */
    @Test
    void aRoleComesBeforeWhatNeedsIt() {
        SessionVariables raised = SessionVariables.NONE.with("role", ROLE).with("log_min_messages", LOG);
        assertThat(raised.differenceTo(SessionVariables.NONE)).isEqualTo("RESET \"log_min_messages\";RESET \"role\"");
        assertThat(SessionVariables.NONE.with("role", ROLE).differenceTo(raised))
                .isEqualTo("RESET \"role\";" + ROLE + ";" + LOG);
    }

    @Test
    void whatIsEqualIsNotSaid() {
        SessionVariables one = SessionVariables.NONE.with("work_mem", "SET work_mem = '5MB'");
        SessionVariables two = one.with("jit", "SET jit = off");
        assertThat(one.differenceTo(two)).isEqualTo("SET jit = off");
        assertThat(two.differenceTo(one)).isEqualTo("RESET \"jit\"");
        assertThat(two.differenceTo(one.with("jit", "SET jit = on"))).isEqualTo("SET jit = on");
        assertThat(BOTH.differenceTo(BOTH)).isEmpty();
    }
}
