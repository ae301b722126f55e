package io.pgring.pgwire.auth;

/**
 * A client-final-message: {@code c=biws,r=nonce,p=proof}. Extensions before the proof are signed and ignored.
 *
 * @param channelBinding attribute c as it was sent
 * @param nonce both parts
 * @param withoutProof the message up to the comma before the proof: what is signed
 * @param proof 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record ScramFinalMessage(String channelBinding, String nonce, String withoutProof, byte[] proof) {
    static ScramFinalMessage parse(byte[] message) {
        ScramAttributes attributes = new ScramAttributes(message);
        String channelBinding = attributes.value('c');
        String nonce = attributes.value('r');
        while (attributes.peek() != 'p') {
            attributes.value(requireLetter(attributes.peek()));
        }
        String withoutProof = attributes.text(0, attributes.position() - 1);
        byte[] proof = ScramAttributes.base64(attributes.value('p'));
        if (!attributes.atEnd() || proof.length != Sha256.BYTES) {
            throw ScramAttributes.malformed();
        }
        return new ScramFinalMessage(channelBinding, nonce, withoutProof, proof);
    }

    private static char requireLetter(char name) {
        if ((name >= 'a' && name <= 'z') || (name >= 'A' && name <= 'Z')) {
            return name;
        }
        throw ScramAttributes.malformed();
    }
}
