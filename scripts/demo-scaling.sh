#!/usr/bin/env bash
# Adds a shard to what deploy.sh has installed, or to a demo on this machine, while clients write and read, and shows what that does. Fails
# unless no request failed, no key was lost, about the new shard's share of the keys moved, all of them to it, and new keys come to it.
#
#   scripts/demo-scaling.sh [--keys N] [--clients N] [--seconds S] [--context C] [--namespace N] [--wait SECONDS]
#   scripts/demo-scaling.sh --local [--data FOLDER] [--keys N] [--clients N] [--seconds S]
#
#   --local            the demo that runs on this machine (scripts/pgring demo) gets one more server
#   --data FOLDER      where that demo keeps its data (default: .pgring)
#   --keys N           how many keys are filled in first (default: 100000)
#   --clients N        connections that write and read meanwhile (default: 8)
#   --seconds S        how long they do; the move should be over by then (default: 60, with --local 30)
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

# What follows speaks of pgring's commands, and of a server that is started and then joins: here, or in the cluster.
if $local; then
  : "${load_seconds:=30}"
  readonly config=$data/pgring.yaml
  if [ ! -S "$data/demo.sock" ] || [ ! -r "$config" ]; then
    fail "no demo runs in $data" "Start one in another terminal: scripts/pgring demo"
  fi
  listens() { sed -n "s/^  $1: .*:\([0-9]*\)\$/\1/p" "$config"; }
  sql_port=$(listens postgresql)
  readonly sql_port

  pgring() { # command...
    PGRING_CONFIG=$config "$root/scripts/pgring" "$@"
  }
  load() { # arguments of pgring load
    pgring load --port "$sql_port" "$@"
  }
  count() { # prefixes
    pgring count --port "$sql_port" "$@"
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

  # In a proxy's container, beside the proxy. The script sees the password as PGPASSWORD; this machine does not.
  in_proxy() { # bash script, its arguments...
    local prepare='PGPASSWORD=$(cat /etc/pgring/secret/password) && export PGPASSWORD PGRING_JAVA_OPTS="-Xmx128m -XX:MaxDirectMemorySize=32m" && '
    kube exec deployment/pgring -c pgring -- bash -c "$prepare$1" pgring "${@:2}"
  }
  pgring() { # command...
    in_proxy 'exec pgring "$@"' "$@"
  }
  load() { # arguments of pgring load
    pgring load --port 6432 "$@"
  }
  count() { # prefixes
    pgring count --port 6432 "$@"
  }
  # The first that is no shard yet. It may run already: never fewer than there are, since each may have rows.
  start_server() {
    local number=0 now
    while grep -q "^postgres-shard-$number " <<<"$before"; do number=$((number + 1)); done
    new=postgres-shard-$number
    now=$(kube get statefulset postgres-shard -o 'jsonpath={.spec.replicas}')
    if [ "$now" -le "$number" ]; then
      kube scale statefulset/postgres-shard --replicas=$((number + 1))
    fi
    kube rollout status statefulset/postgres-shard --timeout="${seconds}s" || fail "$new is not ready"
  }
  join() {
    in_proxy 'pgring shard add "$1" "postgresql://postgres@$2:5432/postgres"' "$new" "$new.postgres-headless"
  }
fi

# Names and numbers, from what pgring count prints: its first line has the prefixes, its second what the proxy sees.
numbers() {
  tail -n +2 | tr -d ,
}

show() { # title, lines of numbers
  printf '\n%s\n' "$1"
  awk 'NR == 1 { next }
    { name[NR] = $1; keys[NR] = $2; all += $2 }
    END { for (i = 2; i <= NR; i++) {
      bar = ""
      for (n = 0; n < (all ? keys[i] * 40 / all : 0); n++) bar = bar "#"
      printf "  %-18s %9d  %5.1f %%  %s\n", name[i], keys[i], all ? keys[i] * 100 / all : 0, bar } }' <<<"$2"
}

# Compares the numbers of filled keys before with those of filled, later and fresh keys after. Prints what is right, or what is wrong.
compare() { # before, after, new shard, acknowledged later keys, fresh keys
  awk -v new="$3" -v acknowledged="$4" -v fresh="$5" '
    function wrong(what) { bad++; print "WRONG: " what }
    function expect(number, wanted, what) { if (number != wanted) wrong(what ": " number " instead of " wanted) }
    FNR == NR && FNR == 1 { filled = $2; next }
    FNR == NR { before[$1] = $2; sum += $2; next }
    FNR == 1 { seen = $2; seenLater = $3; seenFresh = $4; next }
    { after[$1] = $2; shards++; stored += $2; later += $3; all += $4; if ($1 == new) newFresh = $4 }
    END {
      expect(sum, filled, "filled keys on all shards before")
      expect(seen, filled, "filled keys that the proxy sees after")
      expect(stored, filled, "filled keys on all shards after")
      expect(seenLater, acknowledged, "acknowledged keys that the proxy sees")
      expect(later, acknowledged, "acknowledged keys on all shards")
      expect(seenFresh, fresh, "new keys that the proxy sees")
      expect(all, fresh, "new keys on all shards")
      if (!(new in after)) wrong(new " is no shard")
      if (new in before) wrong(new " was a shard before")
      for (shard in before) {
        if (after[shard] > before[shard]) wrong(shard " has got keys from another shard")
        left += before[shard] - after[shard]
      }
      expect(after[new], left, "filled keys on " new)
      # A fifth for how evenly the ring is cut, and four standard deviations for so many keys.
      fair = 1 / shards; share = filled ? left / filled : 0
      off = share > fair ? share - fair : fair - share
      if (off > fair / 5 + 4 * sqrt(fair * (1 - fair) / (filled ? filled : 1))) wrong(share * 100 " % of the keys have moved")
      if (newFresh < 1) wrong("no new key is on " new)
      if (bad) exit 1
      printf "No key was lost: %d filled ones before and after, and all %d that were written and acknowledged meanwhile.\n", filled, acknowledged
      printf "%d of the filled keys have moved, %.1f %% (a fair share is %.1f %%), all of them to %s.\n", left, share * 100, fair * 100, new
      printf "Of %d new keys %d are on %s.\n", fresh, newFresh, new
    }' <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}

stamp=$(date +%s)
readonly filled=user_ later=later_${stamp}_ fresh=fresh_${stamp}_ fresh_keys=1000

echo "Filling in $keys keys ..."
load --prefix "$filled" --keys "$keys" --clients 16
before=$(count "$filled" | numbers)
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
load --prefix "$later" --keys "$keys" --clients "$clients" --read-ratio 0.5 --seconds "$load_seconds" >"$log" 2>&1 &
loader=$!
join
pgring reshard status --watch
kill -0 "$loader" 2>/dev/null || echo "The clients were done before: --seconds gives them more time."

failed=false
wait "$loader" || failed=true
loader=''
printf '\nWhat the clients saw:\n'
sed 's/^/  /' "$log"
! $failed || fail "requests have failed, or a value was wrong: see above"
# Each key is written once at first.
acknowledged=$(awk '$1 == "write" { gsub(",", "", $2); print $2 }' "$log")

printf '\n%d new keys ...\n' "$fresh_keys"
load --prefix "$fresh" --keys "$fresh_keys" --clients 4
counted=$(count "$filled" "$later" "$fresh")
after=$(numbers <<<"$counted")
show "After, the filled keys:" "$after"
printf '\nAll keys:\n%s\n\n' "$counted"
compare "$before" "$after" "$new" "${acknowledged:-0}" "$fresh_keys" || fail "it is not as it must be: see above" "pgring reshard status, pgring verify"
pgring verify
echo "No request failed, and every key is where it belongs."
