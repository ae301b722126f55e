package io.pgring.pgsql.analysis;

import java.util.Set;

/**
 * What {@link FunctionFacts} knows of PostgreSQL's own functions, by their object identifiers, by which the FunctionCall message names a
 * function. Those below {@link #FIXED_END} are given by hand (pg_proc.dat), and are the same in all versions.
 */
public final class FunctionNumbers {
    /** The first number that is not given by hand (FirstGenbkiObjectId of PostgreSQL's access/transam.h). */
    private static final int FIXED_END = 10_000;

    /** The functions query_to_xml, table_to_xml and their like, ts_rewrite and ts_stat. */
    private static final Set<Integer> DYNAMIC_SQL = Set.of(
            2923, 2924, 2925, 2926, 2927, 2928, 2929, 2930, 2933, 2934, 2935, 2936, 2937, 2938, 3684, 3685, 3689, 3690);

    /**
     * The functions currval, setseed, set_config, lastval, pg_my_temp_schema, pg_advisory_lock and its like except for those of
     * transactions, pg_listening_channels, and pg_replication_origin_session_setup and _reset.
     */
    private static final Set<Integer> STATES = Set.of(
            1575, 1599, 2078, 2559, 2854, 2880, 2881, 2882, 2883, 2884, 2885, 2886, 2887, 2888, 2889, 2890, 2891, 2892,
            3035, 6006, 6007);

    private FunctionNumbers() {}

    /** Whether a function reads no table but PostgreSQL's own, whatever its arguments are. */
    public static boolean readsNoTable(int oid) {
        return oid >= 0 && oid < FIXED_END && !DYNAMIC_SQL.contains(oid);
    }

    /** Whether a function uses what a session has, or leaves something behind in it. */
    public static boolean usesSession(int oid) {
        return STATES.contains(oid);
    }
}
