package io.pgring.it.support;

import java.sql.SQLException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the test classes of a run three servers without a proxy, and stops them after the last. A test may do to them as it likes: the next
 * class finds them empty.
 */
public final class SharedServers implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedServers.class);
    private static final int COUNT = 3;

    private static final String EMPTY = """
            SET lock_timeout = '30s';
            DO $$ DECLARE schema name; BEGIN
                FOR schema IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
                LOOP EXECUTE format('DROP SCHEMA %I CASCADE', schema); END LOOP;
                CREATE SCHEMA public;
                GRANT USAGE ON SCHEMA public TO PUBLIC;
            END $$
            """;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Servers.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
        Servers servers = store.getOrComputeIfAbsent(Servers.class, type -> start(), Servers.class);
        store.getOrComputeIfAbsent(context.getRequiredTestClass(), testClass -> empty(servers));
        return servers;
    }

    /** Before the first instance of a class is made. */
    private static boolean empty(Servers servers) {
        try {
            servers.executeEverywhere(EMPTY);
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException("the servers can't be emptied", e);
        }
    }

    private static Servers start() {
        try {
            return Servers.running(COUNT);
        } catch (Exception e) {
            throw new IllegalStateException("the servers can't be started", e);
        }
    }
}
