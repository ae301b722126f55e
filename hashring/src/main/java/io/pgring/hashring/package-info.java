@NullMarked
package io.pgring.hashring;

import org.jspecify.annotations.NullMarked;
