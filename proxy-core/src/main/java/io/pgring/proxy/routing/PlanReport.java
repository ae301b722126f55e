package io.pgring.proxy.routing;

import io.pgring.pgsql.lexer.Normalizer;
import io.pgring.pgsql.spread.Spread;
import io.pgring.pgwire.backend.ErrorResponse;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan in words. */
final class PlanReport {
    private static final int FIRST_MARKER = 0xF8;
    private static final byte[] LITERAL = {'?'};

    private PlanReport() {}

    /** Statement, route, reason, uses. */
    static List<String> row(byte[] key, Plan plan) {
        String routes =
                plan.statements().stream().map(PlanReport::route).distinct().collect(Collectors.joining("; "));
        String reasons =
                plan.statements().stream().map(PlanReport::reason).distinct().collect(Collectors.joining(" "));
        return List.of(text(key), routes, reasons, Long.toString(plan.hits()));
    }

    /**
     * The normalised text, with a question mark for each literal that may be another, and for each string: other clients may read this,
     * and a password is a string.
     */
    private static String text(byte[] key) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(key.length);
        int start = 0;
        for (int end = 0; end < key.length; end++) {
            if (key[end] == Normalizer.SEPARATOR) {
                text.writeBytes(isLiteral(key, start, end) ? LITERAL : Arrays.copyOfRange(key, start, end));
                text.write(' ');
                start = end + 1;
            }
        }
        return text.toString(StandardCharsets.UTF_8).strip();
    }

    private static boolean isLiteral(byte[] key, int start, int end) {
        if (start < end && ((key[start] & 0xFF) >= FIRST_MARKER || isDollarQuote(key, start, end))) {
            return true;
        }
        for (int i = start; i < end; i++) {
            if (key[i] == '\'') {
                return true;
            }
        }
        return false;
    }

    private static boolean isDollarQuote(byte[] key, int start, int end) {
        return key[start] == '$' && end - start > 1 && (key[start + 1] < '0' || key[start + 1] > '9');
    }

    private static String route(PlannedStatement statement) {
        if (statement instanceof PlannedStatement.Keyed keyed) {
            boolean spreads = keyed.spread() != null;
            String otherwise = keyed.move() instanceof PlannedStatement.Relayed move ? ", or " + route(move) : "";
            return "by the key"
                    + (spreads ? ", or " + ways(keyed.spread()) : keyed.rows() == null ? otherwise : ", or split");
        }
        if (statement instanceof PlannedStatement.Spreads spreads) {
            return ways(spreads.spread());
        }
        if (statement instanceof PlannedStatement.Relayed) {
            return "read, then written by the keys";
        }
        if (statement instanceof PlannedStatement.Declare declare) {
            return "cursor: " + route(declare.query());
        }
        if (statement instanceof PlannedStatement.Explained explained) {
            return "explain: " + route(explained.statement());
        }
        if (statement instanceof PlannedStatement.Home || statement instanceof PlannedStatement.Notification) {
            return "home shard";
        }
        if (statement instanceof PlannedStatement.Everywhere) {
            return "all shards";
        }
        if (statement instanceof PlannedStatement.Anywhere) {
            return "any shard";
        }
        if (statement instanceof PlannedStatement.OnCursor) {
            return "shard of the cursor";
        }
        return statement instanceof PlannedStatement.Refused ? "refused" : "session";
    }

    private static String ways(@Nullable Spread spread) {
        return spread != null && spread.scatter() != null ? "scattered" : "gathered";
    }

    private static String reason(PlannedStatement statement) {
        if (statement instanceof PlannedStatement.Declare declare) {
            return reason(declare.query());
        }
        if (statement instanceof PlannedStatement.Explained explained) {
            return reason(explained.statement());
        }
        ErrorResponse error = statement instanceof PlannedStatement.Spreads spreads
                ? spreads.reason()
                : statement instanceof PlannedStatement.Refused refused
                        ? refused.error()
                        : statement instanceof PlannedStatement.Relayed relayed ? relayed.reason() : null;
        if (error == null) {
            return "";
        }
        String detail = error.fields().detail();
        return detail == null ? String.valueOf(error.fields().message()) : detail;
    }
}
