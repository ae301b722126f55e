package io.pgring.proxy.routing;

import io.pgring.pgsql.tree.ExecuteStatement;
import io.pgring.pgsql.tree.Expression;
import io.pgring.pgsql.tree.Prepare;
import io.pgring.pgsql.tree.TypeName;
import io.pgring.pgwire.backend.ErrorResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Plans of PREPARE and EXECUTE. */
final class PreparedPlans {
    private PreparedPlans() {}

    static PlannedStatement prepare(Prepare prepare, byte[] text, int from) {
        int[] oids = new int[prepare.types().size()];
        for (int i = 0; i < oids.length; i++) {
            TypeName type = prepare.types().get(i);
            oids[i] = ParameterTypes.oid(type);
            if (oids[i] == ParameterTypes.UNKNOWN_HERE) {
                return new PlannedStatement.Refused(
                        ErrorResponse.error(
                                        "0A000",
                                        "PREPARE with a parameter of type " + type.name() + " is not supported")
                                .detail("Only types that every server has can be declared.")
                                .hint(
                                        "Leave the types out, so that they are inferred, or cast the parameter in the statement."));
            }
        }
        return new PlannedStatement.Prepare(
                prepare.name().value(),
                inPlace(
                        text,
                        from,
                        prepare.statement().start(),
                        prepare.statement().end()),
                oids);
    }

    /** The statement alone, with a blank for each character before it, so that the positions of errors fit the client's text. */
    private static byte[] inPlace(byte[] text, int from, int start, int end) {
        String before = new String(text, from, start - from, StandardCharsets.UTF_8);
        int characters = before.codePointCount(0, before.length());
        byte[] statement = new byte[characters + end - start];
        Arrays.fill(statement, 0, characters, (byte) ' ');
        System.arraycopy(text, start, statement, characters, end - start);
        return statement;
    }

    static PlannedStatement execute(ExecuteStatement execute, byte[] text) {
        List<ExecuteArgument> arguments = new ArrayList<>(execute.arguments().size());
        for (Expression expression : execute.arguments()) {
            ExecuteArgument argument = ExecuteArgument.of(expression, text);
            if (argument == null) {
                return new PlannedStatement.Refused(
                        ErrorResponse.error("0A000", "EXECUTE with an argument that is no constant is not supported")
                                .detail("The proxy would have to evaluate the expression.")
                                .hint("Write strings, numbers, true, false or NULL."));
            }
            arguments.add(argument);
        }
        return new PlannedStatement.Execute(execute.name().value(), arguments);
    }
}
