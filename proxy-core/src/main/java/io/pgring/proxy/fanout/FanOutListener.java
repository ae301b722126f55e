package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.CopyInResponse;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.ServerSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Told how a {@link FanOut} ends: exactly one call, but for suspensions before. */
public interface FanOutListener {
    /** Why the plan must not be carried out in a session; null when it may. */
    @Nullable
    ErrorResponse refusal(ServerSession session);

    /** Every shard has done its part; these are the tags of the statements, in order. */
    void onFanOutDone(List<String> tags);

    /** Whether shards may be left in the middle of their rows; if not, they must have sent them all before it is suspended. */
    boolean maySuspend();

    /** So many rows were wanted and sent; {@link FanOut#resume} gives more. */
    void onFanOutSuspended();

    /** How many bytes of rows may be kept until the client comes for them, where shards must have sent all. */
    long heldBytesMax();

    /** So many rows were wanted and sent, and shards have more of them than may be kept. It is to be failed. */
    void onFanOutHeldUp();

    /** All shards wait for copy data: {@link FanOut#copyInput} takes it. */
    void onFanOutTakesCopyData(CopyInResponse response);

    /** {@link CopyInput#isWritable} may have changed. */
    void onFanOutWritable();

    /** Nothing of the statement must stay. Every shard has answered, or is gone. */
    void onFanOutFailed(ErrorResponse error);
}
