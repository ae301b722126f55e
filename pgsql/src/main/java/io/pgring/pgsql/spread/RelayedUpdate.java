package io.pgring.pgsql.spread;

import io.pgring.pgsql.spread.Excerpt.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An UPDATE that gives rows another key, with which they may belong to another shard. They are deleted where they are, and inserted where
 * they belong:
 *
 * <pre>
 *  UPDATE t AS u SET key = lower(key) WHERE n > 5 RETURNING u.key
 *
 *  read   DELETE FROM "public"."t" AS "u" WHERE n > 5 RETURNING (lower(key))::text, "u"."n"
 *  write  INSERT INTO "public"."t" AS "u" ("key", "n") SELECT r."key", r."n" FROM unnest($1::"public"."t"[]) AS r RETURNING u.key
 * </pre>
 *
 * @param table schema and name, as SQL
 * @param target the same with its alias
 * @param read the DELETE
 * @param returning where RETURNING is in the text; null without
 * @param columns all that are stored
 * @param key the place of the key among them
 */
public record RelayedUpdate(
        String table,
        String target,
        Excerpt read,
        Piece.@Nullable Tokens returning,
        List<StoredColumn> columns,
        int key)
        implements Relay {
    public RelayedUpdate {
        columns = List.copyOf(columns);
    }

    @Override
    public String command() {
        return "UPDATE";
    }

    @Override
    public String hint() {
        return "Change the key by DELETE and INSERT.";
    }

    @Override
    public boolean takesAway() {
        return true;
    }

    @Override
    public int sourceColumns() {
        return columns.size();
    }

    @Override
    public Rewriting source() {
        return read;
    }

    @Override
    public Rows rows(int count) {
        return new Rows(read, columns.stream().map(Optional::of).toList(), key, false);
    }

    @Override
    public Rewriting write(Rows rows, int parameter) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece.Words("INSERT INTO " + target + WrittenRows.sql(rows.columns(), table, parameter)));
        if (returning != null) {
            pieces.add(returning);
        }
        return new Excerpt(pieces);
    }
}
