package io.pgring.proxy.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a configuration that is in force when its file has changed: some keys can be changed at run time, the others keep their
 * values until a restart.
 */
public final class ConfigurationMerge {
    private final Predicate<String> live;
    private final List<String> applied = new ArrayList<>();
    private final List<String> restart = new ArrayList<>();

    private ConfigurationMerge(Predicate<String> live) {
        this.live = live;
    }

    /**
     * The outcome.
     *
     * @param configuration what is to be in force
     * @param applied what changes, with values where they are numbers
     * @param restart keys that differ in the file, but need a restart
     */
    public record Merged(Configuration configuration, List<String> applied, List<String> restart) {
        public Merged {
            applied = List.copyOf(applied);
            restart = List.copyOf(restart);
        }
    }

    /**
     * Compares key by key.
     *
     * @param before in force now
     * @param next read from the file
     * @param live tells by its path whether a key can be changed at run time
     * @throws InvalidValueException when what can be changed does not fit what can't
     */
    public static Merged of(Configuration before, Configuration next, Predicate<String> live) {
        ConfigurationMerge merge = new ConfigurationMerge(live);
        Configuration merged = (Configuration) Objects.requireNonNull(merge.merge("", before, next));
        return new Merged(merged, merge.applied, merge.restart);
    }

    private @Nullable Object merge(String path, @Nullable Object before, @Nullable Object next) {
        if (Objects.equals(before, next)) {
            return before;
        }
        if (before instanceof Record one && next instanceof Record other && !(before instanceof Endpoint)) {
            return mergeKeys(path, one, other);
        }
        if (before instanceof List<?> some && next instanceof List<?> others && some.size() == others.size()) {
            for (int i = 0; i < some.size(); i++) {
                merge(path + "[" + i + "]", some.get(i), others.get(i));
            }
            return before;
        }
        if (!live.test(path)) {
            restart.add(path);
            return before;
        }
        boolean shown = next instanceof Number || next instanceof Boolean;
        applied.add(shown ? path + "=" + next + " (was " + before + ")" : path);
        return next;
    }

    private Object mergeKeys(String path, Record before, Record next) {
        RecordComponent[] components = before.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                RecordComponent component = components[i];
                types[i] = component.getType();
                values[i] = merge(
                        pathOf(path, component),
                        component.getAccessor().invoke(before),
                        component.getAccessor().invoke(next));
            }
            return before.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidValueException invalid) {
                throw invalid;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not a record of the configuration: " + before.getClass(), e);
        }
    }

    /** Records are the sections of the file, but for {@link Timeouts}, which is a part of its section. */
    private static String pathOf(String path, RecordComponent component) {
        if (component.getType() == Timeouts.class) {
            return path;
        }
        return path.isEmpty() ? component.getName() : path + "." + component.getName();
    }
}
