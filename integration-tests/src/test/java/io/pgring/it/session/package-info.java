/** State of sessions: temporary tables, locks, cursors that are held, and session mode. */
@NullMarked
package io.pgring.it.session;

import org.jspecify.annotations.NullMarked;
