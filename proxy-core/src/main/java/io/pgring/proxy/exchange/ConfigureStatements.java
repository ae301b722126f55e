package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.BackendMessage;
import io.pgring.pgwire.backend.ErrorResponse;
import io.pgring.pgwire.backend.ParameterDescription;
import io.pgring.pgwire.backend.RowDescription;
import io.pgring.pgwire.frontend.Bind;
import io.pgring.proxy.routing.PlannedStatement.Administer.Argument;
import io.pgring.proxy.routing.PlannedStatement.Configure;
import io.pgring.proxy.routing.Route;
import io.pgring.proxy.routing.SearchPath;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.routing.UnsupportedSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** SELECT of {@code set_config}: a SET, whose effect on the session is carried like that of any other, with a row as its answer. */
final class ConfigureStatements {
    private static final int TEXT = 25;
    private static final int BOOL = 16;
    private static final int BOOLEAN_PLACE = 2;
    private static final short VARYING_BYTES = -1;
    /** What PostgreSQL takes for true and false, each abbreviated or not (parse_bool_with_len). */
    private static final String TRUE = "t|tr|tru|true|y|ye|yes|on|1";

    private static final String FALSE = "f|fa|fal|fals|false|n|no|of|off|0";

    private ConfigureStatements() {}

    /** An argument is not what it must be; the message is for the client. */
    private static final class Unfit extends Exception {
        private final transient ErrorResponse error;

        Unfit(ErrorResponse error) {
            super(error.message());
            this.error = error;
        }
    }

    /**
     * The columns of the result.
     *
     * @param formats as in Bind; the two formats of a text are the same
     */
    static BackendMessage columns(Configure configure, int[] formats) {
        List<RowDescription.Field> fields = new ArrayList<>();
        for (Configure.Call call : configure.calls()) {
            int format = formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : fields.size()];
            fields.add(new RowDescription.Field(call.column(), 0, 0, TEXT, VARYING_BYTES, -1, format));
        }
        return new RowDescription(fields);
    }

    /** What Describe tells of the parameters. */
    static ParameterDescription parameters(Configure configure, int[] declared) {
        int[] oids = new int[configure.parameterCount()];
        for (int i = 0; i < oids.length; i++) {
            boolean known = i < declared.length && declared[i] != 0;
            oids[i] = known ? declared[i] : configure.place(i) == BOOLEAN_PLACE ? BOOL : TEXT;
        }
        return new ParameterDescription(oids);
    }

    /** The values of the parameters, each a string or null. */
    static List<@Nullable String> values(Configure configure, Bind bind) {
        int[] formats = bind.parameterFormats();
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < bind.parameters().length; i++) {
            byte[] value = bind.parameters()[i];
            int format = formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : i];
            if (value != null && format != 0 && configure.place(i) == BOOLEAN_PLACE && value.length == 1) {
                values.add(value[0] == 0 ? "f" : "t");
            } else {
                values.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    /**
     * Runs one.
     *
     * @param values of its parameters
     * @param rowsMax most rows that Execute wants, 0 for all; negative for a simple Query
     * @return whether it was consumed; if not, it is to come again
     */
    static boolean run(Exchange exchange, Configure configure, List<@Nullable String> values, long rowsMax) {
        boolean simple = rowsMax < 0;
        SessionEffect effect = null;
        ErrorResponse refusal = exchange.isAborted() ? Transaction.aborted() : null;
        if (refusal == null) {
            try {
                effect = effect(configure, values);
            } catch (Unfit unfit) {
                refusal = unfit.error;
            }
        }
        if (refusal == null && exchange.spread().isSpread() && rowsMax == 1) {
            refusal = StatementErrors.rowLimitOfSetting();
        }
        if (refusal == null && exchange.spread().isSpread()) {
            return SharedStatements.query(
                    exchange, statement(configure, values), Objects.requireNonNull(effect), simple);
        }
        if (refusal != null) {
            exchange.refuse(refusal);
        } else {
            Outcome outcome = exchange.reach(new Route.Any(), true);
            if (outcome == Outcome.LATER) {
                return false;
            }
            if (outcome == Outcome.READY) {
                StatementCarrier.runOnce(
                        exchange, statement(configure, values), rowsMax, new Expected.Execute(effect, true, null));
            }
        }
        if (simple) {
            exchange.ready();
        }
        return true;
    }

    /** The whole query, with the values in place of parameters. */
    private static String statement(Configure configure, List<@Nullable String> values) {
        return configure.calls().stream()
                .map(call -> call(call, values) + " AS \"" + call.column().replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    private static String call(Configure.Call call, List<@Nullable String> values) {
        return call instanceof Configure.Assignment assignment
                ? call(assignment, values)
                : "pg_catalog.current_setting(" + constant(text(call.arguments().get(0), values)) + ')';
    }

    private static String call(Configure.Assignment call, List<@Nullable String> values) {
        return "pg_catalog.set_config("
                + constant(text(call.name(), values).toLowerCase(Locale.ROOT)) + ", "
                + constant(text(call.value(), values)) + ", "
                + text(call.local(), values).strip().toLowerCase(Locale.ROOT).matches(TRUE) + ')';
    }

    private static String constant(String value) {
        return '\'' + value.replace("'", "''") + '\'';
    }

    private static SessionEffect effect(Configure configure, List<@Nullable String> values) throws Unfit {
        List<SessionEffect> effects = new ArrayList<>();
        for (Configure.Call call : configure.calls()) {
            requireValues(call, values);
        }
        for (Configure.Assignment call : configure.assignments()) {
            effects.add(effect(call, values));
        }
        return effects.size() == 1 ? effects.get(0) : new SessionEffect.Several(effects, statement(configure, values));
    }

    private static void requireValues(Configure.Call call, List<@Nullable String> values) throws Unfit {
        for (Argument argument : call.arguments()) {
            if (value(argument, values) == null) {
                throw new Unfit(
                        ErrorResponse.error("0A000", "arguments of set_config() cannot be NULL through the proxy")
                                .hint("Use RESET for the default."));
            }
        }
    }

    private static SessionEffect effect(Configure.Assignment call, List<@Nullable String> values) throws Unfit {
        String name = text(call.name(), values).toLowerCase(Locale.ROOT);
        String local = text(call.local(), values);
        if (!local.strip().toLowerCase(Locale.ROOT).matches(TRUE + '|' + FALSE)) {
            throw new Unfit(ErrorResponse.error("22P02", "invalid input syntax for type boolean: \"" + local + '"'));
        }
        ErrorResponse unsupported = UnsupportedSettings.refuse(name, text(call.value(), values));
        if (unsupported != null) {
            throw new Unfit(unsupported);
        }
        String statement = "SELECT " + call(call, values);
        if (!local.strip().toLowerCase(Locale.ROOT).matches(TRUE)) {
            return new SessionEffect.Assign(name, statement);
        }
        if (name.equals("search_path") && SearchPath.leavesPublic(statement)) {
            throw new Unfit(SearchPath.refusal());
        }
        return new SessionEffect.Local(statement);
    }

    private static String text(Argument argument, List<@Nullable String> values) {
        return Objects.requireNonNull(value(argument, values));
    }

    private static @Nullable String value(Argument argument, List<@Nullable String> values) {
        if (argument instanceof Argument.Constant constant) {
            return constant.value();
        }
        int index = ((Argument.Parameter) argument).index();
        return index < values.size() ? values.get(index) : null;
    }
}
