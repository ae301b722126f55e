# shellcheck shell=bash disable=SC2154,SC2034 # names that compare.sh or move.sh sets and reads
# Sourced by compare.sh and move.sh: finds, starts and stops what is compared, all of it in one temporary folder and on free ports of
# 127.0.0.1.
#
#   server 0        holds all rows: direct, pgbouncer, pgring
#   servers 1 to 3  share them as the ring says: pgring-3

readonly pool_size=4
readonly role=postgres
readonly database=postgres

work=$(mktemp -d "${TMPDIR:-/tmp}/pgring-bench.XXXXXX")
chmod 711 "$work"
mkdir "$work/servers"
declare -gA target_port=() target_pid=()
server_ports=() servers_started=() pids=()
ports_taken='' failed_log=''

# --- what is needed -----------------------------------------------------------------------------------------------------

find_postgresql() {
  local folder
  pg_bin=${PG_BIN:-}
  if [ -z "$pg_bin" ]; then
    for folder in /usr/lib/postgresql/*/bin; do
      [ -x "$folder/initdb" ] && printf '%s\n' "$folder"
    done | sort -V >"$work/postgresql" || true
    pg_bin=$(tail -n 1 "$work/postgresql")
  fi
  if [ -z "$pg_bin" ] && folder=$(command -v initdb); then
    pg_bin=$(dirname "$folder")
  fi
  local program
  for program in initdb pg_ctl postgres psql pgbench; do
    if [ -z "$pg_bin" ] || [ ! -x "$pg_bin/$program" ]; then
      fail "$program of PostgreSQL is missing" "Install PostgreSQL's server (such as: apt install postgresql), or set PG_BIN."
    fi
  done
}

# PostgreSQL and PgBouncer refuse to run as root: then they run as the system's user for PostgreSQL.
choose_server_user() {
  as_server=()
  [ "$(id -u)" -eq 0 ] || return 0
  local user
  for user in postgres nobody; do
    if id "$user" >/dev/null 2>&1; then
      command -v setpriv >/dev/null || fail "setpriv is missing" "Install util-linux, or run this as another user than root."
      as_server=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups --)
      chown "$user" "$work/servers"
      return
    fi
  done
  fail "PostgreSQL does not run as root" "Run this as another user."
}

find_pgbouncer() {
  pgbouncer='' pgbouncer_version='' pgbouncer_prepares=false
  wants pgbouncer || return 0
  if ! pgbouncer=$(command -v pgbouncer || PATH=$PATH:/usr/sbin:/usr/local/sbin command -v pgbouncer); then
    say 'PgBouncer is not installed: the comparison does without'
    local kept=() target
    for target in "${targets[@]}"; do
      [ "$target" = pgbouncer ] || kept+=("$target")
    done
    [ "${#kept[@]}" -gt 0 ] || fail "there is nothing to measure"
    targets=("${kept[@]}")
    return
  fi
  pgbouncer_version=$("$pgbouncer" --version | sed -n 's/^PgBouncer \([0-9.]*\).*/\1/p')
  # Prepared statements in transaction mode came with 1.21.
  if printf '%s\n' 1.21.0 "$pgbouncer_version" | sort -V -C; then
    pgbouncer_prepares=true
  fi
}

# --- start and stop -----------------------------------------------------------------------------------------------------

stop_everything() {
  local status=$? pid index tries
  trap - EXIT
  trap '' INT TERM HUP
  for pid in ${pids[@]+"${pids[@]}"}; do
    kill "$pid" 2>/dev/null || true
  done
  for pid in ${pids[@]+"${pids[@]}"}; do
    for ((tries = 0; tries < 200; tries++)); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
  done
  for index in ${servers_started[@]+"${servers_started[@]}"}; do
    postgresql_ctl "$index" stop -m immediate >/dev/null 2>&1 || true
  done
  if [ "$status" -ne 0 ] && [ "$status" -lt 128 ] && [ -n "$failed_log" ] && [ -s "$failed_log" ]; then
    say "--- the end of $(basename "$failed_log"):"
    tail -n 15 "$failed_log" >&2
  fi
  rm -rf "$work"
  exit "$status"
}

free_port() { # sets port
  while true; do
    port=$((20000 + RANDOM % 12000))
    [[ " $ports_taken " != *" $port "* ]] || continue
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      ports_taken+=" $port"
      return
    fi
  done
}

postgresql_ctl() { # index, arguments of pg_ctl
  local index=$1
  shift
  (cd "$work/servers" && ${as_server[@]+"${as_server[@]}"} "$pg_bin/pg_ctl" -D "$work/servers/$index" -s -w "$@")
}

