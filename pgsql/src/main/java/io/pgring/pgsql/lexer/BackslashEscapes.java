package io.pgring.pgsql.lexer;

/** The value of {@code E'..'}. */
final class BackslashEscapes {
    private final byte[] text;
    private final int end;
    private final byte[] out;
    private int position;
    private int length;
    private int highSurrogate;

    private BackslashEscapes(byte[] text, int from, int end, byte[] out) {
        this.text = text;
        this.position = from;
        this.end = end;
        this.out = out;
    }

    /**
     * Writes the value to {@code out}; {@code from} is after the first quote.
     *
     * @return its length
     */
    static int decode(byte[] text, int from, int end, byte[] out) {
        BackslashEscapes decoder = new BackslashEscapes(text, from, end, out);
        decoder.run();
        return decoder.length;
    }

    private void run() {
        while (position < end) {
            byte character = text[position++];
            if (character == '\\' && position < end) {
                escape(text[position++]);
            } else if (character != '\'') {
                append(character);
            } else if (position < end && text[position] == '\'') {
                append(character);
                position++;
            } else {
                position = StringScanner.continuation(text, position, end);
                if (position < 0) {
                    break;
                }
            }
        }
        if (highSurrogate != 0) {
            throw UnicodeEscapes.invalid(end);
        }
    }

    private void append(byte character) {
        if (highSurrogate != 0) {
            throw UnicodeEscapes.invalid(position);
        }
        out[length++] = character;
    }

    private void escape(byte character) {
        switch (character) {
            case 'b' -> append((byte) '\b');
            case 'f' -> append((byte) '\f');
            case 'n' -> append((byte) '\n');
            case 'r' -> append((byte) '\r');
            case 't' -> append((byte) '\t');
            case 'v' ->
                throw new SqlSyntaxException(
                        SqlSyntaxException.FEATURE_NOT_SUPPORTED,
                        "escape sequence \\v differs between versions of PostgreSQL",
                        position);
            case 'u' -> unicode(4);
            case 'U' -> unicode(8);
            case 'x' -> hexadecimal();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(character - '0');
            default -> append(character);
        }
    }

    private void unicode(int digits) {
        int codePoint = UnicodeEscapes.hex(text, position, position + digits, end, position);
        position += digits;
        if (highSurrogate != 0) {
            if (!UnicodeEscapes.isLowSurrogate(codePoint)) {
                throw UnicodeEscapes.invalid(position);
            }
            length = UnicodeEscapes.encode(UnicodeEscapes.join(highSurrogate, codePoint), out, length, position);
            highSurrogate = 0;
        } else if (UnicodeEscapes.isHighSurrogate(codePoint)) {
            highSurrogate = codePoint;
        } else {
            length = UnicodeEscapes.encode(codePoint, out, length, position);
        }
    }

    private void hexadecimal() {
        int value = 0;
        int digits = 0;
        while (digits < 2 && position < end && CharacterClass.hexDigit(text[position]) >= 0) {
            value = value << 4 | CharacterClass.hexDigit(text[position++]);
            digits++;
        }
        append(digits == 0 ? (byte) 'x' : (byte) value);
    }

    private void octal(int first) {
        int value = first;
        for (int digits = 1; digits < 3 && position < end && text[position] >= '0' && text[position] <= '7'; digits++) {
            value = value << 3 | text[position++] - '0';
        }
        append((byte) value);
    }
}
