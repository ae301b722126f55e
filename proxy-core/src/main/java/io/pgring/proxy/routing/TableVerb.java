package io.pgring.proxy.routing;

import java.util.List;

/** What a client can have done to a table; the functions are named as in Citus. */
public enum TableVerb {
    /** The rows of a table are spread over the shards. */
    DISTRIBUTE("create_distributed_table"),
    /** Every shard gets all rows of a table. */
    REFERENCE("create_reference_table"),
    /** The rows of a table come back to the home shard. */
    UNDISTRIBUTE("undistribute_table");

    /** The argument that names the table. */
    static final String TABLE = "table_name";
    /** The argument of {@link #DISTRIBUTE} that names the key column. */
    static final String KEY_COLUMN = "distribution_column";

    private final String function;

    TableVerb(String function) {
        this.function = function;
    }

    /** The function by which it is asked for. */
    public String function() {
        return function;
    }

    /** The arguments that it needs, in order. */
    List<String> arguments() {
        return this == DISTRIBUTE ? List.of(TABLE, KEY_COLUMN) : List.of(TABLE);
    }

    /** The arguments that Citus has beside them, in order. */
    List<String> unsupported() {
        return switch (this) {
            case DISTRIBUTE -> List.of("distribution_type", "colocate_with", "shard_count");
            case REFERENCE -> List.of();
            case UNDISTRIBUTE -> List.of("cascade_via_foreign_keys");
        };
    }
}
