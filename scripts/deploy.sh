#!/usr/bin/env bash
# Installs three PostgreSQL servers and two proxies in the Kubernetes cluster that kubectl reaches, minikube and kind included, and
# waits until they are ready. May be run again: what is there is changed to what is wanted, and keeps its rows, its password and its
# servers: where there are more than three, or volumes of more, there will be as many.
#
#   scripts/deploy.sh [--image NAME [--build]] [--monitored] [--context C] [--namespace N] [--wait SECONDS]
#
#   --image NAME       the proxy's image, in a registry that the cluster reaches. Without it, pgring is built here and loaded
#                      into minikube or kind
#   --build            builds NAME here and pushes it
#   --postgres NAME    the servers' image, instead of postgres:18
#   --monitored        with a ServiceMonitor, for the Prometheus operator
#   --context C        kubectl's context, instead of the current one
#   -n, --namespace N  made when it is missing
#   --wait SECONDS     how long to wait for each part to be ready (default: 600)
#   --dry-run          prints what would be applied; asks the cluster how many servers there are
#
# The password of the user postgres is made at random and kept in the Secret pgring alone.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=cluster.sh
. "$(dirname "$0")/cluster.sh"

image='' postgres='' build=false dry_run=false seconds=600 part=base
while [ $# -gt 0 ]; do
  shared_option "$@"
  if [ "$taken" -gt 0 ]; then
    shift "$taken"
    continue
  fi
  case $1 in
    --image | --postgres | --wait)
      [ $# -ge 2 ] || misuse "$1 needs a value"
      case $1 in
        --image) image=$2 ;;
        --postgres) postgres=$2 ;;
        --wait) seconds=$2 ;;
      esac
      shift
      ;;
    --build) build=true ;;
    --monitored) part=overlays/monitored ;;
    --dry-run) dry_run=true ;;
    *) misuse "unknown argument $1" ;;
  esac
  shift
done
[[ $seconds =~ ^[1-9][0-9]*$ ]] || misuse "--wait must be a number of seconds"
[[ $image$postgres =~ ^[A-Za-z0-9./:@_-]*$ ]] || misuse "an image's name has letters, digits and ./:@_- only"
! $build || [ -n "$image" ] || misuse "--build needs --image"
need kubectl "Install it: https://kubernetes.io/docs/tasks/tools/"

# How many servers there must be: never fewer than there are, since each may have rows. After undeploy.sh their volumes tell.
count_servers() {
  local now claims claim
  servers=3
  now=$(kube get statefulset postgres-shard --ignore-not-found -o 'jsonpath={.spec.replicas}') ||
    fail "can't ask the cluster how many servers there are" "kubectl kustomize deploy/kubernetes shows the manifests without a cluster."
  [[ $now =~ ^[0-9]*$ ]] || fail "the StatefulSet postgres-shard has \"$now\" replicas"
  if [ -n "$now" ]; then
    [ "$now" -le "$servers" ] || servers=$now
    return
  fi
  claims=$(kube get persistentvolumeclaim -o name) || fail "can't ask the cluster for the volumes of an earlier installation"
  for claim in $claims; do
    if [[ $claim =~ ^persistentvolumeclaim/data-postgres-shard-(0|[1-9][0-9]{0,3})$ ]] && [ "${BASH_REMATCH[1]}" -ge "$servers" ]; then
      servers=$((BASH_REMATCH[1] + 1))
    fi
  done
}

# The manifests, with the images and the number of servers that are wanted.
render() {
  kubectl kustomize "$root/deploy/kubernetes/$part" |
    sed -e "s|image: pgring\$|image: ${image:-pgring}|" -e "s|image: postgres:18\$|image: ${postgres:-postgres:18}|" \
      -e "/^kind: StatefulSet\$/,/^---\$/ s|^  replicas: .*|  replicas: $servers|"
}

if $dry_run; then
  count_servers
  render
  exit 0
fi

build_image() { # name
  need docker "Install it, or name an image that is in a registry: --image NAME"
  echo "Building $1 ..."
  docker build --tag "$1" --file "$root/deploy/Dockerfile" "$root"
}

if [ -z "$image" ]; then
  current=${context:-$(kubectl config current-context)} || fail "kubectl has no current context" "Name one with --context."
  # A name of its own for each build: nodes would keep the older image of the same name.
  image=pgring:$(date -u +%Y%m%d-%H%M%S)
  case $current in
    kind-*)
      need kind "It made the cluster $current."
      build_image "$image"
      kind load docker-image --name "${current#kind-}" "$image"
      ;;
    *)
      if [ "$current" = minikube ] || { command -v minikube >/dev/null && minikube -p "$current" status >/dev/null 2>&1; }; then
        need minikube "It made the cluster $current."
        build_image "$image"
        minikube -p "$current" image load "$image"
      else
        fail "the nodes of $current can't be given an image from here" \
          "Name one in a registry that they reach: --image registry.example.com/pgring:1 --build"
      fi
      ;;
  esac
elif $build; then
  build_image "$image"
  docker push "$image"
fi

if [ -n "$namespace" ] && ! kube get namespace "$namespace" >/dev/null 2>&1; then
  kube create namespace "$namespace"
fi
if ! kube get secret pgring >/dev/null 2>&1; then
  # Over a pipe: it is in no file and in no list of processes.
  head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' |
    kube create secret generic pgring --from-file=password=/dev/stdin
fi

count_servers
[ "$servers" -eq 3 ] || echo "There are $servers servers, and they stay."
render | kube apply -f -
echo "Waiting for the servers and proxies ..."
kube rollout status statefulset/postgres-shard --timeout="${seconds}s" ||
  fail "the servers are not ready" "kubectl describe pods -l app.kubernetes.io/name=postgres-shard"
kube rollout status deployment/pgring --timeout="${seconds}s" ||
  fail "the proxies are not ready" "kubectl logs deployment/pgring"

options="${context:+ --context $context}${namespace:+ -n $namespace}"
cat <<END

PgRing is ready. From this machine:

  kubectl$options port-forward service/pgring 6432:5432 8080:80
  export PGPASSWORD=\$(kubectl$options get secret pgring -o 'jsonpath={.data.password}' | base64 -d)
  psql -h 127.0.0.1 -p 6432 -U postgres
  curl -u "postgres:\$PGPASSWORD" http://127.0.0.1:8080/write -d '{"key":"user_1","value":"Alice"}'

Within the cluster: host pgring, port 5432; HTTP on port 80.
END
