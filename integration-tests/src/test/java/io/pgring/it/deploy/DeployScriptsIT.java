package io.pgring.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.pgring.it.support.ProgramResult;
import io.pgring.it.support.RunningProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code deploy.sh}, {@code undeploy.sh} and {@code demo-scaling.sh} with programs in the place of kubectl, docker, kind and minikube that write
 * down how they were called, and answer from what they were called with before.
 */
class DeployScriptsIT {
    private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath().normalize();

    private static final String FAKE = """
            #!/usr/bin/env bash
            # One line for each call, written at once, since two of a pipeline run at the same time.
            line=${0##*/}
            for word in "$@"; do line+=" ${word//$'\\n'/ }"; done
            printf '%s\\n' "$line" >>"$FAKE/calls"
            [ "${0##*/}" = kubectl ] || exit 0
            all=" $* "
            case $all in
              *' config current-context '*) cat "$FAKE/context" ;;
              *' kustomize '*)
                [ ! -e "$FAKE/rendered" ] || exec cat "$FAKE/rendered"
                printf 'kind: Deployment\\nspec:\\n  replicas: 2\\nimage: pgring\\n---\\n'
                printf 'kind: StatefulSet\\nspec:\\n  replicas: 3\\nimage: postgres:18\\n---\\nkind: Other\\n  replicas: 5\\n' ;;
              *' get statefulset '*) [ ! -e "$FAKE/silent" ] && { [ ! -e "$FAKE/replicas" ] || cat "$FAKE/replicas"; } ;;
              *' get persistentvolumeclaim '*) [ ! -e "$FAKE/claims" ] || cat "$FAKE/claims" ;;
              *' scale '*) printf '%s' "${all##*--replicas=}" | tr -d ' ' >"$FAKE/replicas" ;;
              *' get secret '*) [ -e "$FAKE/secret" ] ;;
              *' create secret '*) cat >"$FAKE/secret" ;;
              *' get namespace '*) exit 1 ;;
              *' get servicemonitor '*) exit 1 ;;
              *' apply '*) cat >"$FAKE/applied" ;;
              *' delete '*' -f '*) cat >"$FAKE/deleted" ;;
              *' rollout status '*) [ ! -e "$FAKE/never-ready" ] ;;
              *'pgring shard add'*) touch "$FAKE/added" ;;
              *'pgring load --port 6432 --prefix user_ --keys '*) printf 'write 300 1 1\\nread 300 1 1\\n' ;;
              *'pgring load'*)
                echo 'write  1,300 22'
                [ ! -e "$FAKE/load-fails" ] ;;
              *'pgring count'*)
                echo ' headings'
                if [ ! -e "$FAKE/added" ]; then
                  printf 'proxy 3,000\\npostgres-shard-0 1,000\\npostgres-shard-1 1,000\\npostgres-shard-2 1,000\\n'
                elif [ -e "$FAKE/counted" ]; then
                  cat "$FAKE/counted"
                else
                  printf '%s\\n' "proxy 3,000 1,300 1,000" "postgres-shard-0 750 300 250" "postgres-shard-1 740 400 250" \
                    "postgres-shard-2 760 300 249" "postgres-shard-3 750 300 251"
                fi ;;
            esac
            """;

    @TempDir
    private Path folder = Path.of("");

    private Path programs = Path.of("");

