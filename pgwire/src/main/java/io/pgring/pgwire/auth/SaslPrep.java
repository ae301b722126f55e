package io.pgring.pgwire.auth;

import com.ongres.scram.common.StringPreparation;

/** PostgreSQL's use of SASLprep (RFC 4013): a password that it forbids, or makes empty, is taken as it is (auth-scram.c). */
final class SaslPrep {
    private SaslPrep() {}

    static String prepare(String password) {
        if (password.isEmpty()) {
            return password;
        }
        try {
            return new String(StringPreparation.POSTGRESQL_PREPARATION.normalize(password.toCharArray()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // The second is how the library takes a password that it has made empty.
            return password;
        }
    }
}
