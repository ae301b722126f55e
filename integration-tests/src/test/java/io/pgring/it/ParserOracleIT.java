package io.pgring.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.compare.CompareCase;
import io.pgring.it.support.Cluster;
import io.pgring.it.support.SharedCluster;
import io.pgring.it.wire.RawClient;
import io.pgring.it.wire.Reply;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.parser.Parser;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgsql.tree.Unparsed;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.frontend.Parse;
import io.pgring.pgwire.frontend.Sync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * PostgreSQL's own grammar judges the parser: a Parse message tells whether a text is syntactically right, without running it. What PostgreSQL
 * accepts must be parsed, into a tree or as a statement of another kind. What it rejects, the parser may take: the server that gets it will
 * reject it.
 */
@ExtendWith(SharedCluster.class)
class ParserOracleIT {
    private static final Path STATEMENTS = Path.of("../pgsql/src/test/resources/statements.sql.txt");
    private static final Pattern TOKEN = Pattern.compile("'(?:[^']|'')*'|\"[^\"]*\"|[\\w$.]+|\\s+|[^\\s\\w]");
    private static final int MUTANTS_PER_STATEMENT = 12;
    private static final long SEED = 42_601;

    private final Cluster cluster;

    ParserOracleIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void whatPostgresqlAcceptsIsParsed() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (RawClient server = server()) {
            for (String sql : statements()) {
                if (isAccepted(server, sql) && !isParsed(sql)) {
                    wrong.add(sql);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void statementsWithADamagedTokenAreJudgedAlike() throws Exception {
        Random random = new Random(SEED);
        List<String> notParsed = new ArrayList<>();
        int mutants = 0;
        int accepted = 0;
        try (RawClient server = server()) {
            for (String sql : statements()) {
                for (int i = 0; i < MUTANTS_PER_STATEMENT; i++) {
                    String mutant = damaged(sql, random);
                    mutants++;
                    if (isAccepted(server, mutant)) {
                        accepted++;
                        if (!isParsed(mutant)) {
                            notParsed.add(mutant);
                        }
                    }
                }
            }
        }
        assertThat(accepted).as("of " + mutants).isGreaterThan(1_000);
        // Such as a keyword that by accident stands where it is a column's label. What is not parsed is refused.
        assertThat(notParsed.size() * 50).as("seed " + SEED + ": " + notParsed).isLessThan(accepted);
    }

    private RawClient server() throws IOException {
        return RawClient.connect(cluster.servers().shards().get(0).port());
    }

    private static Set<String> statements() throws IOException {
        Set<String> all = new LinkedHashSet<>();
        Files.readString(STATEMENTS)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(all::add);
        CompareCase.statements().filter(sql -> !sql.contains(";")).forEach(all::add);
        return all;
    }

    /** Whether PostgreSQL's grammar accepts a text; what is wrong with its meaning is of no interest. */
    private static boolean isAccepted(RawClient server, String sql) throws IOException {
        server.send(new Parse("", sql.getBytes(UTF_8), new int[0]), new Sync());
        Stream<Reply> errors = server.readToReady().stream().filter(reply -> reply.is(BackendType.ERROR_RESPONSE));
        return errors.noneMatch(reply ->
                reply.sqlState().equals("42601") && !reply.error().message().contains(" has more "));
    }

    private static boolean isParsed(String sql) {
        byte[] text = sql.getBytes(UTF_8);
        try {
            List<Statement> statements = Parser.parse(text, 0, text.length).statements();
            return statements.stream().noneMatch(Unparsed.class::isInstance);
        } catch (SqlSyntaxException e) {
            return false;
        }
    }

    /** Leaves a token out, says it twice, or swaps it with the next. */
    private static String damaged(String sql, Random random) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(sql);
        while (matcher.find()) {
            if (!matcher.group().isBlank()) {
                tokens.add(matcher.group());
            }
        }
        int at = random.nextInt(Math.max(tokens.size(), 1));
        switch (random.nextInt(3)) {
            case 0 -> tokens.subList(at, Math.min(at + 1, tokens.size())).clear();
            case 1 ->
                tokens.addAll(
                        at,
                        tokens.subList(at, Math.min(at + 1, tokens.size())).stream()
                                .toList());
            default -> {
                if (at + 1 < tokens.size()) {
                    tokens.add(at, tokens.remove(at + 1));
                }
            }
        }
        return String.join(" ", tokens);
    }
}