    @BeforeEach
    void fakes() throws IOException {
        programs = Files.createDirectories(folder.resolve("bin"));
        for (String name : List.of("kubectl", "docker", "kind", "minikube")) {
            Path program = Files.writeString(programs.resolve(name), FAKE);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        context("elsewhere");
    }

    /** What the fake answers with. */
    private void answer(String name, String... lines) throws IOException {
        Files.writeString(folder.resolve(name), String.join("\n", lines));
    }

    private String applied() throws IOException {
        return Files.readString(folder.resolve("applied"));
    }

    private static String manifests(String proxy, int servers) {
        return "kind: Deployment\nspec:\n  replicas: 2\nimage: " + proxy
                + "\n---\nkind: StatefulSet\nspec:\n  replicas: " + servers
                + "\nimage: postgres:18\n---\nkind: Other\n  replicas: 5\n";
    }

    private void context(String name) throws IOException {
        Files.writeString(folder.resolve("context"), name);
    }

    private ProgramResult run(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment =
                Map.of("PATH", programs + ":" + System.getenv("PATH"), "FAKE", folder.toString());
        return RunningProgram.run(Path.of("/"), environment, command);
    }

    private List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void deployMakesTheSecretAppliesAndWaits() throws Exception {
        ProgramResult result = run("deploy.sh", "--image", "registry.example/pgring:7", "-n", "shop", "--wait", "30");

        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(calls())
                .filteredOn(call -> !call.contains(" kustomize "))
                .containsExactly(
                        "kubectl --namespace=shop get namespace shop",
                        "kubectl --namespace=shop create namespace shop",
                        "kubectl --namespace=shop get secret pgring",
                        "kubectl --namespace=shop create secret generic pgring --from-file=password=/dev/stdin",
                        "kubectl --namespace=shop get statefulset postgres-shard --ignore-not-found -o jsonpath={.spec.replicas}",
                        "kubectl --namespace=shop get persistentvolumeclaim -o name",
                        "kubectl --namespace=shop apply -f -",
                        "kubectl --namespace=shop rollout status statefulset/postgres-shard --timeout=30s",
                        "kubectl --namespace=shop rollout status deployment/pgring --timeout=30s");
        assertThat(applied()).isEqualTo(manifests("registry.example/pgring:7", 3));
        String password = Files.readString(folder.resolve("secret"));
        assertThat(password).matches("[0-9a-f]{48}");
        assertThat(String.join("\n", calls()) + result.output() + result.error())
                .doesNotContain(password);
        assertThat(result.output()).contains("port-forward", "-n shop", "psql");
    }

    @Test
    void aSecondDeployKeepsThePassword() throws Exception {
        Files.writeString(folder.resolve("secret"), "before");
        assertThat(run("deploy.sh", "--image", "i").exitCode()).isZero();
        assertThat(Files.readString(folder.resolve("secret"))).isEqualTo("before");
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "3, 3", "12, 12", "1, 3", "0, 3"})
    void aSecondDeployTakesNoServerAway(String replicas, int servers) throws Exception {
        answer("replicas", replicas);
        answer("claims", "persistentvolumeclaim/data-postgres-shard-20");
        ProgramResult result = run("deploy.sh", "--image", "i");
        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(applied()).isEqualTo(manifests("i", servers));
        assertThat(run("deploy.sh", "--dry-run").output()).isEqualTo(manifests("pgring", servers));
    }

    @Test
    void afterUndeployVolumesTellHowManyServersThereWere() throws Exception {
        answer(
                "claims",
                "persistentvolumeclaim/data-postgres-shard-0",
                "persistentvolumeclaim/data-postgres-shard-1",
                "persistentvolumeclaim/data-postgres-shard-10",
                "persistentvolumeclaim/data-postgres-shard-9",
                "persistentvolumeclaim/data-postgres-shard-77-copy",
                "persistentvolumeclaim/other-data-postgres-shard-78",
                "persistentvolumeclaim/data-postgres-shard-099");
        ProgramResult result = run("deploy.sh", "--image", "i");
        assertThat(result.exitCode()).as(result.error()).isZero();
        assertThat(applied()).isEqualTo(manifests("i", 11));
        assertThat(result.output()).contains("There are 11 servers, and they stay.");
    }

    @Test
    void whereTheClusterDoesNotSayHowManyServersThereAreNothingIsApplied() throws Exception {
        Files.createFile(folder.resolve("silent"));
        ProgramResult result = run("deploy.sh", "--image", "i");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.error()).contains("how many servers");
        assertThat(folder.resolve("applied")).doesNotExist();
        Files.delete(folder.resolve("silent"));

