package io.pgring.proxy.admin;

import io.pgring.proxy.frontend.ConsoleCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A command of the console that has been read.
 *
 * @param columns of its answer
 * @param action carries it out
 */
record ConsoleAction(List<String> columns, Supplier<CompletableFuture<Answer>> action) implements ConsoleCommand {
    /** A command that does nothing but to say that it was done. */
    static ConsoleAction tag(String tag) {
        return new ConsoleAction(List.of(), () -> CompletableFuture.completedFuture(Answer.of(tag)));
    }

    @Override
    public CompletableFuture<Answer> run() {
        return action.get();
    }
}
