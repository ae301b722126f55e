package io.pgring.proxy.admin;

/**
 * The body of an answer that is not JSON.
 *
 * @param contentType its media type, with the version of the format if there is one
 */
record Text(String contentType, String text) {}
