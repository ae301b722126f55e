@NullMarked
package io.pgring.bench;

import org.jspecify.annotations.NullMarked;
