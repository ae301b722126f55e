/**
 * The sockets that the proxy listens on: which transport (io_uring, epoll or nio), and what stands in the pipeline of a client, as
 * one readable list. May use frontend and admin's HTTP handlers through the initializers that it is given.
 */
@NullMarked
package io.pgring.proxy.net;

import org.jspecify.annotations.NullMarked;
