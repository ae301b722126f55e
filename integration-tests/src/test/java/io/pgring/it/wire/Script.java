package io.pgring.it.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one client says, perhaps on several connections one after another.
 *
 * @param prefix what its keys begin with: no other script has these
 * @param seed decides where its bytes are cut
 * @param ahead how many units are sent before the answer to the first is awaited: as many as there are for a pipeline
 */
record Script(String prefix, long seed, int ahead, List<Step> steps) {
    /** All that is said on one connection is sent at once. */
    static final int PIPELINED = Integer.MAX_VALUE;

    Script {
        steps = List.copyOf(steps);
    }

    /** The steps that are sent together; those of one connection end with a Terminate. */
    List<List<Step>> units() {
        List<List<Step>> units = new ArrayList<>();
        List<Step> unit = new ArrayList<>();
        int ends = 0;
        for (Step step : steps) {
            unit.add(step);
            ends += step.ends() ? 1 : 0;
            if (step.end() == Step.End.CLOSED || (step.ends() && ends >= ahead)) {
                units.add(unit);
                unit = new ArrayList<>();
                ends = 0;
            }
        }
        if (!unit.isEmpty()) {
            units.add(unit);
        }
        return units;
    }

    /** Whether each unit has its end, so that there is an answer to wait for. */
    boolean isWhole() {
        if (ahead == PIPELINED) {
            return true;
        }
        boolean open = false;
        for (Step step : steps) {
            if (open && step.end() == Step.End.READY && !step.isSync()) {
                return false;
            }
            open = !step.ends();
        }
        return !open;
    }

    /** The same without the steps in {@code [from, to)}. */
    Script without(int from, int to) {
        List<Step> rest = new ArrayList<>(steps);
        rest.subList(from, to).clear();
        return new Script(prefix, seed, ahead, rest);
    }

    @Override
    public String toString() {
        return "script " + prefix + (ahead == 1 ? "" : ahead == PIPELINED ? " pipelined" : " " + ahead + " ahead")
                + "\n" + steps.stream().map(step -> "    " + step + "\n").collect(Collectors.joining());
    }
}
