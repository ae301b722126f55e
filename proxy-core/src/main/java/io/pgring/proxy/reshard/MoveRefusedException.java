package io.pgring.proxy.reshard;

/** A move can't be made, or must not go on: it is aborted, and the message is the reason. */
final class MoveRefusedException extends Exception {
    MoveRefusedException(String reason) {
        super(reason);
    }
}
