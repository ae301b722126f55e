/**
 * Passwords over the wire: both sides of SCRAM-SHA-256 (RFC 5802, RFC 7677, as PostgreSQL's auth-scram.c and fe-auth-scram.c
 * use it) and PostgreSQL's md5. Works on the bytes inside the SASL messages; knows no connection and keeps no users.
 *
 * <p>Deriving keys from a password is slow on purpose (PBKDF2, thousands of rounds): {@link
 * io.pgring.pgwire.auth.ScramKeys#derive}, {@link io.pgring.pgwire.auth.ScramVerifier#of} and {@link
 * io.pgring.pgwire.auth.ScramClient#clientFinal()} belong on a thread that may be busy for milliseconds. All else here takes
 * microseconds. The cryptography is the JDK's, SASLprep is com.ongres.scram's; its SCRAM client is the independent peer of the
 * tests. (It is not used here because it throws all sorts of exceptions at malformed messages and derives inside a step.)
 */
@NullMarked
package io.pgring.pgwire.auth;

import org.jspecify.annotations.NullMarked;
