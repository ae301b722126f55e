/** Applications and tools that know nothing of shards, on tables that are sharded: what they expect of a database holds. */
@NullMarked
package io.pgring.it.applications;

import org.jspecify.annotations.NullMarked;
