package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.backend.OwnRequest.Outcome;
import java.util.function.Consumer;

/** One shard's part of a transaction. */
interface Part {
    /** Name of the shard. */
    String shard();

    /** Whether a statement has been sent that may have changed rows there. */
    boolean hasWritten();

    /** How the session stands with the transaction. */
    TransactionStatus status();

    /** Sends SQL; the outcome is told later. */
    void tell(String sql, Consumer<Outcome> onTold);

    /** As {@link #tell}, with the rights of the proxy's own login, whoever the client has become. */
    void tellAsOwner(String sql, Consumer<Outcome> onTold);
}
