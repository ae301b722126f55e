package io.pgring.pgsql.parser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.pgsql.tree.TransactionControl;
import io.pgring.pgsql.tree.Unparsed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionControlTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            BEGIN                                         | BEGIN
            begin work                                    | BEGIN
            BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE | BEGIN SERIALIZABLE ro deferrable [ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE]
            START TRANSACTION READ WRITE                  | BEGIN rw [READ WRITE]
            BEGIN ISOLATION LEVEL READ COMMITTED NOT DEFERRABLE | BEGIN READ_COMMITTED [ISOLATION LEVEL READ COMMITTED NOT DEFERRABLE]
            COMMIT                                        | COMMIT
            END TRANSACTION                               | COMMIT
            COMMIT AND CHAIN                              | COMMIT chain
            COMMIT WORK AND NO CHAIN                      | COMMIT
            ROLLBACK                                      | ROLLBACK
            ABORT WORK AND CHAIN                          | ROLLBACK chain
            SAVEPOINT "S 1"                               | SAVEPOINT S 1
            RELEASE s1                                    | RELEASE s1
            RELEASE SAVEPOINT s1                          | RELEASE s1
            ROLLBACK TO S1                                | ROLLBACK_TO s1
            ROLLBACK TRANSACTION TO SAVEPOINT s1          | ROLLBACK_TO s1
            SET TRANSACTION ISOLATION LEVEL REPEATABLE READ | SET_TRANSACTION REPEATABLE_READ [ISOLATION LEVEL REPEATABLE READ]
            SET LOCAL TRANSACTION READ ONLY               | SET_TRANSACTION ro [READ ONLY]
            SET TRANSACTION SNAPSHOT 'x'                  | SET_TRANSACTION snapshot [SNAPSHOT 'x']
            SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY | SET_SESSION_CHARACTERISTICS ro [READ ONLY]
            PREPARE TRANSACTION 'x'                       | PREPARE_TRANSACTION 'x'
            COMMIT PREPARED 'x'                           | COMMIT_PREPARED 'x'
            ROLLBACK PREPARED 'x'                         | ROLLBACK_PREPARED 'x'
            """)
    void parses(String sql, String expected) {
        TransactionControl control = (TransactionControl) parse(sql);
        StringBuilder shown = new StringBuilder(control.kind().name());
        append(shown, control.savepoint());
        append(shown, control.modes().isolation());
        Boolean readOnly = control.modes().readOnly();
        append(shown, readOnly == null ? null : readOnly ? "ro" : "rw");
        append(shown, Boolean.TRUE.equals(control.modes().deferrable()) ? "deferrable" : null);
        append(shown, control.modes().snapshot() ? "snapshot" : null);
        append(shown, control.chain() ? "chain" : null);
        append(shown, control.gidStart() >= 0 ? sql.substring(control.gidStart(), control.end()) : null);
        if (control.optionsEnd() > control.optionsStart()) {
            append(shown, "[" + sql.substring(control.optionsStart(), control.optionsEnd()) + "]");
        }
        assertThat(shown).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"BEGIN READ", "COMMIT x", "ROLLBACK TO", "SAVEPOINT", "START", "SET TRANSACTION x", "BEGIN;;x"})
    void isUnparsedWhenItIsSomethingElse(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        assertThat(Parser.parse(text, 0, text.length).statements()).hasAtLeastOneElementOfType(Unparsed.class);
    }

    private static void append(StringBuilder shown, @Nullable Object part) {
        if (part != null) {
            shown.append(' ').append(part);
        }
    }

    private static Object parse(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        return Parser.parse(text, 0, text.length).statements().get(0);
    }
}
