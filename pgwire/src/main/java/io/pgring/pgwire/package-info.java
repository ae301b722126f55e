/**
 * The PostgreSQL frontend/backend protocol, versions 3.0 and 3.2 (manual, chapter "Frontend/Backend Protocol").
 *
 * <pre>
 *   framing ──► frontend ◄── backend        framing   where a message starts and ends; the untyped first packets
 *      │           │            │           frontend  what a client sends, one record per message
 *      └──────►  codec  ◄───────┘           backend   what a server sends, one record per message
 *                  │                        codec     strict reading and writing of a message's body
 *                  ▼                        auth      the two sides of SCRAM-SHA-256, and md5
 *      type bytes, ProtocolViolation
 * </pre>
 *
 * This package owns the type bytes and {@link io.pgring.pgwire.ProtocolViolation}; it may use nothing but the JDK. The module
 * opens no socket, knows no SQL and decides no policy.
 */
@NullMarked
package io.pgring.pgwire;

import org.jspecify.annotations.NullMarked;
