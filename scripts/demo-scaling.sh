#!/usr/bin/env bash
# Adds a shard to what deploy.sh has installed, or to a demo on this machine, while clients write and read, and shows what that does: how the
# keys lie before and after, what moved, and that no request failed.
#
#   scripts/demo-scaling.sh [--keys N] [--clients N] [--seconds S] [--context C] [--namespace N] [--wait SECONDS]
#   scripts/demo-scaling.sh --local [--data FOLDER] [--keys N] [--clients N] [--seconds S]
#
#   --local            the demo that runs on this machine (scripts/pgring demo) gets one more server
#   --data FOLDER      where that demo keeps its data (default: .pgring)
#   --keys N           how many keys are filled in first (default: 100000)
#   --clients N        connections that write and read meanwhile (default: 8)
#   --seconds S        how long they do; the move should be over by then (default: 60, with --local 40)
#   --context C        kubectl's context, instead of the current one
#   -n, --namespace N  where PgRing is
#   --wait SECONDS     how long to wait for the new server to be ready (default: 600)

# shellcheck disable=SC2016 # what is in single quotes is for the shell in the container
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=cluster.sh
. "$(dirname "$0")/cluster.sh"

keys=100000 clients=8 load_seconds='' seconds=600 local=false data=.pgring
while [ $# -gt 0 ]; do
  shared_option "$@"
  if [ "$taken" -gt 0 ]; then
    shift "$taken"
    continue
  fi
  case $1 in
    --local) local=true ;;
    --data)
      [ -n "${2:-}" ] || misuse "--data needs a folder"
      data=$2
      shift
      ;;
    --keys | --clients | --seconds | --wait)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || misuse "$1 needs a number"
      case $1 in
        --keys) keys=$2 ;;
        --clients) clients=$2 ;;
        --seconds) load_seconds=$2 ;;
        --wait) seconds=$2 ;;
      esac
      shift
      ;;
    *) misuse "unknown argument $1" ;;
  esac
  shift
done

# Rows of kv on each shard, from the answer of /stats: lines "shard rows".
rows_of() {
  tr -d '\r\n' | sed 's/{"name":"\([^"]*\)","host":/\n\1 &/g' |
    sed -n 's/^\([^ ]*\) .*"name":"public\.kv","rows":\([0-9]*\).*/\1 \2/p'
}

# What follows speaks of pgring's commands, of stats, and of a server that is started and then joins: here, or in the cluster.
if $local; then
  : "${load_seconds:=40}"
  readonly config=$data/pgring.yaml
  if [ ! -S "$data/demo.sock" ] || [ ! -r "$config" ]; then
    fail "no demo runs in $data" "Start one in another terminal: scripts/pgring demo"
  fi
  listens() { sed -n "s/^  $1: .*:\([0-9]*\)\$/\1/p" "$config"; }
  sql_port=$(listens postgresql) http_port=$(listens http)
  readonly sql_port http_port

  pgring() { # command...
    PGRING_CONFIG=$config "$root/scripts/pgring" "$@"
  }
  stats() {
    exec 3<>"/dev/tcp/127.0.0.1/$http_port"
    printf 'GET /stats HTTP/1.0\r\n\r\n' >&3
    cat <&3
    exec 3>&-
  }
  load() { # arguments of pgring load
    pgring load --port "$sql_port" --http "127.0.0.1:$http_port" "$@"
  }
  start_server() {
    local started
    started=$(pgring demo add-server --data "$data")
    read -r new url <<<"$started"
    echo "$new runs at $url"
  }
  join() {
    pgring shard add "$new" "$url"
  }
else
  : "${load_seconds:=60}"
  need kubectl "Install it: https://kubernetes.io/docs/tasks/tools/"
  new=postgres-shard-3

  # In a proxy's container, beside the proxy. The script sees the password as PGPASSWORD; this machine does not.
  in_proxy() { # bash script, its arguments...
    local prepare='PGPASSWORD=$(cat /etc/pgring/secret/password) && export PGPASSWORD PGRING_JAVA_OPTS=-Xmx256m && '
    kube exec deployment/pgring -c pgring -- bash -c "$prepare$1" pgring "${@:2}"
  }
  pgring() { # command...
    in_proxy 'exec pgring "$@"' "$@"
  }
  stats() {
    kube exec deployment/pgring -c pgring -- bash -c '
      exec 3<>/dev/tcp/127.0.0.1/8080
      printf "GET /stats HTTP/1.0\r\n\r\n" >&3
      cat <&3'
  }
  load() { # arguments of pgring load
    pgring load --port 6432 "$@"
  }
  start_server() {
    kube scale statefulset/postgres-shard --replicas=4
    kube rollout status statefulset/postgres-shard --timeout="${seconds}s" || fail "$new is not ready"
  }
  join() {
    in_proxy 'pgring shard add "$1" "postgresql://postgres@$2:5432/postgres"' "$new" "$new.postgres-headless"
  }
  if [ -n "$(stats | rows_of | grep "^$new " || true)" ]; then
    fail "$new is on the ring already" "scripts/undeploy.sh --data and scripts/deploy.sh begin anew."
  fi
fi

show() { # title, lines
  printf '\n%s\n' "$1"
  awk '{ name[NR] = $1; rows[NR] = $2; all += $2 }
    END { for (i = 1; i <= NR; i++) {
      bar = ""
      for (n = 0; n < (all ? rows[i] * 40 / all : 0); n++) bar = bar "#"
      printf "  %-18s %9d  %5.1f %%  %s\n", name[i], rows[i], all ? rows[i] * 100 / all : 0, bar } }' <<<"$2"
}

echo "Filling in $keys keys ..."
load --keys "$keys" --clients 16
before=$(stats | rows_of)
[ -n "$before" ] || fail "the proxy does not tell how many rows its shards have"
show "Before:" "$before"

printf '\nOne more server ...\n'
start_server

log=$(mktemp)
loader=''
finish() {
  [ -z "$loader" ] || kill "$loader" 2>/dev/null || true
  rm -f "$log"
}
trap finish EXIT
printf '\nClients write and read; meanwhile %s joins ...\n' "$new"
load --prefix "later_$(date +%s)_" --keys "$keys" --clients "$clients" --read-ratio 0.5 --seconds "$load_seconds" >"$log" 2>&1 &
loader=$!
join
pgring reshard status --watch

failed=false
wait "$loader" || failed=true
loader=''
printf '\nWhat the clients saw:\n'
sed 's/^/  /' "$log"

after=$(stats | rows_of)
show "After:" "$after"
awk -v new="$new" '
  FNR == NR { before += $2; next }
  { all += $2; if ($1 == new) joined = $2 }
  END { printf "\n%s has %d of %d keys: %.1f %%. %d of them all were written meanwhile.\n", new, joined, all, all ? joined * 100 / all : 0, all - before
    exit joined > 0 ? 0 : 1 }' \
  <(printf '%s\n' "$before") <(printf '%s\n' "$after") || fail "no key is on $new" "pgring reshard status, pgring verify"
pgring verify
! $failed || fail "requests have failed, or a value was wrong: see above"
echo "No request failed, and every key is where it belongs."
