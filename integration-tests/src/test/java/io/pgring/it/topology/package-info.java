/** Shards that change while proxies run. */
@NullMarked
package io.pgring.it.topology;

import org.jspecify.annotations.NullMarked;
