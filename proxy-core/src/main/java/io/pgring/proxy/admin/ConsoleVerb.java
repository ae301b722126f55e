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
 * @param keywords that it begins with
 * @param parameters what follows them; may be empty
 * @param summary what it is good for, in a few words
 * @param form reads what follows the keywords
 */
record ConsoleVerb(String keywords, String parameters, String summary, Form form) {

    /** What follows the keywords of a command. */
    interface Form {
        ConsoleCommand read(ConsoleWords words) throws Console.Refusal;
    }

    /** A command without parameters. */
    ConsoleVerb(String keywords, String summary, ConsoleCommand command) {
        this(keywords, "", summary, words -> command);
    }

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

    /** Its words. */
    String usage() {
        return parameters.isEmpty() ? keywords : keywords + " " + parameters;
    }

    /**
     * Reads a command.
     *
     * @return null, with nothing read, when the words are those of another one
     * @throws Console.Refusal when other words follow
     */
    @Nullable
    ConsoleCommand read(ConsoleWords words) throws Console.Refusal {
        if (!words.take(keywords.split(" "))) {
            return null;
        }
        ConsoleCommand command = form.read(words);
        words.end();
        return command;
    }
}
