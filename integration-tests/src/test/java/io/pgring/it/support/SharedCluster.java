package io.pgring.it.support;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the test classes of a run one cluster with default settings, and stops it after the last. Beside {@code kv} it has the sharded
 * tables {@code blobs (key text, body bytea)}, {@code events (id bigint, note text)} and {@code devices (id uuid, note text)}. <pre>
 *   {@literal @}ExtendWith(SharedCluster.class)
 *   class XIT {
 *       XIT(Cluster cluster) {...}
 * </pre>
 * The sharded tables are empty before each test. What a test makes beside them, it also drops.
 */
public final class SharedCluster implements ParameterResolver, BeforeEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(SharedCluster.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        cluster(context).truncate();
    }

    private static Cluster cluster(ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .getOrComputeIfAbsent(Cluster.class, type -> startUsual(), Cluster.class);
    }

    private static void addTables(ClusterPlan plan) {
        plan.table("blobs", "key", "CREATE TABLE IF NOT EXISTS blobs (key text PRIMARY KEY, body bytea)")
                .table("events", "id", "CREATE TABLE IF NOT EXISTS events (id bigint PRIMARY KEY, note text)")
                .table("devices", "id", "CREATE TABLE IF NOT EXISTS devices (id uuid PRIMARY KEY, note text)");
    }

    private static Cluster startUsual() {
        try {
            return Cluster.start(SharedCluster::addTables);
        } catch (Exception e) {
            throw new IllegalStateException("the cluster can't be started", e);
        }
    }
}
