package io.pgring.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionVariablesTest {
    private static final String USER = "SET SESSION AUTHORIZATION app";
    private static final String ROLE = "SET ROLE reader";
    private static final SessionVariables BOTH =
            SessionVariables.NONE.with("role", ROLE).with("session_authorization", USER);

    @Test
    void theSessionUserComesBeforeItsRole() {
        assertThat(SessionVariables.NONE.differenceTo(BOTH)).isEqualTo(USER + ";" + ROLE);
    }

    @Test
    void theRoleIsSetOnceMoreForAnotherSessionUser() {
        SessionVariables role = SessionVariables.NONE.with("role", ROLE);
        assertThat(role.differenceTo(BOTH)).isEqualTo(USER + ";" + ROLE);
        assertThat(BOTH.differenceTo(role)).isEqualTo("RESET \"session_authorization\";" + ROLE);
    }

    @Test
    void whatIsEqualIsNotSaid() {
        SessionVariables more = BOTH.with("work_mem", "SET work_mem = '5MB'");
        assertThat(BOTH.differenceTo(more)).isEqualTo("SET work_mem = '5MB'");
        assertThat(more.differenceTo(BOTH)).isEqualTo("RESET \"work_mem\"");
        assertThat(more.differenceTo(more)).isEmpty();
    }

    @Test
    void everythingGoes() {
        assertThat(BOTH.differenceTo(SessionVariables.NONE))
                .isEqualTo("RESET \"session_authorization\";RESET \"role\"");
    }
}
