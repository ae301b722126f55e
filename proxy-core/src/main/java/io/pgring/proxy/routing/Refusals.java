package io.pgring.proxy.routing;

import io.pgring.pgsql.analysis.Analysis;
import io.pgring.pgsql.lexer.LiteralKind;
import io.pgring.pgsql.lexer.SqlSyntaxException;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.Statement;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.proxy.topology.Catalog;
import io.pgring.proxy.topology.Move;
import io.pgring.proxy.topology.ShardedTable;
import io.pgring.proxy.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a statement is not run, in words that say what to do. */
final class Refusals {
    private static final String FEATURE_NOT_SUPPORTED = "0A000";
    private static final String NOT_IN_PREREQUISITE_STATE = "55000";

    private Refusals() {}

    /** What PostgreSQL says of a text without tokens, as far as its lexer alone decides. */
    static ErrorResponse untokenized(byte[] text, int from, int to, SqlSyntaxException found) {
        String before = new String(text, from, found.position() - from, StandardCharsets.UTF_8);
        String rest = new String(text, found.position(), to - found.position(), StandardCharsets.UTF_8);
        String message = String.valueOf(found.getMessage());
        return ErrorResponse.error(
                        found.sqlState(),
                        message.startsWith("unterminated") ? message + " at or near \"" + rest + '"' : message)
                .position(before.codePointCount(0, before.length()) + 1);
    }

