package io.pgring.it.support;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the test classes of a run three servers without a proxy, and stops them after the last. A test may do to them as it likes, and must not
 * count on what it finds.
 */
public final class SharedServers implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedServers.class);
    private static final int COUNT = 3;

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
