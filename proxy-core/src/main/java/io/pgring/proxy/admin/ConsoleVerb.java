package io.pgring.proxy.admin;

import io.pgring.proxy.frontend.Console;
import io.pgring.proxy.frontend.ConsoleCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A kind of command of the console. */
interface ConsoleVerb {

    /** How it is written. */
    String usage();

    /** What it is good for, in a few words. */
    String summary();

    /**
     * Reads a command.
     *
     * @return null, with nothing read, when the words are those of another kind
     * @throws Console.Refusal when they are of this kind, but wrong
     */
    @Nullable
    ConsoleCommand read(ConsoleWords words) throws Console.Refusal;

    /** {@code SHOW something}: rows of text. */
    static ConsoleVerb show(
            String subject,
            String summary,
            List<String> columns,
            Supplier<CompletableFuture<List<List<@Nullable String>>>> rows) {
        return of(
                "SHOW " + subject,
                summary,
                columns,
                () -> rows.get().thenApply(all -> new ConsoleCommand.Answer("SHOW", all)));
    }

    /** A command without arguments. */
    static ConsoleVerb of(
            String usage,
            String summary,
            List<String> columns,
            Supplier<CompletableFuture<ConsoleCommand.Answer>> action) {
        return new Fixed(usage, summary, new ConsoleAction(columns, action));
    }

    /** A command whose words are all keywords. */
    record Fixed(String usage, String summary, ConsoleCommand command) implements ConsoleVerb {
        @Override
        public @Nullable ConsoleCommand read(ConsoleWords words) throws Console.Refusal {
            if (!words.take(usage.split(" "))) {
                return null;
            }
            words.end();
            return command;
        }
    }
}
