@NullMarked
package io.pgring.pgsql;

import org.jspecify.annotations.NullMarked;
