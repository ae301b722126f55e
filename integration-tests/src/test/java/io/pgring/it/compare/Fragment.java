package io.pgring.it.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A piece of a random statement: it can be written down, and made smaller by one step in several ways that leave the whole valid. */
sealed interface Fragment {
    /** Nothing. */
    Fragment NOTHING = new Words("");

    /** Appends itself. */
    void write(Wording wording);

    /** All that are smaller by one step. */
    Stream<Fragment> smaller();

    /** One after the other; each is a fragment or a text. */
    static Fragment of(Object... parts) {
        return new Sequence(Stream.of(parts)
                .map(part -> part instanceof Fragment fragment ? fragment : new Words(part.toString()))
                .toList());
    }

    /** Fixed text. */
    record Words(String text) implements Fragment {
        @Override
        public void write(Wording wording) {
            wording.append(text);
        }

        @Override
        public Stream<Fragment> smaller() {
            return Stream.empty();
        }
    }

    /**
     * A constant or a parameter.
     *
     * @param literal how it is written when it is no parameter
     * @param parameter what is bound when it is one
     */
    record Value(String literal, Parameter parameter) implements Fragment {
        @Override
        public void write(Wording wording) {
            wording.append(this);
        }

        @Override
        public Stream<Fragment> smaller() {
            return Stream.empty();
        }
    }

    /** Several that belong together. */
    record Sequence(List<Fragment> parts) implements Fragment {
        @Override
        public void write(Wording wording) {
            parts.forEach(part -> part.write(wording));
        }

        @Override
        public Stream<Fragment> smaller() {
            return replacing(parts).map(Sequence::new);
        }
    }

    /** What the statement is also valid without. */
    record Droppable(Fragment part) implements Fragment {
        @Override
        public void write(Wording wording) {
            part.write(wording);
        }

        @Override
        public Stream<Fragment> smaller() {
            return Stream.concat(Stream.of(NOTHING), part.smaller().map(Droppable::new));
        }
    }

    /** Any number of which one is enough. */
    record Listed(String separator, List<Fragment> items) implements Fragment {
        @Override
        public void write(Wording wording) {
            for (int i = 0; i < items.size(); i++) {
                wording.append(i == 0 ? "" : separator);
                items.get(i).write(wording);
            }
        }

        @Override
        public Stream<Fragment> smaller() {
            Stream<List<Fragment>> shorter = items.size() == 1
                    ? Stream.empty()
                    : IntStream.range(0, items.size()).mapToObj(this::without);
            return Stream.concat(shorter, replacing(items)).map(smaller -> new Listed(separator, smaller));
        }

        private List<Fragment> without(int index) {
            List<Fragment> rest = new ArrayList<>(items);
            rest.remove(index);
            return rest;
        }
    }

    /** What can be replaced by something simpler. */
    record Simplifiable(Fragment part, Fragment simplest) implements Fragment {
        @Override
        public void write(Wording wording) {
            part.write(wording);
        }

        @Override
        public Stream<Fragment> smaller() {
            return Stream.concat(Stream.of(simplest), part.smaller().map(one -> new Simplifiable(one, simplest)));
        }
    }

    /** The ORDER BY of the whole statement, by which the order of all rows is determined. */
    record TotalOrder(Fragment part) implements Fragment {
        @Override
        public void write(Wording wording) {
            wording.ordered();
            part.write(wording);
        }

        @Override
        public Stream<Fragment> smaller() {
            return part.smaller().map(TotalOrder::new);
        }
    }

    private static Stream<List<Fragment>> replacing(List<Fragment> parts) {
        return IntStream.range(0, parts.size())
                .boxed()
                .flatMap(i -> parts.get(i).smaller().map(smaller -> {
                    List<Fragment> changed = new ArrayList<>(parts);
                    changed.set(i, smaller);
                    return List.copyOf(changed);
                }));
    }
}
