package io.pgring.pgsql.spread;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The rows of the sharded tables are read where they are, and handed to the home shard with the statement: as one array of each
 * table's row type, which {@code unnest} makes rows of again.
 *
 * @param reading how each shard reads its rows, of all tables by one snapshot
 * @param places where the statement reads the tables
 * @param names further splices of its text, beside these
 * @param parameters the highest number of a parameter in the text
 */
public record Ship(Reading reading, List<Place> places, List<Splice> names, int parameters) {
    public Ship {
        places = List.copyOf(places);
        names = List.copyOf(names);
    }

    /**
     * A query with three columns: the index of a table as text, a row as the text of a value of the table's row type, NULL; and once
     * NULL, NULL, what {@link RowTextSettings} is about.
     *
     * @param tables the names of the tables and of their row types, as SQL
     * @param query made of the statement's text
     * @param visible the same for shards that may have rows which count on another one
     * @param parameters the numbers of the statement's parameters that the query has, as $1, $2 and so on
     */
    public record Reading(List<String> tables, Excerpt query, Excerpt visible, List<Integer> parameters) {
        public Reading {
            tables = List.copyOf(tables);
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * A table in FROM; its tokens are replaced.
     *
     * @param table its index
     * @param before what comes before the rows
     * @param behind what comes behind them
     */
    public record Place(int fromToken, int toToken, int table, String before, String behind) {}

    /**
     * The splices that put the rows in the place of the tables.
     *
     * @param arrays for each table the parameter or the literal that holds its rows
     */
    public List<Splice> splices(IntFunction<String> arrays) {
        List<Splice> splices = new ArrayList<>(names);
        for (Place place : places) {
            String rows = "pg_catalog.unnest(" + arrays.apply(place.table()) + "::"
                    + reading.tables().get(place.table()) + "[])";
            splices.add(new Splice(place.fromToken(), place.toToken(), place.before() + rows + place.behind()));
        }
        return SpliceList.sorted(splices);
    }
}
