package io.pgring.pgwire.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.pgwire.codec.BodyReader;
import java.util.ArrayList;
import java.util.List;

/** What a backend says during authentication: AuthenticationXxx (B). */
public sealed interface Authentication extends BackendMessage
        permits AuthenticationCleartextPassword,
                AuthenticationMD5Password,
                AuthenticationOk,
                AuthenticationSASL,
                AuthenticationSASLContinue,
                AuthenticationSASLFinal {
    /**
     * Borrows the body.
     *
     * @throws ProtocolViolation if the body is malformed, or with SQLSTATE 0A000 for a method that this module does not speak
     *     (Kerberos, GSSAPI, SSPI, SCM credentials)
     */
    static Authentication decode(ByteBuf body) {
        BodyReader reader = new BodyReader(body);
        int code = reader.int32();
        Authentication message = switch (code) {
            case AuthenticationOk.CODE -> new AuthenticationOk();
            case AuthenticationCleartextPassword.CODE -> new AuthenticationCleartextPassword();
            case AuthenticationMD5Password.CODE ->
                new AuthenticationMD5Password(reader.bytes(AuthenticationMD5Password.SALT_BYTES));
            case AuthenticationSASL.CODE -> new AuthenticationSASL(mechanisms(reader));
            case AuthenticationSASLContinue.CODE -> new AuthenticationSASLContinue(reader.rest());
            case AuthenticationSASLFinal.CODE -> new AuthenticationSASLFinal(reader.rest());
            default -> throw unsupported(code);
        };
        reader.end();
        return message;
    }

    private static List<String> mechanisms(BodyReader reader) {
        List<String> mechanisms = new ArrayList<>();
        for (String name = reader.string(); !name.isEmpty(); name = reader.string()) {
            mechanisms.add(name);
        }
        return mechanisms;
    }

    private static ProtocolViolation unsupported(int code) {
        String method = switch (code) {
            case 2 -> "Kerberos V5";
            case 6 -> "SCM credentials";
            case 7, 8 -> "GSSAPI";
            case 9 -> "SSPI";
            default -> "an unknown method (" + code + ")";
        };
        return new ProtocolViolation(
                ProtocolViolation.FEATURE_NOT_SUPPORTED,
                "server asks for authentication by " + method + ", which is not supported");
    }
}
