package io.pgring.proxy.gather;

/** Why nothing can be gathered; the message is a sentence for a DETAIL field. */
final class GatherException extends Exception {
    GatherException(String reason) {
        super(reason);
    }
}
