package io.pgring.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.RunningProgram;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationLoader;
import io.pgring.proxy.config.ShardConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests in {@code deploy/kubernetes}, as the typed model of Kubernetes sees them, and what they say of each other. */
class ManifestsIT {
    private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();
    private static final Path KUBERNETES = DEPLOY.resolve("kubernetes");

    private static <T extends HasMetadata> T one(Class<T> type, String name) throws IOException {
        return Manifests.ofKustomization(KUBERNETES).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyObjectIsKnownToTheTypedModelInEachField() throws Exception {
        List<String> names = Manifests.ofKustomization(KUBERNETES.resolve("overlays/monitored")).stream()
                .map(object -> object.getKind() + "/" + object.getMetadata().getName())
                .toList();
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "StatefulSet/postgres-shard",
                        "Service/postgres-headless",
                        "PodDisruptionBudget/postgres-shard",
                        "NetworkPolicy/postgres-shard",
                        "Deployment/pgring",
                        "Service/pgring",
                        "PodDisruptionBudget/pgring",
                        "NetworkPolicy/pgring",
                        "ServiceMonitor/pgring");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replica: 2",
                "replicas: two",
                "template: {spec: {containers: [{name: pgring, prots: []}]}}",
                "template: {spec: {containers: [{name: pgring, readinessProbe: {httpGet: {path: /, prot: 1}}}]}}"
            })
    void aFieldThatTheModelDoesNotKnowIsAnError(String field) {
        String yaml = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: pgring}\nspec: {" + field + "}\n";
        assertThatThrownBy(() -> Manifests.parse(yaml)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "", "overlays/monitored"})
    void kubectlRendersTheSameObjects(String part) throws Exception {
        ProgramResult rendered = RunningProgram.run(
                KUBERNETES,
                Map.of(),
                List.of("kubectl", "kustomize", KUBERNETES.resolve(part).toString()));
        if (!part.equals("base")) {
            Assumptions.assumeFalse(
                    rendered.error().contains("must be a file"),
                    "this kubectl is older than 1.21, which takes folders");
        }
        assertThat(rendered.exitCode()).as(rendered.error()).isZero();
        assertThat(rendered.error()).as("nothing is deprecated").isEmpty();
        List<HasMetadata> objects = Manifests.parse(rendered.output());
        assertThat(objects.stream().filter(object -> !object.getKind().equals("ConfigMap")))
                .hasSameSizeAs(Manifests.ofKustomization(KUBERNETES.resolve(part)));
        assertThat(objects)
                .allSatisfy(object -> assertThat(object.getMetadata().getLabels())
                        .containsEntry("app.kubernetes.io/part-of", "pgring"));
    }

    @Test
    void servicesReachThePodsByThePortsThatTheyName() throws Exception {
        Service clients = one(Service.class, "pgring");
        assertThat(clients.getSpec().getPorts())
                .extracting(ServicePort::getName, ServicePort::getPort)
                .containsExactly(tuple("postgresql", 5432), tuple("http", 80));
        Deployment proxies = one(Deployment.class, "pgring");
        assertReaches(clients, proxies.getSpec().getTemplate());
        assertThat(proxies.getSpec().getReplicas()).isEqualTo(2);

        Service names = one(Service.class, "postgres-headless");
        StatefulSet shards = one(StatefulSet.class, "postgres-shard");
        assertThat(names.getSpec().getClusterIP()).isEqualTo("None");
        assertReaches(names, shards.getSpec().getTemplate());
        assertThat(shards.getSpec().getServiceName()).isEqualTo("postgres-headless");
    }

    private static void assertReaches(Service service, PodTemplateSpec pods) {
        assertThat(pods.getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());
        List<String> ports = pods.getSpec().getContainers().get(0).getPorts().stream()
                .map(port -> port.getName())
                .toList();
        assertThat(service.getSpec().getPorts())
                .allSatisfy(
                        port -> assertThat(ports).contains(port.getTargetPort().getStrVal()));
    }

    @Test
    void everyShardOfTheStatefulSetIsConfiguredByItsStableName(@TempDir Path folder) throws Exception {
        StatefulSet shards = one(StatefulSet.class, "postgres-shard");
        Configuration configuration = load(folder, KUBERNETES.resolve("base/config/pgring.yaml"));

        assertThat(configuration.shards()).hasSize(shards.getSpec().getReplicas());
        for (int i = 0; i < configuration.shards().size(); i++) {
            ShardConfiguration shard = configuration.shards().get(i);
            assertThat(shard.name()).isEqualTo("postgres-shard-" + i);
            assertThat(shard.host()).isEqualTo(shard.name() + ".postgres-headless");
            assertThat(shard.password()).isEqualTo("of the secret");
        }
        Container proxy = one(Deployment.class, "pgring")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
        assertThat(proxy.getPorts())
                .extracting(port -> port.getContainerPort())
                .containsExactly(
                        configuration.listen().postgresql().port(),
                        configuration.listen().http().port());
        assertThat(shards.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getArgs())
                .contains("max_prepared_transactions=200");
    }

    @Test
    void aProxyHasTheTimeToDrainThatItsConfigurationGivesIt(@TempDir Path folder) throws Exception {
        long drain = load(folder, KUBERNETES.resolve("base/config/pgring.yaml"))
                .limits()
                .timeouts()
                .drainMillisMax();
        long preStop = 5;
        assertThat(one(Deployment.class, "pgring")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getTerminationGracePeriodSeconds())
                .isGreaterThan(drain / 1000 + preStop);
    }

    @Test
    void theMemoryOfAProxyIsBoundedBelowItsLimit() throws Exception {
        Container proxy = one(Deployment.class, "pgring")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
        String options = proxy.getEnv().stream()
                .filter(variable -> variable.getName().equals("PGRING_JAVA_OPTS"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();
        String script = Files.readString(DEPLOY.resolveSibling("scripts/demo-scaling.sh"));
        String beside = script.lines()
                .filter(line -> line.contains("PGRING_JAVA_OPTS="))
                .findFirst()
                .orElseThrow();

        long limit = Quantity.getAmountInBytes(proxy.getResources().getLimits().get("memory"))
                        .longValueExact()
                >> 20;
        // The demo runs two commands at a time: the load, and what adds and watches.
        assertThat(limit).isGreaterThanOrEqualTo(mebibytes(options, 256) + 2 * mebibytes(beside, 120));
        JsonNode compose = new ObjectMapper(new YAMLFactory())
                .readTree(DEPLOY.resolve("compose.yaml").toFile());
        assertThat(compose.path("x-proxy")
                        .path("environment")
                        .path("PGRING_JAVA_OPTS")
                        .textValue())
                .isEqualTo(options);
    }

    /** Heap and direct memory of a Java with these options, and what else it takes. */
    private static long mebibytes(String options, long more) {
        Matcher found =
                Pattern.compile("-Xmx(\\d+)m -XX:MaxDirectMemorySize=(\\d+)m").matcher(options);
        assertThat(found.find()).as(options).isTrue();
        return Long.parseLong(found.group(1)) + Long.parseLong(found.group(2)) + more;
    }

    /** The lines at its top, by a user whose files are his own. */
    @Test
    void theContainersOfTheComposeFileCanReadThePassword(@TempDir Path folder) throws Exception {
        List<String> lines = Files.readAllLines(DEPLOY.resolve("compose.yaml")).stream()
                .filter(line -> line.startsWith("#   ") && line.contains("deploy/compose/secret"))
                .map(line -> line.substring(1).strip())
                .filter(line -> !line.startsWith("PGPASSWORD"))
                .toList();
        assertThat(lines).hasSize(2);
        ProgramResult made =
                RunningProgram.run(folder, Map.of(), List.of("bash", "-ec", "umask 077\n" + String.join("\n", lines)));
        assertThat(made.exitCode()).as(made.error()).isZero();

        Path secret = folder.resolve("deploy/compose/secret");
        assertThat(Files.readString(secret.resolve("password"))).matches("[0-9a-f]{48}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret.resolve("password"))))
                .isEqualTo("rw-r--r--");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rwx------");
    }

    @Test
    void theComposeFileIsAboutTheShardsThatItsProxiesKnow(@TempDir Path folder) throws Exception {
        JsonNode compose = new ObjectMapper(new YAMLFactory())
                .readTree(DEPLOY.resolve("compose.yaml").toFile());
        Configuration configuration = load(folder, DEPLOY.resolve("compose/pgring.yaml"));
        for (ShardConfiguration shard : configuration.shards()) {
            assertThat(compose.path("services").has(shard.host()))
                    .as(shard.host())
                    .isTrue();
        }
        assertThat(compose.path("services").size())
                .isEqualTo(configuration.shards().size() + 2);
    }

    @Test
    void noPasswordIsInAFile() throws Exception {
        try (Stream<Path> files = Files.walk(KUBERNETES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContainPattern("(?im)^\\s*(- )?kind:\\s*Secret\\b")
                        .doesNotContainPattern("(?i)\\bpassword:\\s*\\S")
                        .doesNotContain("secretGenerator");
            }
        }
    }

    /** A configuration whose password files are in the folder, wherever they are in a container. */
    private static Configuration load(Path folder, Path file) throws Exception {
        Files.createDirectories(folder.resolve("secret"));
        Files.writeString(folder.resolve("secret/password"), "of the secret\n");
        String yaml = Files.readString(file).replace("/run/secrets/password", "secret/password");
        return ConfigurationLoader.parse(folder.resolve("pgring.yaml"), yaml, Map.of());
    }
}
