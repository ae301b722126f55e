package io.pgring.pgwire.auth;

import io.pgring.pgwire.ProtocolViolation;

/**
 * A client-first-message: {@code n,,n=user,r=nonce}. Extensions at its end are ignored, as in PostgreSQL.
 *
 * @param channelBindingFlag n: the client can't bind to a channel; y: it can but thinks that we can't, which is so
 * @param bare the message without its first two fields: what is signed
 * @param nonce the client's part
 */
record ScramFirstMessage(char channelBindingFlag, String bare, String nonce) {
    static ScramFirstMessage parse(byte[] message) {
        ScramAttributes attributes = new ScramAttributes(message);
        char flag = attributes.nextChar();
        if (flag == 'p') {
            throw new ProtocolViolation("client requires SCRAM channel binding, but it is not supported");
        }
        if ((flag != 'n' && flag != 'y') || attributes.nextChar() != ',') {
            throw ScramAttributes.malformed();
        }
        if (attributes.peek() == 'a') {
            throw new ProtocolViolation(
                    ProtocolViolation.FEATURE_NOT_SUPPORTED,
                    "client uses authorization identity, but it is not supported");
        }
        if (attributes.nextChar() != ',') {
            throw ScramAttributes.malformed();
        }
        String bare = attributes.from(attributes.position());
        if (attributes.peek() == 'm') {
            throw new ProtocolViolation(
                    ProtocolViolation.FEATURE_NOT_SUPPORTED, "client requires an unsupported SCRAM extension");
        }
        attributes.value('n');
        return new ScramFirstMessage(flag, bare, ScramAttributes.requireNonce(attributes.value('r')));
    }

    /** The attribute c of the client-final-message: {@code n,,} or {@code y,,} in base64. */
    String expectedChannelBinding() {
        return channelBindingFlag == 'n' ? "biws" : "eSws";
    }
}
