/** What is in {@code deploy/} and the scripts that install it, without a cluster. */
@NullMarked
package io.pgring.it.deploy;

import org.jspecify.annotations.NullMarked;
