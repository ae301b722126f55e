@NullMarked
package io.pgring.demo;

import org.jspecify.annotations.NullMarked;
