package io.pgring.it.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one client says.
 *
 * @param prefix what its keys begin with: no other script has these
 * @param seed decides where its bytes are cut
 * @param pipelined whether all is sent at once; else the answer to each unit is awaited
 */
record Script(String prefix, long seed, boolean pipelined, List<Step> steps) {
    Script {
        steps = List.copyOf(steps);
    }

    /** The steps cut after those that end. */
    List<List<Step>> units() {
        List<List<Step>> units = new ArrayList<>();
        List<Step> unit = new ArrayList<>();
        for (Step step : steps) {
            unit.add(step);
            if (step.ends() && !pipelined) {
                units.add(unit);
                unit = new ArrayList<>();
            }
        }
        if (!unit.isEmpty()) {
            units.add(unit);
        }
        return units;
    }

    /** Whether each unit has its end, so that there is an answer to wait for; PostgreSQL itself stumbles over a Query in place of a Sync. */
    boolean isWhole() {
        boolean open = false;
        for (Step step : steps) {
            if (open && step.ends() && !step.isSync()) {
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
        return new Script(prefix, seed, pipelined, rest);
    }

    @Override
    public String toString() {
        return "script " + prefix + (pipelined ? " pipelined" : "") + " seed " + seed + "\n"
                + steps.stream().map(step -> "    " + step + "\n").collect(Collectors.joining());
    }
}
