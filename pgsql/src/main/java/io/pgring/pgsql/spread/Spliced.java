package io.pgring.pgsql.spread;

import java.util.List;

/** The text with some splices. */
record Spliced(List<Splice> splices) implements Rewriting {
    Spliced {
        splices = List.copyOf(splices);
    }

    @Override
    public byte[] of(byte[] text) {
        return Splicer.apply(text, 0, text.length, splices);
    }

    @Override
    public int originalPosition(byte[] text, int position) {
        return Splicer.originalPosition(text, 0, text.length, splices, position);
    }
}
