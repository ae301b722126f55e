@NullMarked
package io.pgring.pgwire;

import org.jspecify.annotations.NullMarked;
