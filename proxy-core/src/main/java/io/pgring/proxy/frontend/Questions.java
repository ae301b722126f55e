package io.pgring.proxy.frontend;

import io.pgring.pgwire.auth.ChannelBinding;
import io.pgring.pgwire.auth.Secret;
import io.pgring.proxy.authentication.AuthenticationSettings;
import io.pgring.proxy.authentication.Authenticator;
import io.pgring.proxy.authentication.Role;
import io.pgring.proxy.config.AuthenticationMethod;
import org.jspecify.annotations.Nullable;

/** Which question a method has for a user. It does not depend on whether the user exists, as far as that can be hidden. */
final class Questions {
    private Questions() {}

    /** @param binding of the connection; null when the client can't be offered any */
    static Question of(
            AuthenticationMethod method,
            Authenticator authenticator,
            AuthenticationSettings settings,
            Role role,
            String user,
            @Nullable ChannelBinding binding) {
        if (method == AuthenticationMethod.PASSWORD) {
            return new CleartextQuestion(password -> authenticator.fits(role, user, password));
        }
        if (method == AuthenticationMethod.MD5 && isAskedByMd5(role.secret() == null, settings, role)) {
            return new Md5Question(user, authenticator.md5Secret(role, user));
        }
        return new ScramQuestion(authenticator.verifier(role, user), role.secret(), binding);
    }

    /** Who has a verifier can't be asked by md5, as in PostgreSQL; strangers are asked like most. */
    private static boolean isAskedByMd5(boolean unknown, AuthenticationSettings settings, Role role) {
        return unknown ? settings.mostlyMd5() : !(role.secret() instanceof Secret.Scram);
    }
}