start_postgresql() { # index
  local index=$1
  failed_log=$work/servers/$index.log
  free_port
  server_ports[index]=$port
  : >"$failed_log"
  chmod 666 "$failed_log"
  (cd "$work/servers" && ${as_server[@]+"${as_server[@]}"} "$pg_bin/initdb" -D "$work/servers/$index" -U "$role" -A trust \
    -E UTF8 --no-locale --no-sync) >"$failed_log" 2>&1 || fail "initdb failed"
  servers_started+=("$index")
  postgresql_ctl "$index" start -l "$failed_log" -o "-p $port -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories='$work/servers' -c fsync=off -c max_connections=600 -c max_prepared_transactions=100 -c autovacuum=off" \
    >/dev/null || fail "PostgreSQL did not start"
  sql "$port" -c 'create table kv (key text primary key, value text)'
}

sql() { # port, arguments of psql
  local at=$1
  shift
  "$pg_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$at" -U "$role" -d "$database" "$@"
}

# Where the poolers find the servers.
server_host() {
  if $unix; then
    printf '%s' "$work/servers"
  else
    printf 127.0.0.1
  fi
}

await_answer() { # name, port, pid
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    kill -0 "$3" 2>/dev/null || fail "$1 did not start"
    if [ "$(sql "$2" -c "select value from kv where key = '123'" 2>/dev/null)" = value-123 ]; then
      return
    fi
    sleep 0.1
  done
  fail "$1 does not answer, or not rightly"
}

start_pgbouncer() {
  local folder=$work/servers/pgbouncer
  free_port
  mkdir "$folder"
  failed_log=$work/servers/pgbouncer.log
  printf '"%s" ""\n' "$role" >"$folder/users.txt"
  cat >"$folder/pgbouncer.ini" <<END
[databases]
$database = host=$(server_host) port=${server_ports[0]} dbname=$database
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = trust
auth_file = $folder/users.txt
pool_mode = transaction
default_pool_size = $pool_size
max_client_conn = 1000
log_connections = 0
log_disconnections = 0
log_stats = 0
END
  if $pgbouncer_prepares; then
    printf 'max_prepared_statements = 200\n' >>"$folder/pgbouncer.ini"
  fi
  ${as_server[@]+"${as_server[@]}"} "$pgbouncer" "$folder/pgbouncer.ini" >"$failed_log" 2>&1 &
  pids+=($!)
  target_port[pgbouncer]=$port target_pid[pgbouncer]=$!
  await_answer PgBouncer "$port" "$!"
}

write_configuration() { # target, first server, number of shards
  local shard http
  free_port
  http=$port
  free_port
  target_port[$1]=$port
  {
    printf 'listen:\n  postgresql: 127.0.0.1:%s\n  http: 127.0.0.1:%s\n' "$port" "$http"
    printf 'shards:\n'
    for ((shard = 0; shard < $3; shard++)); do
      printf '  - name: shard-%s\n    host: %s\n    port: %s\n    tls: disable\n' \
        "$shard" "$(server_host)" "${server_ports[$2 + shard]}"
    done
    printf 'tables:\n  - name: public.kv\n    keyColumn: key\n'
    printf 'pool:\n  connectionsPerShardMax: %s\nthreads: %s\n' "$pool_size" "$threads"
  } >"$work/$1.yaml"
}

start_pgring() { # target
  failed_log=$work/$1.log
  # The launcher becomes the Java program: its process id is the proxy's.
  "$root/scripts/pgring" serve --config "$work/$1.yaml" >"$failed_log" 2>&1 &
  pids+=($!)
  target_pid[$1]=$!
  await_answer "$1" "${target_port[$1]}" "$!"
}

load_one() {
  sql "${server_ports[0]}" -c "insert into kv select i, 'value-' || i from generate_series(1, $rows) i" \
    -c 'vacuum analyze kv' -c checkpoint
}

# Each row to the shard that the ring chooses.
load_three() {
  local shard
  failed_log=$work/ring.log
  seq 1 "$rows" | xargs -n 25000 "$root/scripts/pgring" ring --config "$work/pgring-3.yaml" 2>"$failed_log" |
    awk -v folder="$work" '$2 == "token" { printf "%s\tvalue-%s\n", $1, $1 > (folder "/rows-" $4) }'
  for ((shard = 1; shard <= 3; shard++)); do
    sql "${server_ports[shard]}" -c "\\copy kv from '$work/rows-shard-$((shard - 1))'" -c 'vacuum analyze kv' -c checkpoint
  done
}

start_everything() {
  local index
  say 'Building ...'
  "$root/scripts/pgring" --version >/dev/null
  say 'Starting the servers ...'
  # One server that holds everything, and three that share it.
  start_postgresql 0
  load_one
  target_port[direct]=${server_ports[0]} target_pid[direct]=''
  if wants pgbouncer; then
    start_pgbouncer
  fi
  if wants pgring; then
    write_configuration pgring 0 1
    start_pgring pgring
  fi
  if wants pgring-3; then
    for index in 1 2 3; do
      start_postgresql "$index"
    done
    write_configuration pgring-3 1 3
    load_three
    start_pgring pgring-3
  fi
  failed_log=''
}