        answer("replicas", "3 4");
        assertThat(run("deploy.sh", "--image", "i").exitCode()).isEqualTo(1);
        assertThat(folder.resolve("applied")).doesNotExist();
    }

    /** With the real manifests, where kubectl is installed. */
    @Test
    void theNumberOfServersIsChangedInWhatKubectlRenders() throws Exception {
        ProgramResult rendered = RunningProgram.run(
                SCRIPTS,
                Map.of(),
                List.of(
                        "kubectl",
                        "kustomize",
                        SCRIPTS.resolve("../deploy/kubernetes/base").toString()));
        assertThat(rendered.exitCode()).as(rendered.error()).isZero();
        answer("rendered", rendered.output());
        answer("replicas", "6");
        assertThat(run("deploy.sh", "--image", "i").exitCode()).isZero();

        List<HasMetadata> objects = Manifests.parse(applied());
        assertThat(objects)
                .hasSameSizeAs(Manifests.parse(rendered.output()))
                .filteredOn(StatefulSet.class::isInstance)
                .singleElement()
                .satisfies(shards -> assertThat(((StatefulSet) shards).getSpec().getReplicas())
                        .isEqualTo(6));
        assertThat(objects)
                .filteredOn(Deployment.class::isInstance)
                .singleElement()
                .satisfies(
                        proxies -> assertThat(((Deployment) proxies).getSpec().getReplicas())
                                .isEqualTo(2));
    }

    @Test
    void kindAndMinikubeAreGivenTheImage() throws Exception {
        context("kind-test");
        assertThat(run("deploy.sh").exitCode()).isZero();
        assertThat(calls()).anyMatch(call -> call.startsWith("docker build --tag pgring:"));
        assertThat(calls()).anyMatch(call -> call.startsWith("kind load docker-image --name test pgring:"));

        Files.delete(folder.resolve("calls"));
        context("minikube");
        assertThat(run("deploy.sh").exitCode()).isZero();
        assertThat(calls()).anyMatch(call -> call.startsWith("minikube -p minikube image load pgring:"));
        assertThat(applied()).doesNotContain("image: pgring\n");
    }

    @Test
    void anotherClusterNeedsAnImageThatItReaches() throws Exception {
        Files.delete(programs.resolve("minikube"));
        Files.writeString(programs.resolve("minikube"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(programs.resolve("minikube"), PosixFilePermissions.fromString("rwxr-xr-x"));
        ProgramResult result = run("deploy.sh");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.error()).contains("elsewhere", "--image");
        assertThat(calls()).noneMatch(call -> call.contains("apply"));

        assertThat(run("deploy.sh", "--image", "r.example/pgring:1", "--build").exitCode())
                .isZero();
        assertThat(calls()).contains("docker push r.example/pgring:1");
    }

    @Test
    void whatIsNotReadyIsAnError() throws Exception {
        Files.createFile(folder.resolve("never-ready"));
        ProgramResult result = run("deploy.sh", "--image", "i");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.error()).contains("not ready", "kubectl describe");
        assertThat(result.output()).doesNotContain("is ready");
    }

    @Test
    void undeployKeepsTheRowsUnlessToldOtherwise() throws Exception {
        assertThat(run("undeploy.sh", "--context", "c").exitCode()).isZero();
        assertThat(calls()).noneMatch(call -> call.contains("pvc") || call.contains("delete secret"));
        assertThat(calls())
                .contains(
                        "kubectl --context=c delete --ignore-not-found -f -",
                        "kubectl --context=c delete configmap -l app.kubernetes.io/part-of=pgring --ignore-not-found");

        ProgramResult unanswered = run("undeploy.sh", "--data");
        assertThat(unanswered.exitCode()).isEqualTo(1);
        assertThat(calls()).noneMatch(call -> call.contains("pvc"));

        assertThat(run("undeploy.sh", "--data", "--yes").exitCode()).isZero();
        assertThat(calls())
                .contains(
                        "kubectl delete pvc -l app.kubernetes.io/name=postgres-shard --ignore-not-found",
                        "kubectl delete secret pgring --ignore-not-found");
    }

    @Test
    void theDemoAddsAShardUnderLoadAndShowsWhatMoved() throws Exception {
        answer("replicas", "3");
        ProgramResult result = run("demo-scaling.sh", "--keys", "3000", "--seconds", "1");

        assertThat(result.exitCode()).as(result.output() + result.error()).isZero();
        assertThat(result.output())
                .contains(
                        "Before:",
                        "No key was lost: 3000 filled ones before and after, and all 1300 that were written",
                        "750 of the filled keys have moved, 25.0 % (a fair share is 25.0 %), all of them to postgres-shard-3.",
                        "Of 1000 new keys 251 are on postgres-shard-3.",
                        "No request failed");
        List<String> calls = calls();
        int scaled = calls.indexOf("kubectl scale statefulset/postgres-shard --replicas=4");
        int ready = calls.indexOf("kubectl rollout status statefulset/postgres-shard --timeout=600s");
        int added = indexOf(calls, "pgring shard add");
        assertThat(scaled).isPositive().isLessThan(ready);
        assertThat(ready).isLessThan(added);
        assertThat(added).isLessThan(indexOf(calls, "pgring reshard status --watch"));
        assertThat(calls.get(added)).endsWith(" pgring postgres-shard-3 postgres-shard-3.postgres-headless");
        assertThat(calls.get(indexOf(calls, "--prefix fresh_"))).contains("pgring load --port 6432");
    }

    @Test
    void theDemoTakesNoServerAway() throws Exception {
        answer("replicas", "6");
        assertThat(run("demo-scaling.sh").exitCode()).isZero();
        assertThat(calls()).noneMatch(call -> call.contains(" scale "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a filled key is lost                 | 2,999 1,300 1,000 | 750 300 250 | 740 400 250 | 759 300 249 | 750 300 251",
                "a shard has one that nobody sees     | 3,000 1,300 1,000 | 751 300 250 | 740 400 250 | 760 300 249 | 750 300 251",
                "an acknowledged key is lost          | 3,000 1,299 1,000 | 750 300 250 | 740 399 250 | 760 300 249 | 750 300 251",
                "an old shard has got keys            | 3,000 1,300 1,000 | 1,001 300 250 | 500 400 250 | 749 300 249 | 750 300 251",
                "too few have moved                   | 3,000 1,300 1,000 | 850 300 250 | 850 400 250 | 850 300 249 | 450 300 251",
                "too many have moved                  | 3,000 1,300 1,000 | 650 300 250 | 650 400 250 | 650 300 249 | 1,050 300 251",
                "no new key is on the new shard       | 3,000 1,300 1,000 | 750 300 350 | 740 400 350 | 760 300 300 | 750 300 0",
                "a new key is lost                    | 3,000 1,300 999 | 750 300 250 | 740 400 250 | 760 300 249 | 750 300 250"
            })
    void theDemoFailsWhenTheNumbersAreWrong(
            String what, String proxy, String first, String second, String third, String joined) throws Exception {
        answer("replicas", "3");
        answer(
                "counted",
                "proxy " + proxy,
                "postgres-shard-0 " + first,
                "postgres-shard-1 " + second,
                "postgres-shard-2 " + third,
                "postgres-shard-3 " + joined,
                "");
        ProgramResult result = run("demo-scaling.sh");
        assertThat(result.exitCode()).as(what).isEqualTo(1);
        assertThat(result.output()).contains("WRONG: ").doesNotContain("No request failed");
        assertThat(result.error()).contains("not as it must be");
    }

    @Test
    void theDemoFailsWhenARequestDoes() throws Exception {
        answer("replicas", "3");
        Files.createFile(folder.resolve("load-fails"));
        ProgramResult result = run("demo-scaling.sh");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.error()).contains("requests have failed");
    }

    @Test
    void wrongArgumentsAreToldAndHelpIsThere() throws Exception {
        for (String script : List.of("deploy.sh", "undeploy.sh", "demo-scaling.sh")) {
            ProgramResult wrong = run(script, "--nonsense");
            assertThat(wrong.exitCode()).as(script).isEqualTo(2);
            assertThat(wrong.error()).contains("--nonsense", "--help");
            ProgramResult help = run(script, "--help");
            assertThat(help.exitCode()).as(script).isZero();
            assertThat(help.output()).contains("scripts/" + script, "--context");
        }
        assertThat(calls()).isEmpty();
    }

    private static int indexOf(List<String> calls, String part) {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).contains(part)) {
                return i;
            }
        }
        throw new AssertionError(part + " was not called: " + calls);
    }
}
