/** The control side against real servers: what the catalog says of tables, and the objects that gather their rows. */
@NullMarked
package io.pgring.it.gather;

import org.jspecify.annotations.NullMarked;
