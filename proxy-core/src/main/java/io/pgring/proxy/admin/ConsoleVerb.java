package io.pgring.proxy.admin;

import io.pgring.proxy.frontend.Console;
import io.pgring.proxy.frontend.ConsoleCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A command of the console that there is.
 *
 * @param usage its words
 * @param summary what it is good for, in a few words
 */
record ConsoleVerb(String usage, String summary, ConsoleCommand command) {

    /** {@code SHOW something}: rows of text. */
    static ConsoleVerb show(
            String subject,
            String summary,
            List<String> columns,
            Supplier<CompletableFuture<List<List<@Nullable String>>>> rows) {
        return new ConsoleVerb(
                "SHOW " + subject,
                summary,
                new ConsoleAction(columns, () -> rows.get().thenApply(all -> new ConsoleCommand.Answer("SHOW", all))));
    }

    /**
     * Reads a command.
     *
     * @return null, with nothing read, when the words are those of another one
     * @throws Console.Refusal when more words follow
     */
    @Nullable
    ConsoleCommand read(ConsoleWords words) throws Console.Refusal {
        if (!words.take(usage.split(" "))) {
            return null;
        }
        words.end();
        return command;
    }
}
