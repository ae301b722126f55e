package io.pgring.proxy.fanout;

import io.pgring.pgwire.backend.ErrorFields;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.backend.GatherErrors;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.topology.Shard;

/** What an error of a shard says of places in texts and data, in the client's terms. */
public final class ErrorContext {
    private ErrorContext() {}

    /** Shards that all run the same of the same have not done the same. */
    static ErrorResponse unequal() {
        return ErrorResponse.error("XX000", "the shards have changed different numbers of rows")
                .detail("Their copies of a reference table must stay equal.");
    }

    /** What the client is told of an error of a shard, whose positions are those of the shard's text. */
    static ErrorResponse ofStatement(ErrorResponse error, FanOutTask.Positions positions) {
        ErrorResponse named = GatherErrors.named(error);
        return named == null ? inText(error, positions) : named;
    }

    /** What the client is told of values that can't be merged. */
    static ErrorResponse of(MergeFailure failure) {
        ErrorResponse said = ErrorResponse.error(failure.sqlState(), failure.getMessage());
        return failure.hint() == null ? said : said.hint(failure.hint());
    }

    /** A shard knows the rows that it was given, and no others: to the client its numbers of lines say little. */
    static ErrorResponse ofRows(ErrorResponse error, Shard shard) {
        String where = error.fields().get(ErrorFields.WHERE);
        return where == null
                ? error
                : error.where(where + "\nlines as shard \"" + shard.name() + "\" has received them");
    }

    /** The position is one of the text that the shard was sent; the client's is another. */
    public static ErrorResponse inText(ErrorResponse error, FanOutTask.Positions positions) {
        String position = error.fields().get(ErrorFields.POSITION);
        return position == null || !position.matches("\\d{1,9}")
                ? error
                : error.position(positions.original(Integer.parseInt(position)));
    }
}
