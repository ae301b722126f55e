package io.pgring.hashring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Golden vectors: values and hashes that a real server made, see {@code src/test/vectors/token-vectors.sql}. */
class TokenVectorsTest {

    private record Vector(String type, String value, long token) {

        byte[] utf8() {
            return HexFormat.of().parseHex(value.substring(1));
        }
    }

    private static List<Vector> vectors = List.of();

    @BeforeAll
    static void read() throws IOException {
        try (var resource = requireNonNull(TokenVectorsTest.class.getResourceAsStream("token-vectors.txt.gz"));
                var lines = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII))) {
            vectors = lines.lines()
                    .map(line -> line.split(" ", -1))
                    .map(fields -> new Vector(fields[0], fields[1], Long.parseLong(fields[2])))
                    .toList();
        }
    }

    @Test
    void everyTokenIsTheOneOfTheServer() {
        for (Vector vector : vectors) {
            long token = Token.toUnsigned(tokenOf(vector));
            if (token != vector.token) {
                assertThat(token).as("%s", vector).isEqualTo(vector.token);
            }
        }
    }

    @Test
    void aTextHasTheSameTokenAsAString() {
        for (Vector vector : vectors) {
            if (vector.type.equals("text")) {
                String text = new String(vector.utf8(), StandardCharsets.UTF_8);
                assertThat(Token.toUnsigned(Token.ofText(text))).as(text).isEqualTo(vector.token);
            }
        }
    }

    @Test
    void thereAreTenThousandDifferentValuesOfEachType() {
        Map<String, Set<String>> values = new HashMap<>();
        vectors.forEach(vector ->
                values.computeIfAbsent(vector.type, type -> new HashSet<>()).add(vector.value));
        assertThat(values).containsOnlyKeys("text", "int2", "int4", "int8", "uuid");
        assertThat(values.values()).allSatisfy(ofType -> assertThat(ofType).hasSizeGreaterThanOrEqualTo(10_000));
    }

    @Test
    void theTextsHaveEveryLengthAndCodePointsOfEverySize() {
        Set<Integer> lengths = new HashSet<>();
        Set<Integer> codePointBytes = new HashSet<>();
        for (Vector vector : vectors) {
            if (vector.type.equals("text")) {
                lengths.add(vector.utf8().length);
                new String(vector.utf8(), StandardCharsets.UTF_8)
                        .codePoints()
                        .forEach(codePoint -> codePointBytes.add(Utf8.lengthOf(codePoint)));
            }
        }
        for (int length = 0; length <= 320; length++) {
            assertThat(lengths).contains(length);
        }
        assertThat(lengths).contains(32_768, 8192 * 7);
        assertThat(codePointBytes).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    private static int tokenOf(Vector vector) {
        return switch (vector.type) {
            case "text" -> Token.ofText(vector.utf8(), 0, vector.utf8().length);
            case "int2" -> Token.ofLong(Short.parseShort(vector.value));
            case "int4" -> Token.ofLong(Integer.parseInt(vector.value));
            case "int8" -> Token.ofLong(Long.parseLong(vector.value));
            case "uuid" -> {
                UUID uuid = UUID.fromString(vector.value);
                yield Token.ofUuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
            }
            default -> throw new AssertionError(vector.type);
        };
    }
}
