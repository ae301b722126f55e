/**
 * Strict reading and writing of the bodies of messages: the data types of the manual's "Message Data Types" (Int8, Int16, Int32,
 * String, Byte), each checked against the bytes that are really there before anything is made.
 *
 * <p>Owns {@link io.pgring.pgwire.codec.BodyReader} and {@link io.pgring.pgwire.codec.MessageWriter}. May use Netty buffers and
 * {@code io.pgring.pgwire}; knows no single message.
 */
@NullMarked
package io.pgring.pgwire.codec;

import org.jspecify.annotations.NullMarked;
