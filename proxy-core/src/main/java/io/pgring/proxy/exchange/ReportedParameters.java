package io.pgring.proxy.exchange;

import io.pgring.pgwire.backend.ParameterStatus;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The parameters that a client has been told by ParameterStatus, whichever server has them so. */
final class ReportedParameters {
    /** They never change in a session, so a client is told those of the first server for good. */
    private static final Set<String> FIXED = Set.of("server_version", "server_encoding", "integer_datetimes");

    private Map<String, String> told;

    /** @param atLogin what the client was told at login */
    ReportedParameters(Map<String, String> atLogin) {
        this.told = atLogin;
    }

    /** Whether what a server tells is new to the client, which is told it then. */
    boolean isNew(ParameterStatus status) {
        if (status.value().equals(told.get(status.name()))) {
            return false;
        }
        Map<String, String> copy = new TreeMap<>(told);
        copy.put(status.name(), status.value());
        told = copy;
        return true;
    }

    /** Tells what is different from what the client was last told. */
    void tell(Map<String, String> now, Consumer<ParameterStatus> client) {
        Map<String, String> before = told;
        if (now != before && !now.equals(before)) {
            now.forEach((name, value) -> {
                if (!FIXED.contains(name) && !value.equals(before.get(name))) {
                    client.accept(new ParameterStatus(name, value));
                }
            });
        }
        told = now;
    }
}
