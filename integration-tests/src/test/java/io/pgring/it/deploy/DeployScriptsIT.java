package io.pgring.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

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
              *' kustomize '*) printf 'image: pgring\\nimage: postgres:18\\n' ;;
              *' get secret '*) [ -e "$FAKE/secret" ] ;;
              *' create secret '*) cat >"$FAKE/secret" ;;
              *' get namespace '*) exit 1 ;;
              *' get servicemonitor '*) exit 1 ;;
              *' apply '*) cat >"$FAKE/applied" ;;
              *' delete '*' -f '*) cat >"$FAKE/deleted" ;;
              *' rollout status '*) [ ! -e "$FAKE/never-ready" ] ;;
              *'pgring shard add'*) touch "$FAKE/added" ;;
              *'pgring load'*) echo 'errors 0'; [ ! -e "$FAKE/load-fails" ] ;;
              *'/dev/tcp/'*)
                printf 'HTTP/1.1 200 OK\\r\\n\\r\\n{"shards":['
                row() { printf '{"name":"postgres-shard-%s","host":"h","tables":[{"name":"public.kv","rows":%s,"exact":true}]}' "$1" "$2"; }
                if [ -e "$FAKE/added" ]; then
                  row 0 75; printf ,; row 1 75; printf ,; row 2 75; printf ,; row 3 75
                else
                  row 0 100; printf ,; row 1 100; printf ,; row 2 100
                fi
                printf ']}' ;;
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
                        "kubectl --namespace=shop apply -f -",
                        "kubectl --namespace=shop rollout status statefulset/postgres-shard --timeout=30s",
                        "kubectl --namespace=shop rollout status deployment/pgring --timeout=30s");
        assertThat(Files.readString(folder.resolve("applied")))
                .isEqualTo("image: registry.example/pgring:7\nimage: postgres:18\n");
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
        assertThat(Files.readString(folder.resolve("applied"))).doesNotContain("image: pgring\n");
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
        assertThat(calls()).contains("kubectl --context=c delete --ignore-not-found -f -");

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
    void theDemoAddsAShardUnderLoadAndShowsBothDistributions() throws Exception {
        ProgramResult result = run("demo-scaling.sh", "--keys", "300", "--seconds", "1");

        assertThat(result.exitCode()).as(result.output() + result.error()).isZero();
        assertThat(result.output())
                .contains("Before:", "After:", "postgres-shard-3 has 75 of 300 keys: 25.0 %", "No request failed");
        List<String> calls = calls();
        int scaled = calls.indexOf("kubectl scale statefulset/postgres-shard --replicas=4");
        int ready = calls.indexOf("kubectl rollout status statefulset/postgres-shard --timeout=600s");
        int added = indexOf(calls, "pgring shard add");
        assertThat(scaled).isPositive().isLessThan(ready);
        assertThat(ready).isLessThan(added);
        assertThat(added).isLessThan(indexOf(calls, "pgring reshard status --watch"));
        assertThat(calls.get(added)).endsWith(" pgring postgres-shard-3 postgres-shard-3.postgres-headless");
    }

    @Test
    void theDemoFailsWhenARequestDoes() throws Exception {
        Files.createFile(folder.resolve("added"));
        ProgramResult twice = run("demo-scaling.sh");
        assertThat(twice.exitCode()).isEqualTo(1);
        assertThat(twice.error()).contains("on the ring already");

        Files.delete(folder.resolve("added"));
        Files.createFile(folder.resolve("load-fails"));
        assertThat(run("demo-scaling.sh").exitCode()).isNotZero();
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
