package io.pgring.proxy.merge.value;

import io.netty.buffer.ByteBuf;

/**
 * date, time, timestamp and timestamptz in text format under DateStyle ISO, the only one that tells day and month apart without
 * knowing the session (src/backend/utils/adt/datetime.c, EncodeDateTime):
 *
 * <pre>
 *   2026-11-26 18:51:25.123456+05:30 BC
 *   year of 4 digits or more, fraction and minutes and seconds of the zone only when there are any
 * </pre>
 *
 * Read as the long that the binary format holds: days or microseconds from 2000-01-01, or microseconds of a day.
 */
final class DateTimeText {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    private static final int YEAR_DIGITS_MIN = 4;
    private static final int YEAR_DIGITS_MAX = 7;
    private static final int FRACTION_DIGITS_MAX = 6;
    private static final String HINT = "Set DateStyle to ISO.";

    private final String type;
    private final ByteBuf text;
    private final int end;
    private int position;

    private long year;
    private int month;
    private int day;

    private DateTimeText(String type, ByteBuf text, int start, int length) {
        this.type = type;
        this.text = text;
        this.position = start;
        this.end = start + length;
    }

    static long date(ByteBuf value, int start, int length) {
        if (isInfinity(value, start, length)) {
            return infinity(value, start);
        }
        DateTimeText scanner = new DateTimeText("date", value, start, length);
        scanner.calendarDay();
        return scanner.daysToEnd();
    }

    static long time(ByteBuf value, int start, int length) {
        DateTimeText scanner = new DateTimeText("time", value, start, length);
        long micros = scanner.timeOfDay();
        scanner.end();
        return micros;
    }

    static long timestamp(ByteBuf value, int start, int length) {
        if (isInfinity(value, start, length)) {
            return infinity(value, start);
        }
        DateTimeText scanner = new DateTimeText("timestamp", value, start, length);
        scanner.calendarDay();
        scanner.expect(' ');
        long micros = scanner.timeOfDay();
        return scanner.daysToEnd() * MICROS_PER_DAY + micros;
    }

    static long timestamptz(ByteBuf value, int start, int length) {
        if (isInfinity(value, start, length)) {
            return infinity(value, start);
        }
        DateTimeText scanner = new DateTimeText("timestamp with time zone", value, start, length);
        scanner.calendarDay();
        scanner.expect(' ');
        long micros = scanner.timeOfDay() - scanner.zone();
        return scanner.daysToEnd() * MICROS_PER_DAY + micros;
    }

    private static boolean isInfinity(ByteBuf value, int start, int length) {
        return Bytes.isText(value, start, length, "infinity") || Bytes.isText(value, start, length, "-infinity");
    }

    private static long infinity(ByteBuf value, int start) {
        return value.getByte(start) == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private void calendarDay() {
        int start = position;
        year = 0;
        while (position < end && Bytes.isDigit(text.getByte(position)) && position - start < YEAR_DIGITS_MAX) {
            year = year * 10 + (text.getByte(position++) - '0');
        }
        if (position - start < YEAR_DIGITS_MIN || year == 0) {
            throw unreadable();
        }
        expect('-');
        month = twoDigits(1, 12);
        expect('-');
        day = twoDigits(1, 31);
    }

    private long timeOfDay() {
        long seconds = twoDigits(0, 24) * 3_600L;
        expect(':');
        seconds += twoDigits(0, 59) * 60L;
        expect(':');
        seconds += twoDigits(0, 59);
        long micros = seconds * MICROS_PER_SECOND + (skip('.') ? fraction() : 0);
        if (micros > MICROS_PER_DAY) {
            throw unreadable();
        }
        return micros;
    }

    private long fraction() {
        int start = position;
        long micros = 0;
        for (long weight = MICROS_PER_SECOND / 10;
                position < end && Bytes.isDigit(text.getByte(position));
                weight /= 10) {
            micros += weight * (text.getByte(position++) - '0');
        }
        if (position == start || position - start > FRACTION_DIGITS_MAX) {
            throw unreadable();
        }
        return micros;
    }

    /** How far the local time is ahead of UTC, in microseconds. */
    private long zone() {
        boolean behind = skip('-');
        if (!behind) {
            expect('+');
        }
        long seconds = twoDigits(0, 15) * 3_600L;
        if (skip(':')) {
            seconds += twoDigits(0, 59) * 60L;
            if (skip(':')) {
                seconds += twoDigits(0, 59);
            }
        }
        return (behind ? -seconds : seconds) * MICROS_PER_SECOND;
    }

    /** Reads the era, which comes last of all, and gives the day in days from 2000-01-01. */
    private long daysToEnd() {
        if (skip(' ')) {
            expect('B');
            expect('C');
            year = 1 - year;
        }
        end();
        return daysFrom2000(year, month, day);
    }

    /** Days in the proleptic Gregorian calendar; years begin in March, so that the leap day is the last. */
    private static long daysFrom2000(long year, int month, int day) {
        long marchYear = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(marchYear, 400L);
        long yearOfEra = marchYear - era * 400;
        long dayOfYear = (153L * ((month + 9) % 12) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 730_425;
    }

    private int twoDigits(int min, int max) {
        if (end - position < 2
                || !Bytes.isDigit(text.getByte(position))
                || !Bytes.isDigit(text.getByte(position + 1))) {
            throw unreadable();
        }
        int number = (text.getByte(position) - '0') * 10 + (text.getByte(position + 1) - '0');
        position += 2;
        if (number < min || number > max) {
            throw unreadable();
        }
        return number;
    }

    private boolean skip(char character) {
        if (position < end && text.getByte(position) == character) {
            position++;
            return true;
        }
        return false;
    }

    private void expect(char character) {
        if (!skip(character)) {
            throw unreadable();
        }
    }

    private void end() {
        if (position != end) {
            throw unreadable();
        }
    }

    private MergeFailure unreadable() {
        return MergeFailure.unreadable(type, HINT);
    }
}
