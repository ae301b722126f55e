package io.pgring.pgwire.auth;

import io.pgring.pgwire.ProtocolViolation;

/**
 * A client-first-message: {@code n,,n=user,r=nonce}. Extensions at its end are ignored, as in PostgreSQL.
 *
 * @param header what the client says of channel binding
 * @param bare the message without its first two fields: what is signed
 * @param nonce the client's part
 */
record ScramFirstMessage(Gs2Header header, String bare, String nonce) {
    static ScramFirstMessage parse(byte[] message) {
        ScramAttributes attributes = new ScramAttributes(message);
        Gs2Header header = header(attributes);
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
        return new ScramFirstMessage(header, bare, ScramAttributes.requireNonce(attributes.value('r')));
    }

    private static Gs2Header header(ScramAttributes attributes) {
        char flag = attributes.peek();
        switch (flag) {
            case 'n', 'y' -> {
                attributes.nextChar();
                if (attributes.nextChar() != ',') {
                    throw ScramAttributes.malformed();
                }
            }
            case 'p' -> {
                String type = attributes.value('p');
                if (!type.equals(ChannelBinding.TYPE)) {
                    throw new ProtocolViolation("unsupported SCRAM channel-binding type");
                }
            }
            default -> throw ScramAttributes.malformed();
        }
        return new Gs2Header(flag);
    }
}
