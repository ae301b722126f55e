#!/usr/bin/env bash
# Removes what deploy.sh has installed. The servers' volumes and their password stay, so that a new deploy.sh finds all rows again, unless
# --data is given.
#
#   scripts/undeploy.sh [--data [--yes]] [--context C] [--namespace N]
#
#   --data             the rows and the password too: asks before, unless --yes is given
#   --context C        kubectl's context, instead of the current one
#   -n, --namespace N  which stays
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=cluster.sh
. "$(dirname "$0")/cluster.sh"

data=false yes=false
while [ $# -gt 0 ]; do
  shared_option "$@"
  if [ "$taken" -gt 0 ]; then
    shift "$taken"
    continue
  fi
  case $1 in
    --data) data=true ;;
    --yes) yes=true ;;
    *) misuse "unknown argument $1" ;;
  esac
  shift
done
need kubectl "Install it: https://kubernetes.io/docs/tasks/tools/"

if $data && ! $yes; then
  printf 'All rows of all shards in %s will be deleted. Type "delete" to go on: ' "${namespace:-the current namespace}" >&2
  read -r answer || answer=''
  [ "$answer" = delete ] || fail "nothing was removed"
fi

# A ServiceMonitor is there only where the Prometheus operator is; whose kind is unknown can't be asked for.
if kube get servicemonitor pgring >/dev/null 2>&1; then
  kube delete servicemonitor pgring
fi
kubectl kustomize "$root/deploy/kubernetes/base" | kube delete --ignore-not-found -f -
# Their names have a hash of what is in them, so there is one more for each configuration there has been.
kube delete configmap -l app.kubernetes.io/part-of=pgring --ignore-not-found
if $data; then
  kube delete pvc -l app.kubernetes.io/name=postgres-shard --ignore-not-found
  kube delete secret pgring --ignore-not-found
fi
