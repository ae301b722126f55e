/**
 * Who may come in: the rules, what is known of users' passwords, and who has tried too often.
 *
 * <pre>
 *   Authenticator ──┬─► AuthenticationSettings   rules and users file, replaced as a whole
 *                   ├─► RoleQuery                asks the home shard for the secret of a user
 *                   └─► FailedLogins             counts wrong passwords by address
 * </pre>
 *
 * How a client is asked over the wire is the business of frontend. May use config, topology and pgwire.
 */
@NullMarked
package io.pgring.proxy.authentication;

import org.jspecify.annotations.NullMarked;
