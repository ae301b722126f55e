/**
 * What must be known of the text of a COPY to read its data: the columns and the options of the statement (manual, COPY). Plans of
 * statements leave literals open, and a delimiter is one; so this is read from the text of each execution.
 */
@NullMarked
package io.pgring.pgsql.copy;

import org.jspecify.annotations.NullMarked;
