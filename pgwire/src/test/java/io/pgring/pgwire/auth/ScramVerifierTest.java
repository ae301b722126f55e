package io.pgring.pgwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramVerifierTest {
    private static final String PENCIL = "SCRAM-SHA-256$4096:W/c8ntSVrBnoRYT89kkAfA=="
            + "$Feq3CfX2GoZjrJU5MgTVlq5yXMivn3+voc432OAI4f4=:MW1r5gnocWX0OLD8lVRN5M9jcbwxyLetg9wFbo/k2lk=";
    private static final byte[] SALT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /**
     * Made by PostgreSQL 15 with {@code CREATE ROLE ... PASSWORD}: plain; SASLprep maps to nothing, normalises, maps spaces;
     * forbidden characters (control, wrong direction, unassigned in Unicode 3.2) and an empty result leave the password raw.
     */
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "pencil,W/c8ntSVrBnoRYT89kkAfA==$Feq3CfX2GoZjrJU5MgTVlq5yXMivn3+voc432OAI4f4=:MW1r5gnocWX0OLD8lVRN5M9jcbwxyLetg9wFbo/k2lk=",
                "I\u00adX,rRXKSz2cQQ0CikpqJEHmcA==$RE+/1yw7wuJ4oORkYZo3LjaJpkEL5i4TE4/ppVFSoSg=:TTBQVIp4pxPZO3pG1dyTc3jTm51LdPZXa5hDGWmts5s=",
                "\u2168,UirD5mjWEOHaonLMmdlX4Q==$ROKTPJOA5PJKdFnPvrW4/WUVrGq3r3EMMdNXoel2fpw=:J1N5q92Pn4OOqc3/elnWxYulc6R9zCCr7ga2MOqM+hI=",
                "\u00aa,w3SktpmtMj60tX/32wmSuw==$xJ6tSylZLkVQzf0g6b9QDMCEfdRAKktNu+h00uxYRyI=:Z7yVK1HT+V6oPLxlAEL2n+8RcrRQahgWXNJi9FgZMyo=",
                "\u0007,LluOzNoSA91PMvgkpWziFg==$YzV9cbJSW21X3+C2aGXfqJhkT28Kx0nfra91h8hgcgc=:GUkzX8GEfqG10jQaN17DW8CxPOVwvoxlsQuZx3XhuKg=",
                "\u06271,WWs3IHtCBw2FWOOhg+7aGg==$cICBjHHHPT11jw3ytr5WrQBkI61+NM89sxSWuUOXvkc=:qj+jlZYZdr9z+5yoQL1/uH358aa0a66kalZelr63+dk=",
                "\u2168\u0221,rYlstwagxpRZvhLcUDScVw==$FGyTDlpcVBWxRdoOoFsAT2EGmgpx//tujqonk50Y1Qk=:TSW3X2D8ywMDHOAH3in4PrPaGvJ+ITryucpivp6XIGM=",
                "\u00ad,UY0cAVUB5Wl8h+bUXwE16Q==$r1wxgJTeANaOA7+SmfEoRuxiN2j0K4JJatXbLpoV0rA=:sYqXwAMEWnTA6COs39z6lLersX/BN5glRHncReSCUpI=",
                "a\u00a0b\u3000c,+XOtYMc/Ufl3042auOj02A==$6NBaxmm19gvI+19bL8tuj13nAHLojNP3xH8u6VpupRY=:h2MBpxR1gj4zjBCyxWxSLn+pkqyF+VuR8RMYvRIamKY=",
                "pa\u0308ss w\u00f6rd \u20ac,O5MUd8qZuOapvB/OaiAzyw==$yeSyW4a1fPwRsxKDt5ajRKdCITRpQceMxOrAwaKbJQc=:bOQijwrhK1NedZpjnFUYP88b1qP+gHrPdbeE9sWZ1x8=",
                "\ud83d\ude00\u2168,16IJEMKm6wN8349aJM2XMA==$13help/86h6/DnnWTeorKpBQQ+RudSIGejhDg8jauXU=:gP/T3PKe9QxXARhFJg+hNT6PPqIRjM7p/GEo1umdIe0=",
                "\u2168\u0007,xWctrW9BGnOWHCyBBrMIlA==$jXcUS+SNjg9mrycYgWSY261whl0eqeL0MtXooiz0DSE=:r7zHElHzdvPLB8sezHW08s8SOsuTM41XXVBbI9nUuGk=",
            })
    void isTheOneThatPostgresMakes(String password, String saltAndKeys) {
        String text = "SCRAM-SHA-256$4096:" + saltAndKeys;
        ScramVerifier verifier = ScramVerifier.parse(text);
        assertThat(ScramVerifier.of(password, verifier.salt(), verifier.iterations()))
                .isEqualTo(verifier);
        assertThat(verifier.fits(password)).isTrue();
        assertThat(verifier.format()).isEqualTo(text);
    }

    @Test
    void fitsNoOtherPassword() {
        ScramVerifier verifier = ScramVerifier.parse(PENCIL);
        assertThat(verifier.fits("pencil ")).isFalse();
        assertThat(verifier.fits("")).isFalse();
    }

    @Test
    void takesAnEmptyPasswordAndNoOtherFitsIt() {
        ScramVerifier verifier = ScramVerifier.of("", SALT, 1);
        assertThat(verifier.fits("")).isTrue();
        assertThat(verifier.fits("x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 16, 17, 64, 1_000})
    void takesASaltOfAnyLength(int saltBytes) {
        ScramVerifier verifier = ScramVerifier.of("secret", new byte[saltBytes], 2);
        assertThat(ScramVerifier.parse(verifier.format())).isEqualTo(verifier).hasSameHashCodeAs(verifier);
        assertThat(verifier.fits("secret")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "md5d7a84ec8cb0b9b78e5ac40740627a360",
                "SCRAM-SHA-256$",
                "SCRAM-SHA-256$4096:AAAA$AAAA",
                "SCRAM-SHA-256$4096:AAAA$AAAA:AAAA",
                "SCRAM-SHA-256$4096:!!!!$Feq3CfX2GoZjrJU5MgTVlq5yXMivn3+voc432OAI4f4=:MW1r5gnocWX0OLD8lVRN5M9jcbwxyLetg9wFbo/k2lk=",
                "SCRAM-SHA-256$0:AAAA$Feq3CfX2GoZjrJU5MgTVlq5yXMivn3+voc432OAI4f4=:MW1r5gnocWX0OLD8lVRN5M9jcbwxyLetg9wFbo/k2lk=",
                "SCRAM-SHA-256$-1:AAAA$Feq3CfX2GoZjrJU5MgTVlq5yXMivn3+voc432OAI4f4=:MW1r5gnocWX0OLD8lVRN5M9jcbwxyLetg9wFbo/k2lk=",
                "SCRAM-SHA-256$9999999999:AAAA$Feq3CfX2GoZjrJU5MgTVlq5yXMivn3+voc432OAI4f4=:MW1r5gnocWX0OLD8lVRN5M9jcbwxyLetg9wFbo/k2lk=",
                "SCRAM-SHA-1$4096:AAAA$Feq3CfX2GoZjrJU5MgTVlq5yXMivn3+voc432OAI4f4=:MW1r5gnocWX0OLD8lVRN5M9jcbwxyLetg9wFbo/k2lk=",
                PENCIL + "x",
                PENCIL + ":x",
                " " + PENCIL
            })
    void refusesAnythingMalformedWithoutShowingIt(String text) {
        assertThatThrownBy(() -> ScramVerifier.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("4096")
                .hasMessageNotContaining("secret");
    }

    @Test
    void tellsAVerifierFromAPassword() {
        assertThat(ScramVerifier.isVerifier(PENCIL)).isTrue();
        assertThat(ScramVerifier.isVerifier("SCRAM-SHA-256$")).isTrue();
        assertThat(ScramVerifier.isVerifier("pencil")).isFalse();
    }

    @Test
    void showsNoKeys() {
        ScramVerifier verifier = ScramVerifier.parse(PENCIL);
        String storedKey = Base64.getEncoder().encodeToString(verifier.storedKey());
        assertThat(verifier.toString()).doesNotContain(storedKey).contains("hidden");
        assertThat(ScramKeys.derive("x", SALT, 1)).hasToString("ScramKeys[hidden]");
    }

    @Test
    void mocksTheSameVerifierForTheSameNameAndProcess() {
        byte[] secret = {1, 2, 3};
        ScramVerifier mock = ScramVerifier.mock("nobody", secret, 4096);
        assertThat(ScramVerifier.mock("nobody", secret, 4096)).isEqualTo(mock);
        assertThat(mock.salt()).hasSize(16);
        assertThat(ScramVerifier.mock("nobody2", secret, 4096).salt()).isNotEqualTo(mock.salt());
        assertThat(ScramVerifier.mock("nobody", new byte[] {4}, 4096).salt()).isNotEqualTo(mock.salt());
        assertThat(mock.fits("nobody")).isFalse();
    }
}
