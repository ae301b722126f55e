package io.pgring.proxy.fanout;

import static io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.backend.CommandComplete;
import io.pgring.pgwire.backend.CopyInResponse;
import io.pgring.pgwire.backend.CopyOutResponse;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.pgwire.backend.ParameterDescription;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.pgwire.backend.TransactionStatus;
import io.pgring.pgwire.framing.MessageCursor;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.pgwire.frontend.Close;
import io.pgring.pgwire.frontend.CopyFail;
import io.pgring.pgwire.frontend.Describe;
import io.pgring.pgwire.frontend.Execute;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Query;
import io.pgring.pgwire.frontend.Sync;
import io.pgring.pgwire.frontend.Target;
import io.pgring.proxy.backend.Replier;
import io.pgring.proxy.backend.ServerConnection;
import io.pgring.proxy.backend.ServerErrors;
import io.pgring.proxy.backend.ServerLease;
import io.pgring.proxy.merge.RowSource;
import io.pgring.proxy.topology.Shard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shard's part of a {@link FanOut}: sends the statement, keeps the rows that have come until the merge takes them, and stops
 * reading from a shard that is far ahead of the merge.
 */
final class ShardRun implements Replier, RowSource {
    private static final int HELD_BYTES_MAX = 256 * 1024;
    /** The unnamed portal may be the client's, which goes on with it later. */
    private static final String PORTAL = "pgring: several shards";

    private static final int HEADER_BYTES = MessageCursor.HEADER_BYTES;

    private final FanOut owner;
    private final ServerLease lease;
    private final ShardStatement statement;
    private final FanOutTask.Description.@Nullable OfText describedBy;
    private final List<String> tags = new ArrayList<>(1);
    private final long startNanos = System.nanoTime();

    /** What the rows are taken from; a row at hand is a slice of it. */
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    private final ArrayDeque<ByteBuf> later = new ArrayDeque<>();
    private long heldBytes;
    private @Nullable ByteBuf row;
    private @Nullable RowDescription description;
    private @Nullable RowDescription ofText;
    private @Nullable CopyInResponse copyInResponse;
    private @Nullable CopyOutResponse copyOutResponse;
    private @Nullable ErrorResponse error;
    /** The shard's words, until what it has said before is handed over. */
    private @Nullable ErrorResponse told;

    private int[] parameterTypeOids = {};

    /** The values have been accepted, where there are any. */
    private boolean bound;

    /** It has answered the statement with an error, and does no more of it. */
    private boolean stopped;

    private boolean ended;
    private boolean discarding;
    private boolean keepsAll;
    /** Told in place of the server's error, when that was asked for. */
    private @Nullable ErrorResponse refusal;

    /** @param describedBy a text whose columns are to be told too; null when none is */
    ShardRun(
            FanOut owner,
            ServerLease lease,
            ShardStatement statement,
            FanOutTask.Description.@Nullable OfText describedBy) {
        this.owner = owner;
        this.lease = lease;
        this.statement = statement;
        this.describedBy = describedBy;
    }

    Shard shard() {
        return statement.shard();
    }

    /** The connection; null when it is lost. */
    @Nullable
    ServerConnection server() {
        return lease.server();
    }

    /** Sends the statement. */
    void send() {
        ServerConnection server = lease.require();
        server.request(this);
        ByteBuf out = server.gather();
        ShardStatement.Input input = statement.input();
        if (input == null) {
            bound = true;
            Query.of(new String(statement.text(), StandardCharsets.UTF_8)).encode(out);
        } else {
            if (owner.onlyDescribes()) {
                parse(server, statement.text(), input).encode(out);
                new Describe(Target.STATEMENT, "").encode(out);
                new Sync().encode(out);
                server.statements().setUnnamed(null);
                return;
            }
            if (describedBy != null) {
                // The portal, not the statement: where both differ, a simple Query shows the former.
                describe(server, describedBy.text(), describedBy.input());
            }
            describe(server, statement.text(), input);
            new Execute(PORTAL, 0).encode(out);
            new Close(Target.PORTAL, PORTAL).encode(out);
            new Sync().encode(out);
        }
        server.statements().setUnnamed(null);
    }

