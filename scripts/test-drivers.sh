#!/usr/bin/env bash
# Runs programs that use real drivers of other languages against PgRing: three PostgreSQL servers and a proxy in front of them, on free
# ports and in a temporary folder. The drivers are installed into that folder too, by npm, pip and go; nothing stays behind.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: scripts/test-drivers.sh [--plain] [--keep] [DRIVER ...]

Runs the driver programs of scripts/drivers against PgRing, and prints which features of each driver work.

A check whose statement PgRing refuses (0A000) is shown as refused, and does not count as failed.

  --plain   against one plain PostgreSQL instead: what a driver does there is what PgRing is held to
  --keep    leave the temporary folder, with all logs
  --help    this text

Drivers, all unless named: node-postgres postgres-js psycopg psycopg2 asyncpg pgx lib-pq

It needs psql, a JDK and Maven (to build PgRing on first use), and for the drivers node with npm, python3 with venv, and go.
Exit code: 0 when no check has failed, 1 when one has or a driver could not be run, 2 for a wrong command line.
TEXT
}

readonly all_drivers=(node-postgres postgres-js psycopg psycopg2 asyncpg pgx lib-pq)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root programs=$root/scripts/drivers

plain=false keep=false drivers=()
for argument in "$@"; do
  case $argument in
    --plain) plain=true ;;
    --keep) keep=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      if [[ " ${all_drivers[*]} " != *" $argument "* ]]; then
        printf 'test-drivers: unknown: %s\n' "$argument" >&2
        usage >&2
        exit 2
      fi
      drivers+=("$argument")
      ;;
  esac
done
((${#drivers[@]})) || drivers=("${all_drivers[@]}")

need() { # program, what for
  command -v "$1" >/dev/null || {
    printf 'test-drivers: %s is missing, which is needed for %s\n' "$1" "$2" >&2
    exit 1
  }
}

folder=$(mktemp -d)
servers_pid=''
# shellcheck disable=SC2317  # it is called by the trap
clean_up() {
  "$programs/proxy.sh" stop "$folder" || true
  if [ -n "$servers_pid" ]; then
    kill -TERM "$servers_pid" 2>/dev/null || true
    wait "$servers_pid" 2>/dev/null || true
  fi
  if [ "$keep" = true ]; then
    printf 'Kept: %s\n' "$folder"
  else
    chmod -R u+w "$folder"
    rm -rf "$folder"
  fi
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# ---- servers and proxy ----------------------------------------------------------------------------------------------

# Three servers; the proxy that comes with them is not the one under test, which is to be stopped and started.
start_servers() {
  "$root/scripts/pgring" demo --port 0 --http-port 0 --data "$folder/shards" </dev/null >"$folder/servers.out" 2>&1 &
  servers_pid=$!
  until grep -q 'PgRing is ready' "$folder/servers.out"; do
    kill -0 "$servers_pid" 2>/dev/null || {
      cat "$folder/servers.out" >&2
      exit 1
    }
    sleep 0.2
  done
}

make_tables() { # port, database
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 -h 127.0.0.1 -p "$1" -U postgres -d "$2" \
    -c 'SET client_min_messages = warning' -f "$programs/tables.sql"
}

# The first server has more in it than the others, so that the types of the tables have other numbers there.
prepare_servers() {
  local ports port
  ports=$(sed -n 's/^  - {name: shard-.*port: \([0-9]*\),.*/\1/p' "$folder/shards/pgring.yaml")
  home_port=$(head -n 1 <<<"$ports")
  if [ "$plain" = true ]; then
    psql --quiet --no-psqlrc -h 127.0.0.1 -p "$home_port" -U postgres -c 'CREATE DATABASE plain'
    make_tables "$home_port" plain
    return
  fi
  for port in $ports; do
    make_tables "$port" postgres
  done
}

configure() { # port of the proxy
  printf 'listen:\n  postgresql: 127.0.0.1:%s\n  http: 127.0.0.1:0\n' "$1"
  sed -n '/^shards:/,/^tables:/p' "$folder/shards/pgring.yaml"
  printf '  - {name: kv, keyColumn: key}\n  - {name: typed, keyColumn: id}\n  - {name: devices, keyColumn: id}\n'
  printf '  - {name: countries, reference: true}\n'
}

# At its first start the proxy chooses a port, which it then keeps.
start_proxy() {
  local port
  configure 0 >"$folder/pgring.yaml"
  "$programs/proxy.sh" start "$folder"
  port=$(sed -n 's/^psql .* -p \([0-9]*\) .*/\1/p' "$folder/proxy.out")
  configure "$port" >"$folder/pgring.yaml"
  export PGPORT=$port PGDATABASE=postgres
  export PGRING_RESTART="'$programs/proxy.sh' restart '$folder'"
}

# ---- drivers --------------------------------------------------------------------------------------------------------

install_node() {
  [ ! -d "$folder/node" ] || return 0
  cp -R "$programs/node" "$folder/node"
  (cd "$folder/node" && npm install --no-package-lock --no-audit --no-fund --loglevel=error)
}

install_python() {
  [ ! -d "$folder/python" ] || return 0
  python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check -r "$programs/python/requirements.txt"
}

run_node() { # program
  need node "this driver" && need npm "this driver"
  install_node
  (cd "$folder/node" && NODE_OPTIONS=--no-deprecation node "$1.mjs")
}

run_python() { # program
  need python3 "this driver"
  install_python
  PYTHONDONTWRITEBYTECODE=1 "$folder/python/bin/python" "$programs/python/$1_test.py"
}

run_go() { # package
  need go "this driver"
  (cd "$programs/go" && go build -o "$folder/go-$1" "./$1")
  "$folder/go-$1"
}

run_driver() { # driver
  case $1 in
    node-postgres | postgres-js) run_node "$1" ;;
    psycopg | psycopg2 | asyncpg) run_python "$1" ;;
    pgx) run_go pgx ;;
    lib-pq) run_go libpq ;;
  esac
}

