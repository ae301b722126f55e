/** Drivers for Java beside PostgreSQL JDBC, and what that has beyond statements and transactions. Other languages: {@code scripts/test-drivers.sh}. */
@NullMarked
package io.pgring.it.drivers;

import org.jspecify.annotations.NullMarked;
