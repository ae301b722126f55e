package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.proxy.routing.Plan;
import org.jspecify.annotations.Nullable;

/** What the control side does for clients that define or declare tables. It calls back on the event loop. */
public interface TableControl {
    /** Whether what is known of the tables can be relied on for a plan: it may be that other proxies have changed some, unseen. */
    boolean isSure(Plan plan);

    /** Calls back when what is known of the tables is what is so. */
    void refresh(Runnable then);

    /** Has a table made sharded, a reference table, or neither; then what is known of the tables is what is so. */
    void run(TableOrder order, Client client);

    /** Who waits for it. */
    interface Client {
        /** How far it has come. */
        void onProgress(NoticeResponse notice);

        /**
         * It is over.
         *
         * @param error why it was not done; null when it was
         */
        void onDone(@Nullable ErrorResponse error);

        /** Whether it is no longer wanted, as far as it can still be undone. Asked on any thread. */
        boolean isCancelled();
    }
}