# One row for each driver, one column for each feature: how many checks went well, or what did not.
table() {
  awk '
    /^driver / { driver = $2 " " $3; names[++n] = driver; next }
    /^run / { driver = $2; names[++n] = driver; notrun[driver] = 1; next }
    match($0, /^(ok|FAIL|refused|skip) [a-z-]+:/) {
      feature = $2
      sub(/:$/, "", feature)
      if (!(feature in seen)) { seen[feature] = 1; features[++f] = feature }
      count[driver, feature, $1]++
      total[$1]++
    }
    function cell(driver, feature) {
      if (count[driver, feature, "FAIL"]) return "FAIL"
      if (count[driver, feature, "refused"]) return "refused"
      if (count[driver, feature, "ok"]) return "ok " count[driver, feature, "ok"]
      return count[driver, feature, "skip"] ? "skip" : "-"
    }
    END {
      printf "\n%-22s", "driver"
      for (j = 1; j <= f; j++) printf " %-11s", features[j]
      printf "\n"
      for (i = 1; i <= n; i++) {
        printf "%-22s", names[i]
        if (names[i] in notrun) { printf " not run\n"; continue }
        for (j = 1; j <= f; j++) printf " %-11s", cell(names[i], features[j])
        printf "\n"
      }
      printf "\n%d passed, %d failed, %d refused, %d skipped\n", total["ok"], total["FAIL"], total["refused"], total["skip"]
    }' "$folder/results"
}

need psql "the tables"
printf 'Starting PostgreSQL servers ...\n'
start_servers
prepare_servers
export PGHOST=127.0.0.1 PGUSER=postgres
if [ "$plain" = true ]; then
  export PGPORT=$home_port PGDATABASE=plain
  unset PGRING_RESTART
else
  start_proxy
fi

failed=0
: >"$folder/results"
for driver in "${drivers[@]}"; do
  printf '\n'
  lines=$folder/$driver.lines
  (run_driver "$driver") 2>&1 | tee "$lines" || failed=1
  grep -q '^driver ' "$lines" || printf 'run %s\n' "$driver" >>"$lines"
  cat "$lines" >>"$folder/results"
done
table
exit "$failed"
