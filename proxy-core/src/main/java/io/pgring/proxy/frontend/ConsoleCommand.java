package io.pgring.proxy.frontend;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command of an administrator that has been understood. */
public interface ConsoleCommand {

    /** The names of the columns of its answer, all of them text; none when it answers with a tag alone. */
    List<String> columns();

    /**
     * Carries it out. Called on an event loop, which it does not block; the answer may come on any thread.
     *
     * @return fails with a {@link Console.Refusal} when it can't be carried out
     */
    CompletableFuture<Answer> run();

    /**
     * What came of it.
     *
     * @param tag as in CommandComplete
     * @param rows with a value for each column
     */
    record Answer(String tag, List<List<@Nullable String>> rows) {
        /** Without rows. */
        public static Answer of(String tag) {
            return new Answer(tag, List.of());
        }
    }
}