    static ErrorResponse notRoutable(String reason) {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, "statement can't be routed to one shard")
                .detail(reason)
                .hint(
                        "Give the key column one constant or parameter: WHERE key = ..., or a value for it in every row of"
                                + " an INSERT.");
    }

    static ErrorResponse refused(String reason) {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, "statement can't be run on a sharded table")
                .detail(reason)
                .hint("Write the key column as a constant or a parameter, and change a key by DELETE and INSERT.");
    }

    static ErrorResponse noMove(String reason) {
        return ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED, "statement can't move rows to another shard, as it may have to")
                .detail(reason)
                .hint("Change the key by DELETE and INSERT.");
    }

    static ErrorResponse locks(String reason) {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, "so few rows of several shards can't be locked")
                .detail(reason)
                .hint("Leave out LIMIT, or SKIP LOCKED and NOWAIT, or give the key column one constant or parameter.");
    }

    static ErrorResponse severalShards() {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, "statement touches rows of more than one shard")
                .detail("All keys of a statement, and of all statements sent in one message, must lie on one shard.")
                .hint("Send one statement per key.");
    }

    static ErrorResponse everywhereAmongOthers() {
        return ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED,
                        "a statement that every shard must run can't be sent together with others")
                .hint("Send it in a message of its own.");
    }

    static ErrorResponse plansAsText() {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, "the plans of several shards can be shown as text only")
                .detail("In other formats the result is one document, and each shard would send its own.")
                .hint("Use EXPLAIN without FORMAT.");
    }

    static ErrorResponse drawnDefault(String column) {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, "COPY can't take the default of column \"" + column + "\"")
                .detail("The home shard alone may compute it: each shard would count by itself.")
                .hint("Name the column and give its values, or use INSERT.");
    }

    static ErrorResponse relayAmongOthers() {
        return ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED,
                        "a statement whose text does not tell the shards of its rows can't be sent together with others")
                .detail("Its rows are read first, and then written to their shards.")
                .hint("Send it in a message of its own.");
    }

    static ErrorResponse analyzedRelay() {
        return ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED, "EXPLAIN ANALYZE of a statement in two steps is not supported")
                .detail("Its rows are read first, and then written to their shards.")
                .hint("Use EXPLAIN without ANALYZE, which shows the plan of the first step.");
    }

    static ErrorResponse copyAmongOthers() {
        return ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED, "COPY of a table on several shards can't be sent together with others")
                .hint("Send it in a message of its own.");
    }

    static ErrorResponse noCursor() {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, "a cursor over rows of several shards needs them on one")
                .detail("The query of the cursor can't be run by the home shard over the rows of all shards.")
                .hint("Run the query without a cursor.");
    }

    /** What is missing may be there soon, as when a shard is down. */
    static ErrorResponse noGather(Topology topology) {
        return ErrorResponse.error(NOT_IN_PREREQUISITE_STATE, "statement needs the rows of all shards on one")
                .detail("The home shard can't read from the others: " + topology.gatherUnavailable())
                .hint("Mend what is said there; pgring check --connect looks again.");
    }

    /** A definition must stay as it is on the shards between which rows are moved. */
    static ErrorResponse tableInUse(Topology topology) {
        Move move = topology.placement().moves().get(0);
        return ErrorResponse.error("55006", "cannot change sharded or reference tables while rows are moved")
                .detail("Move " + move.id() + " takes rows from shard \""
                        + topology.shards().get(move.source()).name() + "\" to shard \""
                        + topology.shards().get(move.target()).name() + "\".")
                .hint("Try again when it is over, which pgring reshard status tells; pgring reshard abort ends it.");
    }

    /** It needs the tables themselves, and some of their rows count on other shards. */
    static ErrorResponse needsTables() {
        return ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED, "statement on several shards can't be run while rows are moved")
                .detail(
                        "It must read or write views that leave out rows on their way, and needs something that only a table has: a"
                                + " system column, its rows as values of its type, ONLY, or a target for MERGE.")
                .hint("Try again when the rows have been moved, which pgring reshard status tells.");
    }

    static ErrorResponse sessionState(String what) {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, what + " can't be used through the proxy")
                .detail(
                        "Server connections are shared between clients, and what this leaves behind can't be carried along.")
                .hint("Use a direct connection to the server for it.");
    }

    static ErrorResponse sessionWithSharded(String what, Analysis analysis) {
        String reason = "";
        if (analysis instanceof Analysis.NotBound notBound) {
            reason = " " + notBound.reason();
        } else if (analysis instanceof Analysis.Everywhere everywhere) {
            reason = " " + everywhere.reason();
        } else if (analysis instanceof Analysis.Refused refused) {
            reason = " " + refused.reason();
        }
        return ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED,
                        what + " can't be used in one statement with, or in place of, a sharded table")
                .detail("What a session keeps is on the home shard." + reason)
                .hint("Use a name that is no sharded or reference table's, and statements of their own.");
    }

    static ErrorResponse setConfig() {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, "set_config() can't be used here")
                .detail("The setting must be made on every shard that the session uses, so the proxy must know it.")
                .hint("Use SET, or SELECT set_config(name, value, is_local) by itself with constants or parameters.");
    }

    static ErrorResponse viewOfSession(String view) {
        return ErrorResponse.error(FEATURE_NOT_SUPPORTED, view + " can't be read through the proxy")
                .detail("It shows what a server connection has, and those are shared between clients.");
    }

    static ErrorResponse keyType(ShardedTable table, String got) {
        return ErrorResponse.error(
                        FEATURE_NOT_SUPPORTED,
                        "can't tell the shard from " + got + " for key column \""
                                + table.definition().keyColumn() + "\"")
                .detail("The column is of type " + typeName(table) + ".")
                .hint(
                        "Give the key in the type of its column, for example as a string constant or a parameter of that type.");
    }

    static ErrorResponse literalType(ShardedTable table, LiteralKind kind) {
        return keyType(
                table,
                "a constant of kind "
                        + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    }

    static ErrorResponse keyIsNull(ShardedTable table) {
        return ErrorResponse.error(
                        "23502",
                        "null value in key column \"" + table.definition().keyColumn() + "\" of relation \""
                                + table.definition().name() + "\"")
                .detail("A row without a key has no shard.");
    }

    /** Why a type can't be changed: each shard has its own of that name, and only the home shard's would be another one. Null when it can. */
    static @Nullable ErrorResponse alterType(Statement statement, Catalog catalog) {
        boolean alters = statement instanceof Other other
                && other.command().equals("alter")
                && other.keywords().size() > 1
                && Set.of("type", "domain").contains(other.keywords().get(1));
        return alters && catalog.hasTypesOfUsers()
                ? ErrorResponse.error("0A000", "ALTER TYPE and ALTER DOMAIN can't be used here")
                        .detail(
                                "Sharded or reference tables have columns of types that users have made, and every shard has"
                                        + " types of its own.")
                        .hint("Change the type on every shard, the home shard last.")
                : null;
    }

    private static String typeName(ShardedTable table) {
        return switch (table.keyType()) {
            case TEXT -> "text";
            case INTEGER -> "integer";
            case UUID -> "uuid";
        };
    }
}