    /** A text with a type that the shard does not have is none for it. */
    private Parse parse(ServerConnection server, byte[] text, ShardStatement.Input input) {
        int[] types = server.typesToShard(input.typeOids());
        if (types == null) {
            refusal = ServerErrors.noSuchType(shard());
            return new Parse("", ServerErrors.refusedText(), new int[0]);
        }
        return new Parse("", text, types);
    }

    private void describe(ServerConnection server, byte[] text, ShardStatement.Input input) {
        ByteBuf out = server.gather();
        new Close(Target.PORTAL, PORTAL).encode(out);
        parse(server, text, input).encode(out);
        new Bind(PORTAL, "", input.formats(), input.values(), input.resultFormats()).encode(out);
        new Describe(Target.PORTAL, PORTAL).encode(out);
    }

    /** Something has gone wrong; the first error counts. */
    void fail(ErrorResponse cause) {
        if (error == null) {
            error = cause;
            owner.onError(this, cause);
        }
    }

    /** The shard has reported an error, or is gone. */
    boolean hasFailed() {
        return error != null;
    }

    /** What the shard has reported behind its rows, or that it is gone; null as long as nothing is wrong. */
    @Nullable
    ErrorResponse error() {
        return error;
    }

    /** How many bytes of rows are kept. */
    long heldBytes() {
        return heldBytes;
    }

    /** The merge does not go on before the shard has sent all: it is no longer held back. */
    void keepAll() {
        if (!keepsAll) {
            keepsAll = true;
            setReading(true);
        }
    }

    /** The shard has said all, or is gone. */
    boolean isOver() {
        return ended;
    }

    /** The tags of the statements that have been completed. */
    List<String> tags() {
        return tags;
    }

    /** The columns, once the shard has told them; null also when there are none. */
    @Nullable
    RowDescription description() {
        parse();
        return description;
    }

    /** The types of the parameters, if the text was to be described. */
    int[] parameterTypeOids() {
        parse();
        return parameterTypeOids;
    }

    /** The columns of the text that was to be described; known when {@link #description} is. */
    @Nullable
    RowDescription ofText() {
        return ofText;
    }

    /** That the shard waits for copy data, once it has said so. */
    @Nullable
    CopyInResponse copyInResponse() {
        parse();
        return copyInResponse;
    }

    /** That copy data follows, once the shard has said so. */
    @Nullable
    CopyOutResponse copyOutResponse() {
        parse();
        return copyOutResponse;
    }

    /** The copy has failed. A shard that does not wait for data, or no longer does, pays no attention. */
    void failCopy(String reason) {
        ServerConnection server = lease.server();
        if (!ended && server != null) {
            new CopyFail(reason).encode(server.gather());
        }
    }

    /** Whether an error that comes now comes from running the statement, not from its values. */
    boolean isBound() {
        return bound;
    }

    /** Whether the shard has run the statement, at least up to its first row. */
    boolean hasRun() {
        return head() != null || ended || !tags.isEmpty();
    }

    /** Whether it is known what columns there are, or that there are none. */
    boolean isDescribed() {
        return description() != null || ended || !tags.isEmpty() || error != null;
    }

    /** The rest of the rows is not wanted. */
    void discard() {
        if (!discarding) {
            discarding = true;
            release();
            setReading(true);
        }
    }

    /**
     * The shard is to stop; how it ends is told all the same. One that has stopped by itself is left alone: a cancel would come late, and
     * hit the next statement of the transaction.
     */
    void cancel() {
        discard();
        ServerConnection server = lease.server();
        if (!ended && !stopped && server != null) {
            server.cancel();
        }
    }

    private void setReading(boolean reading) {
        ServerConnection server = lease.server();
        if (server != null) {
            server.setReading(reading);
        }
    }

    private void release() {
        row = null;
        held.release();
        held = Unpooled.EMPTY_BUFFER;
        later.forEach(ByteBuf::release);
        later.clear();
        heldBytes = 0;
    }

    // ---- rows -------------------------------------------------------------------------------------------------------

    @Override
    public @Nullable ByteBuf head() {
        parse();
        return row;
    }

    @Override
    public void next() {
        ByteBuf taken = row;
        if (taken == null) {
            throw new IllegalStateException("there is no row at hand");
        }
        skip(taken.readableBytes());
        row = null;
        // The rest of a long row must come however much of it is there.
        if (!ended && (heldBytes <= HELD_BYTES_MAX / 2 || head() == null)) {
            setReading(true);
        }
    }

