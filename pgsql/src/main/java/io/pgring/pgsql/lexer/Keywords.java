package io.pgring.pgsql.lexer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's keywords by category (appendix C of the manual, {@code pg_get_keywords()}), of versions 15 to 18. Words that became
 * keywords after 15 and are still allowed as names of functions there (JSON_TABLE and the like) are left to the grammar.
 */
public final class Keywords {
    /** Where a keyword may stand as a name. */
    public enum Category {
        /** Anywhere. */
        UNRESERVED,
        /** As a column or table, but not as a function or type. */
        COLUMN_NAME,
        /** As a function or type, but not as a column or table. */
        TYPE_OR_FUNCTION_NAME,
        /** Nowhere, but as a column label. */
        RESERVED
    }

    private static final String UNRESERVED = """
            abort absent absolute access action add admin after aggregate also alter always asensitive assertion
            assignment at atomic attach attribute backward before begin breadth by cache call called cascade
            cascaded catalog chain characteristics checkpoint class close cluster columns comment comments
            commit committed compression conditional configuration conflict connection constraints content
            continue conversion copy cost csv cube current cursor cycle data database day deallocate declare
            defaults deferred definer delete delimiter delimiters depends depth detach dictionary disable
            discard document domain double drop each empty enable encoding encrypted enforced enum error escape
            event exclude excluding exclusive execute explain expression extension external family filter
            finalize first following force forward function functions generated global granted groups handler
            header hold hour identity if immediate immutable implicit import include including increment indent
            index indexes inherit inherits inline input insensitive insert instead invoker isolation keep key
            keys label language large last leakproof level listen load local location lock locked logged mapping
            match matched materialized maxvalue merge method minute minvalue mode month move name names nested
            new next nfc nfd nfkc nfkd no normalized nothing notify nowait nulls object objects of off oids old
            omit operator option options ordinality others over overriding owned owner parallel parameter parser
            partial partition passing password path period plan plans policy preceding prepare prepared preserve
            prior privileges procedural procedure procedures program publication quote quotes range read
            reassign recheck recursive ref referencing refresh reindex relative release rename repeatable
            replace replica reset restart restrict return returns revoke role rollback rollup routine routines
            rows rule savepoint scalar schema schemas scroll search second security sequence sequences
            serializable server session set sets share show simple skip snapshot source sql stable standalone
            start statement statistics stdin stdout storage stored strict string strip subscription support
            sysid system tables tablespace target temp template temporary text ties transaction transform
            trigger truncate trusted type types uescape unbounded uncommitted unconditional unencrypted unknown
            unlisten unlogged until update vacuum valid validate validator value varying version view views
            virtual volatile whitespace within without work wrapper write xml year yes zone
            """;

    private static final String COLUMN_NAME = """
            between bigint bit boolean char character coalesce dec decimal exists extract float greatest
            grouping inout int integer interval least national nchar none normalize nullif numeric out overlay
            position precision real row setof smallint substring time timestamp treat trim values varchar
            xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
            xmlserialize xmltable
            """;

    private static final String TYPE_OR_FUNCTION_NAME = """
            authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull
            join left like natural notnull outer overlaps right similar tablesample verbose
            """;

    private static final String RESERVED = """
            all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
            create current_catalog current_date current_role current_time current_timestamp current_user default
            deferrable desc distinct do else end except false fetch for foreign from grant group having in
            initially intersect into lateral leading limit localtime localtimestamp not null offset on only or
            order placing primary references returning select session_user some symmetric table then to trailing
            true union unique user using variadic when where window with
            """;

    /** Keywords that are labels of a column only behind AS. */
    private static final Set<String> NEED_AS = Set.copyOf(words("""
            array as char character create day except fetch filter for from grant group having hour intersect
            into isnull limit minute month notnull offset on order over overlaps precision returning second to
            union varying where window with within without year
            """));

    private static final Map<String, Category> CATEGORIES = categories();

    private Keywords() {}

    /** The category of a word in lower case, or null if it is no keyword. */
    public static @Nullable Category category(String word) {
        return CATEGORIES.get(word);
    }

    /** Whether a keyword may label a column without AS. */
    public static boolean isBareLabel(String word) {
        return !NEED_AS.contains(word);
    }

    private static Map<String, Category> categories() {
        Map<String, Category> categories = new HashMap<>();
        add(categories, UNRESERVED, Category.UNRESERVED);
        add(categories, COLUMN_NAME, Category.COLUMN_NAME);
        add(categories, TYPE_OR_FUNCTION_NAME, Category.TYPE_OR_FUNCTION_NAME);
        add(categories, RESERVED, Category.RESERVED);
        return Map.copyOf(categories);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringTokenizer tokenizer = new StringTokenizer(text);
        while (tokenizer.hasMoreTokens()) {
            words.add(tokenizer.nextToken());
        }
        return words;
    }

    private static void add(Map<String, Category> categories, String words, Category category) {
        for (String word : words(words)) {
            categories.put(word, category);
        }
    }
}
