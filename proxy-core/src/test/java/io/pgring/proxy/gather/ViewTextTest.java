package io.pgring.proxy.gather;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Definitions as pg_get_viewdef prints them. */
class ViewTextTest {
    private static final Map<String, String> RELATIONS =
            Map.of("public.kv", "kv", "app.orders", "app.orders", "public.O'dd \"T", "O'dd \"T");

    private static String splice(String definition) {
        return String.valueOf(ViewText.splice(definition, RELATIONS));
    }

    @Test
    void everyReferenceIsReplaced() {
        assertThat(splice(" SELECT key FROM public.kv WHERE (key IN ( SELECT k.key FROM public.kv k));"))
                .isEqualTo("SELECT key FROM \"pgring_gather\".\"kv\" WHERE (key IN ( SELECT k.key FROM"
                        + " \"pgring_gather\".\"kv\" k))");
    }

    @Test
    void aTableWithAnotherNameThereKeepsItsOwnAsAlias() {
        assertThat(splice("SELECT orders.id FROM (app.orders JOIN public.kv USING (id)) WHERE true"))
                .isEqualTo("SELECT orders.id FROM (\"pgring_gather\".\"app.orders\" AS \"orders\" JOIN"
                        + " \"pgring_gather\".\"kv\" USING (id)) WHERE true");
        assertThat(splice("SELECT o.id FROM app.orders o"))
                .isEqualTo("SELECT o.id FROM \"pgring_gather\".\"app.orders\" o");
        assertThat(splice("SELECT \"left\".id FROM app.orders \"left\""))
                .isEqualTo("SELECT \"left\".id FROM \"pgring_gather\".\"app.orders\" \"left\"");
        assertThat(splice("SELECT a FROM app.orders orders(a, b) LIMIT 1"))
                .isEqualTo("SELECT a FROM \"pgring_gather\".\"app.orders\" orders(a, b) LIMIT 1");
    }

    @Test
    void oddNamesAndWhatOnlyLooksLikeANameAreKept() {
        assertThat(splice("SELECT 'public.kv' AS \"public.kv\", 'é' FROM public.\"O'dd \"\"T\" /* public.kv */"))
                .isEqualTo(
                        "SELECT 'public.kv' AS \"public.kv\", 'é' FROM \"pgring_gather\".\"O'dd \"\"T\" /* public.kv */");
        assertThat(splice("SELECT public.f(kv.key) FROM public.kv"))
                .isEqualTo("SELECT public.f(kv.key) FROM \"pgring_gather\".\"kv\"");
    }

    @Test
    void whatIsNotSurelyATableIsNotTouchedButRefused() {
        assertThat(ViewText.splice("SELECT ROW(1)::public.kv FROM public.kv", RELATIONS))
                .isNull();
        assertThat(ViewText.splice("SELECT public.kv(1)", RELATIONS)).isNull();
        assertThat(ViewText.splice("SELECT x.public.kv FROM x", RELATIONS)).isNull();
    }
}
