package io.pgring.proxy.copy;

import io.netty.buffer.ByteBuf;

/** The header of the binary format: signature, flags, and an extension that is as long as it says. */
final class BinaryHeader {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int FLAGS_START = SIGNATURE.length;
    private static final int EXTENSION_LENGTH_START = FLAGS_START + Integer.BYTES;
    private static final int EXTENSION_START = EXTENSION_LENGTH_START + Integer.BYTES;
    private static final int FLAG_OIDS = 1 << 16;
    private static final int FLAGS_CRITICAL = 0xFFFF_0000;

    private int extensionLength;
    private boolean fixedPartRead;

    /** How many bytes of the header must be there for the next step; when complete, its length. */
    long wanted() {
        return (long) EXTENSION_START + extensionLength;
    }

    boolean isComplete() {
        return fixedPartRead;
    }

    /** Reads all but the extension; the wanted bytes are there. Borrows the header. */
    void step(ByteBuf header, int start) {
        for (int i = 0; i < SIGNATURE.length; i++) {
            if (header.getByte(start + i) != SIGNATURE[i]) {
                throw CopyFailure.badFormat("COPY file signature not recognized", 0);
            }
        }
        int flags = header.getInt(start + FLAGS_START);
        if ((flags & FLAG_OIDS) != 0) {
            throw CopyFailure.badFormat("invalid COPY file header (WITH OIDS)", 0);
        }
        if ((flags & FLAGS_CRITICAL) != 0) {
            throw CopyFailure.badFormat("unrecognized critical flags in COPY file header", 0);
        }
        extensionLength = header.getInt(start + EXTENSION_LENGTH_START);
        if (extensionLength < 0) {
            throw CopyFailure.badFormat("invalid COPY file header (missing length)", 0);
        }
        fixedPartRead = true;
    }
}
