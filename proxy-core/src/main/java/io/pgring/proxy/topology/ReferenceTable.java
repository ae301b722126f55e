package io.pgring.proxy.topology;

import io.pgring.pgsql.analysis.TableClass;
import java.util.List;

/**
 * A table of which every shard has a full copy.
 *
 * @param definition schema and name
 * @param columnDefinitions of each column its name, type and collation as text; must be the same on every shard
 */
public record ReferenceTable(TableClass.Reference definition, List<String> columnDefinitions)
        implements DistributedTable {
    public ReferenceTable {
        columnDefinitions = List.copyOf(columnDefinitions);
    }

    @Override
    public String qualifiedName() {
        return definition.schema() + "." + definition.name();
    }
}