    @Override
    public boolean isEnded() {
        return ended && error == null && head() == null;
    }

    /** Takes the description and finds the first row, when they are there as a whole. */
    private void parse() {
        while (row == null) {
            int start = held.readerIndex();
            int body = held.readableBytes() < HEADER_BYTES ? -1 : held.getInt(start + 1) - Integer.BYTES;
            if (body < 0 || held.readableBytes() < HEADER_BYTES + body) {
                if (later.isEmpty()) {
                    return;
                }
                held = MERGE_CUMULATOR.cumulate(ByteBufAllocator.DEFAULT, held, later.remove());
                continue;
            }
            ByteBuf message = held.slice(start + HEADER_BYTES, body);
            switch (held.getByte(start)) {
                case BackendType.DATA_ROW, BackendType.COPY_DATA -> row = message;
                case BackendType.PARAMETER_DESCRIPTION ->
                    parameterTypeOids = ParameterDescription.decode(message).typeOids();
                case BackendType.COPY_IN_RESPONSE -> copyInResponse = CopyInResponse.decode(message);
                case BackendType.COPY_OUT_RESPONSE -> copyOutResponse = CopyOutResponse.decode(message);
                default -> onDescription(RowDescription.decode(message));
            }
            if (row == null) {
                skip(body);
            }
        }
    }

    private void onDescription(RowDescription told) {
        if (describedBy != null && ofText == null) {
            ofText = told;
        } else {
            description = told;
        }
    }

    private void skip(int bodyBytes) {
        held.skipBytes(HEADER_BYTES + bodyBytes);
        heldBytes -= HEADER_BYTES + bodyBytes;
    }

    // ---- replies ----------------------------------------------------------------------------------------------------

    @Override
    public boolean onReply(byte type) {
        bound |= type == BackendType.BIND_COMPLETE;
        return switch (type) {
            case BackendType.PARAMETER_DESCRIPTION,
                    BackendType.ROW_DESCRIPTION,
                    BackendType.DATA_ROW,
                    BackendType.COPY_IN_RESPONSE,
                    BackendType.COPY_OUT_RESPONSE,
                    BackendType.COPY_DATA -> true;
            default -> false;
        };
    }

    @Override
    public boolean onReply(byte type, ByteBuf body) {
        switch (type) {
            case BackendType.COMMAND_COMPLETE ->
                tags.add(CommandComplete.decode(body).tag());
            case BackendType.ERROR_RESPONSE -> told = ErrorResponse.decode(body);
            case BackendType.NOTICE_RESPONSE -> owner.onNotice(this, NoticeResponse.decode(body));
            default -> {}
        }
        return false;
    }

    /** A fatal one is the server's farewell: the end of the connection tells more. */
    private void onError(ErrorResponse words) {
        if (!words.fields().isFatal()) {
            stopped = true;
            fail(refusal == null ? words : refusal);
        }
    }

    @Override
    public void onReplyBytes(ByteBuf messages) {
        if (discarding) {
            messages.release();
            return;
        }
        heldBytes += messages.readableBytes();
        later.add(messages);
        if (heldBytes > HELD_BYTES_MAX && !keepsAll && head() != null) {
            setReading(false);
        }
        owner.onProgress();
    }

    @Override
    public boolean interjects() {
        return told != null;
    }

    @Override
    public void onInterjection() {
        ErrorResponse words = told;
        if (words != null) {
            told = null;
            onError(owner.inContext(this, words));
        }
    }

    @Override
    public void onReadyForQuery(TransactionStatus status) {
        ended = true;
        lease.metrics().onExchange(System.nanoTime() - startNanos);
        setReading(true);
        owner.onProgress();
    }

    @Override
    public void onConnectionLost(ErrorResponse cause) {
        ended = true;
        lease.onLost();
        fail(new ErrorResponse(cause.fields().withSeverity("ERROR")));
        owner.onProgress();
    }

    @Override
    public void onServerWritability() {
        owner.onServerWritability();
    }

    /** Gives up what is held. */
    void close() {
        discarding = true;
        release();
    }
}
