package io.pgring.proxy.exchange;

import io.pgring.proxy.routing.TableVerb;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to have done to a table.
 *
 * @param table as regclass reads it
 * @param keyColumn the name of the column, of {@link TableVerb#DISTRIBUTE} alone
 * @param settings the statements that make the client's settings: the names are meant, and the rights are those, in a session with them
 */
public record TableOrder(
        TableVerb verb, String table, @Nullable String keyColumn, String settings) {}
