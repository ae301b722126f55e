package io.pgring.pgsql.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code name}, {@code schema.name} or {@code database.schema.name}. */
public record QualifiedName(List<Name> parts, int start, int end) {
    public QualifiedName {
        parts = List.copyOf(parts);
    }

    /** The last part. */
    public String name() {
        return parts.get(parts.size() - 1).value();
    }

    /** The part before the last, or null. */
    public @Nullable String schema() {
        return parts.size() < 2 ? null : parts.get(parts.size() - 2).value();
    }

    @Override
    public String toString() {
        return String.join(".", parts.stream().map(Name::value).toList());
    }
}
