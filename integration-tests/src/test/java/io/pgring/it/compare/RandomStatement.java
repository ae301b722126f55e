package io.pgring.it.compare;

import java.util.List;
import java.util.stream.Stream;

/** A statement that was made up, and the way to ask it. */
record RandomStatement(Fragment fragment, Mode mode) {
    private static final List<Mode> MODES = List.of(Mode.values());
    private static final int DEPTH = 2;

    /** A query, or now and then a modification. */
    static RandomStatement make(Dice dice) {
        Fragment fragment = dice.percent(35)
                ? new RandomModification(dice).make()
                : new RandomQuery(dice).make(DEPTH, true).text();
        return new RandomStatement(fragment, dice.pick(MODES));
    }

    /** A modification. */
    static RandomStatement modification(Dice dice) {
        return new RandomStatement(new RandomModification(dice).make(), dice.pick(MODES));
    }

    /** Fixed words, such as BEGIN. */
    static RandomStatement of(String words) {
        return new RandomStatement(new Fragment.Words(words), Mode.SIMPLE);
    }

    Question question() {
        return Wording.of(fragment, mode != Mode.SIMPLE);
    }

    /** All that are smaller by one step, or simpler to ask. */
    Stream<RandomStatement> smaller() {
        Stream<RandomStatement> simpler =
                mode == Mode.SIMPLE ? Stream.empty() : Stream.of(new RandomStatement(fragment, Mode.SIMPLE));
        return Stream.concat(simpler, fragment.smaller().map(one -> new RandomStatement(one, mode)));
    }

    @Override
    public String toString() {
        return mode + " " + question();
    }
}
