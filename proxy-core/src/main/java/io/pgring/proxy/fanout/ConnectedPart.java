package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.proxy.backend.OwnRequest;
import io.pgring.proxy.backend.OwnRequest.Outcome;
import io.pgring.proxy.backend.ServerConnection;
import java.util.function.Consumer;

/** A part that is on a server connection. */
record ConnectedPart(ServerConnection server, boolean hasWritten) implements Part {
    /** Triggers that wait for the end of the transaction still run with the rights of the client. */
    private static final String OWNER_WITHIN =
            "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE; ";

    private static final String OWNER = "RESET SESSION AUTHORIZATION; RESET ROLE";

    @Override
    public String shard() {
        return server.shard().name();
    }

    @Override
    public TransactionStatus status() {
        return server.status();
    }

    @Override
    public void tell(String sql, Consumer<Outcome> onTold) {
        OwnRequest.command(server, sql, onTold);
    }

    @Override
    public void tellAsOwner(String sql, Consumer<Outcome> onTold) {
        boolean within = status() != TransactionStatus.IDLE;
        if (hasOtherUser()) {
            // Servers before 17 forget the role when the end of the transaction brings the session user back.
            server.condemn();
            if (!within) {
                OwnRequest.query(server, OWNER, failure -> {});
            }
        }
        tell(within ? OWNER_WITHIN + sql : sql, onTold);
    }

    private boolean hasOtherUser() {
        return server.variables().statementOf("role") != null
                || server.variables().statementOf("session_authorization") != null;
    }
}
