package io.pgring.it.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The statements of one session, asked on the rows of the beginning. */
record RandomSession(List<RandomStatement> statements) {
    private static final int TRANSACTIONS_PERCENT = 30;
    private static final int WRITING_PERCENT = 70;

    /** So many statements, some of them perhaps in a transaction, most of which begin with a modification. */
    static RandomSession make(Dice dice, int count) {
        List<RandomStatement> statements = new ArrayList<>(
                Stream.generate(() -> RandomStatement.make(dice)).limit(count).toList());
        if (dice.percent(TRANSACTIONS_PERCENT)) {
            int begin = dice.below(count);
            int length = 1 + dice.below(4);
            statements.add(
                    begin, RandomStatement.of(dice.pick(List.of("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ"))));
            if (dice.percent(WRITING_PERCENT)) {
                statements.add(begin + 1, RandomStatement.modification(dice));
                length++;
            }
            statements.add(
                    Math.min(begin + 1 + length, statements.size()),
                    RandomStatement.of(dice.pick(List.of("COMMIT", "ROLLBACK"))));
            if (dice.percent(TRANSACTIONS_PERCENT)) {
                statements.add(begin + 1, RandomStatement.of("SAVEPOINT s"));
                statements.add(begin + 3, RandomStatement.of("ROLLBACK TO SAVEPOINT s"));
            }
        }
        return new RandomSession(List.copyOf(statements));
    }

    /** Smaller ones: the larger steps first. */
    Stream<RandomSession> smaller() {
        Stream<RandomSession> shorter = Stream.iterate(statements.size() / 2, n -> n > 0, n -> n / 2)
                .flatMap(
                        n -> IntStream.rangeClosed(0, statements.size() - n).mapToObj(from -> without(from, from + n)));
        Stream<RandomSession> simpler = IntStream.range(0, statements.size())
                .boxed()
                .flatMap(i -> statements.get(i).smaller().map(smaller -> with(i, smaller)));
        return Stream.concat(shorter, simpler);
    }

    private RandomSession without(int from, int to) {
        return new RandomSession(
                Stream.concat(statements.subList(0, from).stream(), statements.subList(to, statements.size()).stream())
                        .toList());
    }

    private RandomSession with(int index, RandomStatement statement) {
        List<RandomStatement> changed = new ArrayList<>(statements);
        changed.set(index, statement);
        return new RandomSession(List.copyOf(changed));
    }

    @Override
    public String toString() {
        return statements.stream().map(RandomStatement::toString).collect(Collectors.joining("\n"));
    }
}
