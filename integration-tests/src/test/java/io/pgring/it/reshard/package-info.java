/** Rows move from shard to shard while clients write, without a proxy: the mover, its crashes, and what is compared. */
@NullMarked
package io.pgring.it.reshard;

import org.jspecify.annotations.NullMarked;
