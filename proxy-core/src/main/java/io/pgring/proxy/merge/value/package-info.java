/**
 * Values as they are on the wire, text or binary: which of two the server sorts first, and numbers that add up exactly.
 *
 * <p>Owns what is known of PostgreSQL's types. A value that is not understood is a {@link
 * io.pgring.proxy.merge.value.MergeFailure}, never a guess. May use Netty buffers and pgsql's {@code ColumnType}.
 */
@NullMarked
package io.pgring.proxy.merge.value;

import org.jspecify.annotations.NullMarked;
