@NullMarked
package io.pgring.proxy;

import org.jspecify.annotations.NullMarked;
