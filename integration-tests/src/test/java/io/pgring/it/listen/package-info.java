/** LISTEN, NOTIFY and what clients hear. */
@NullMarked
package io.pgring.it.listen;

import org.jspecify.annotations.NullMarked;
