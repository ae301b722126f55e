package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgsql.spread.Relay;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.fanout.CapturedRows;
import io.pgring.proxy.merge.DataRowView;
import io.pgring.proxy.merge.RowArray;
import io.pgring.proxy.merge.value.MergeFailure;
import io.pgring.proxy.routing.CopyPlacement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows of a statement on their way: an array for each shard that gets some, and which row went where. */
final class RelayedRows implements CapturedRows.Taker {
    private static final int HOME = 0;
    private static final int INITIAL_ROWS = 16;

    private final CopyPlacement placement;
    private final int key;
    private final int[] places;
    private final DataRowView row;
    private final @Nullable RowArray[] arrays;
    private final int bytesMax;
    private long bytes;
    private int[] shardOfRow = new int[INITIAL_ROWS];
    private int count;
    private boolean nullKey;
    private @Nullable ErrorResponse refusal;

    /** @param bytesMax it fails rather than to hold more */
    RelayedRows(CopyPlacement placement, Relay.Rows rows, int bytesMax) {
        this.placement = placement;
        this.key = rows.key();
        this.places = places(placement.table().definition().columns(), rows);
        this.row = new DataRowView(rows.columns().size());
        this.arrays = new RowArray[placement.shards().size()];
        this.bytesMax = bytesMax;
    }

    /** For each column of the table the column of the row; -1 for one that gets no value. */
    private static int[] places(List<String> columns, Relay.Rows rows) {
        int[] places = new int[columns.size()];
        Arrays.fill(places, -1);
        for (int i = 0; i < rows.columns().size(); i++) {
            int place = i;
            rows.columns().get(i).ifPresent(column -> places[columns.indexOf(column.name())] = place);
        }
        return places;
    }

    @Override
    public void onDescription(RowDescription description) {}

    @Override
    public void onRow(ByteBuf body) {
        bytes += body.readableBytes();
        if (bytes > bytesMax) {
            throw MergeFailure.tooManyRows(bytesMax);
        }
        row.wrap(body);
        boolean isNull = row.isNull(key);
        ByteBuf value = isNull ? null : body.slice(row.start(key), row.length(key));
        int shard = isNull ? HOME : placement.shardOf(value, false);
        nullKey |= isNull;
        if (shard < 0) {
            refusal = placement.refusal(value);
            return;
        }
        RowArray array = arrays[shard];
        if (array == null) {
            array = new RowArray(bytesMax);
            arrays[shard] = array;
        }
        array.add(row, places);
        if (count == shardOfRow.length) {
            shardOfRow = Arrays.copyOf(shardOfRow, count * 2);
        }
        shardOfRow[count++] = shard;
    }

    /** Why a row has no shard; null when each has one. */
    @Nullable
    ErrorResponse refusal() {
        return refusal;
    }

    /** Whether the key of a row is NULL. Such rows go to the home shard. */
    boolean hasNullKey() {
        return nullKey;
    }

    /** The indexes of the shards that get rows, ascending; the home shard's if there are no rows. */
    int[] shards() {
        int[] shards = IntStream.range(0, arrays.length)
                .filter(index -> arrays[index] != null)
                .toArray();
        return shards.length == 0 ? new int[] {HOME} : shards;
    }

    /** The rows of a shard, as one value. */
    byte[] rowsOf(int shard) {
        RowArray array = arrays[shard];
        return (array == null ? new RowArray(bytesMax) : array).toBytes();
    }

    /** For each row the place of its shard among {@link #shards}. */
    int[] sources() {
        int[] shards = shards();
        return IntStream.range(0, count)
                .map(index -> Arrays.binarySearch(shards, shardOfRow[index]))
                .toArray();
    }
}
