package io.pgring.pgsql.analysis;

import java.util.Set;

/**
 * PostgreSQL's own functions by what their result depends on (manual, chapter 9). What is not in a list is not known, which is
 * always safe. Functions that use a random number, a sequence, the clock, the session or the state of the server are left out.
 */
public final class BuiltInFunctions {
    /** Results depend on the arguments alone, and perhaps on settings that every shard has alike. */
    private static final Set<String> SCALARS = words("""
            abs acos acosd acosh array_append array_cat array_dims array_fill array_length array_lower array_ndims
            array_position array_positions array_prepend array_remove array_replace array_to_json array_to_string
            array_upper ascii asin asind asinh atan atan2 atan2d atand atanh bit_count bit_length bool box btrim cardinality
            cbrt ceil ceiling char_length character_length chr circle concat concat_ws convert convert_from convert_to cos
            cosd cosh cot cotd date date_bin date_part date_trunc decode degrees div encode erf erfc exp factorial
            family float4 float8 floor format gcd get_bit get_byte hashtext hashint4 hashint8 height host hostmask int2 int4
            int8 initcap isempty isfinite jsonb_array_length json_array_length jsonb_build_array jsonb_build_object
            json_build_array json_build_object jsonb_extract_path jsonb_extract_path_text json_extract_path
            json_extract_path_text jsonb_object json_object jsonb_path_exists jsonb_path_match jsonb_path_query_array
            jsonb_path_query_first jsonb_pretty jsonb_set jsonb_set_lax jsonb_insert jsonb_strip_nulls json_strip_nulls
            jsonb_typeof json_typeof justify_days justify_hours justify_interval lcm left length ln log log10 lower
            lower_inc lower_inf lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz masklen md5
            min_scale mod multirange netmask network num_nonnulls num_nulls numeric numnode octet_length overlay
            parse_ident pi phraseto_tsquery plainto_tsquery point position power querytree quote_ident quote_literal
            quote_nullable radians range_merge regexp_count regexp_instr regexp_like regexp_match regexp_replace
            regexp_split_to_array regexp_substr repeat replace reverse right round row_to_json rpad rtrim scale set_bit
            set_byte set_masklen setweight sha224 sha256 sha384 sha512 sign sin sind sinh split_part sqrt starts_with
            string_to_array strip strpos substr substring tan tand tanh text timezone to_ascii to_char to_date to_hex
            to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector translate trim_array trim_scale trunc
            ts_headline ts_rank ts_rank_cd tsvector_to_array unicode_assigned unistr upper upper_inc upper_inf varchar
            websearch_to_tsquery width width_bucket
            """);

    /** Special forms of that kind. */
    private static final Set<String> FORMS = words(
            "coalesce extract greatest least normalize nullif overlay position "
                    + "substring treat trim json json_array json_exists json_object json_query json_scalar json_serialize json_value");

    /** Aggregates, all of them. */
    private static final Set<String> AGGREGATES = words("""
            any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg
            json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique
            json_object_agg_unique_strict jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict
            jsonb_object_agg_unique jsonb_object_agg_unique_strict max min mode percentile_cont percentile_disc
            range_agg range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
            regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance xmlagg rank dense_rank
            percent_rank cume_dist
            """);

    /** Aggregates whose result doesn't depend on the order of the rows. */
    private static final Set<String> UNORDERED_AGGREGATES =
            words("bit_and bit_or bool_and bool_or count every max min");

    /** Functions that are used as tables, whose rows and their order depend on the arguments alone. */
    private static final Set<String> TABLES = words("""
            generate_series generate_subscripts unnest jsonb_array_elements jsonb_array_elements_text jsonb_each
            jsonb_each_text jsonb_object_keys json_array_elements json_array_elements_text json_each json_each_text
            json_object_keys regexp_matches regexp_split_to_table string_to_table
            """);

    /** The time of the transaction or the statement. */
    private static final Set<String> CLOCK =
            words("now transaction_timestamp statement_timestamp current_date current_time "
                    + "current_timestamp localtime localtimestamp");

    private BuiltInFunctions() {}

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }

    /** Whether the result depends on the arguments alone, and perhaps on settings. */
    static boolean isScalar(String name) {
        return SCALARS.contains(name);
    }

    /** Whether it is a form with a syntax of its own whose result depends on its operands alone. */
    static boolean isForm(String name) {
        return FORMS.contains(name);
    }

    /** Whether it is an aggregate, by its name. */
    public static boolean isAggregate(String name) {
        return AGGREGATES.contains(name);
    }

    /** Whether it is an aggregate whose result does not depend on the order of rows. */
    static boolean isUnorderedAggregate(String name) {
        return UNORDERED_AGGREGATES.contains(name);
    }

    /** Whether it gives the same rows in the same order for the same arguments. */
    static boolean isTable(String name) {
        return TABLES.contains(name);
    }

    /** Whether it tells the time of the transaction or statement. */
    static boolean isClock(String name) {
        return CLOCK.contains(name);
    }
}
