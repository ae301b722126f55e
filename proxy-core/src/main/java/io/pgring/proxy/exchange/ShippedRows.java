package io.pgring.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.pgring.pgsql.spread.RowTextSettings;
import io.pgring.pgsql.spread.Ship;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.proxy.fanout.CapturedRows;
import io.pgring.proxy.merge.DataRowView;
import io.pgring.proxy.merge.RowArray;
import io.pgring.proxy.merge.value.MergeFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes an array for each table of the rows that a {@link Ship.Reading} gives on all shards, if their text is exact. */
final class ShippedRows implements CapturedRows.Taker {
    private static final int COLUMNS = 3;
    private static final int TABLE = 0;
    private static final int ROW = 1;
    private static final int SETTINGS = 2;

    private final DataRowView view = new DataRowView(COLUMNS);
    private final List<RowArray> arrays;
    private final int bytesMax;
    private @Nullable String settings;

    /** @param bytesMax it fails rather than to hold more for all tables together */
    ShippedRows(int tables, int bytesMax) {
        this.bytesMax = bytesMax;
        this.arrays = Stream.generate(() -> new RowArray(Integer.MAX_VALUE))
                .limit(tables)
                .toList();
    }

    @Override
    public void onDescription(RowDescription description) {}

    @Override
    public void onRow(ByteBuf body) {
        view.wrap(body);
        if (view.isNull(TABLE)) {
            onSettings(text(SETTINGS));
            return;
        }
        arrays.get(Integer.parseInt(text(TABLE))).addWhole(view, ROW);
        if (arrays.stream().mapToLong(RowArray::bytes).sum() > bytesMax) {
            throw MergeFailure.tooManyShipped(bytesMax);
        }
    }

    private String text(int column) {
        return view.body().toString(view.start(column), view.length(column), StandardCharsets.UTF_8);
    }

    private void onSettings(String told) {
        String objection = RowTextSettings.objection(told);
        if (objection != null) {
            throw MergeFailure.inexactText(objection);
        }
        if (settings != null && !settings.equals(told)) {
            throw MergeFailure.inexactText(
                    "Set IntervalStyle and lc_monetary, which are not the same in the configurations of the servers.");
        }
        settings = told;
    }

    /** For each table the text of its array, UTF-8. */
    List<byte[]> arrays() {
        return arrays.stream().map(RowArray::toBytes).toList();
    }
}
