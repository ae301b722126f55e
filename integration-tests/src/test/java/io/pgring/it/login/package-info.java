/**
 * Who comes in, how he is asked, and as whom the proxy logs in to the shards for him.
 */
@NullMarked
package io.pgring.it.login;

import org.jspecify.annotations.NullMarked;
