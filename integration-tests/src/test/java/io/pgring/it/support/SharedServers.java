package io.pgring.it.support;

import java.sql.SQLException;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the test classes of a run three servers without a proxy, and stops them after the last. A test may do to them as it likes: the next
 * class finds them empty.
 */
public final class SharedServers implements ParameterResolver, BeforeAllCallback {
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
    public void beforeAll(ExtensionContext context) throws SQLException {
        Servers servers =
                context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE).get(Servers.class, Servers.class);
        if (servers != null) {
            servers.executeEverywhere(EMPTY);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Servers.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .getOrComputeIfAbsent(Servers.class, type -> start(), Servers.class);
    }

    private static Servers start() {
        try {
            return Servers.running(COUNT);
        } catch (Exception e) {
            throw new IllegalStateException("the servers can't be started", e);
        }
    }
}
