package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ParameterDescription;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.proxy.routing.PlannedStatement.Administer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of {@link TableStatements}: names, as strings. */
final class TableParameters {
    private static final int REGCLASS = 2205;
    private static final int TEXT = 25;
    /** Types whose two formats are the same: name, text, unknown and varchar. */
    private static final Set<Integer> STRINGS = Set.of(19, TEXT, 705, 1043);

    private TableParameters() {}

    /** What Describe tells: the types of Citus, unless the client has said others. */
    static ParameterDescription describe(Administer administer, int[] declared) {
        int[] oids = new int[administer.parameterCount()];
        for (int i = 0; i < oids.length; i++) {
            oids[i] = type(administer, declared, i);
        }
        return new ParameterDescription(oids);
    }

    private static int type(Administer administer, int[] declared, int index) {
        if (index < declared.length && declared[index] != 0) {
            return declared[index];
        }
        return administer.table().equals(new Administer.Argument.Parameter(index)) ? REGCLASS : TEXT;
    }

    /** Whether a value comes in the binary format of a type that is no string. */
    static boolean isUnreadable(Administer administer, int[] declared, Bind bind) {
        int[] formats = bind.parameterFormats();
        for (int i = 0; i < bind.parameters().length; i++) {
            int format = formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : i];
            if (format != 0 && !STRINGS.contains(type(administer, declared, i))) {
                return true;
            }
        }
        return false;
    }

    static ErrorResponse unreadable() {
        return ErrorResponse.error("0A000", "a table can't be named by its object identifier here")
                .hint("Send the name of the table, as text.");
    }

    /** The values, each a string or null. */
    static List<@Nullable String> values(Bind bind) {
        List<@Nullable String> values = new ArrayList<>();
        for (byte[] value : bind.parameters()) {
            values.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
        }
        return values;
    }
}
