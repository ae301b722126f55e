package io.pgring.proxy.reshard;

/** The entry in the journal is another than it was: somebody has told the move to abort. */
final class JournalConflictException extends Exception {
    JournalConflictException(String message) {
        super(message);
    }
}
