/** What clients see while rows are moved from one shard to another. */
@NullMarked
package io.pgring.it.moves;

import org.jspecify.annotations.NullMarked;
