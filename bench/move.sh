#!/usr/bin/env bash
# What clients notice when a shard is added: pgbench reads and writes through PgRing before, while and after rows are moved.
# bench/README.md says what is measured and how to read it.
# shellcheck disable=SC2154 # names that servers.sh sets
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/pgring bench move [OPTION]...

Starts four PostgreSQL servers and PgRing on free ports of 127.0.0.1, fills three shards, lets pgbench read and write
single rows by key, adds the fourth shard meanwhile, and tells how fast the rows were moved and what the clients noticed.
Everything runs on this machine and is removed at the end.

  --rows N         in the table; a quarter of them moves (default: 4000000)
  --clients N      of pgbench (default: 16)
  --rate N         transactions in a second that the clients ask for; 0 for as many as they get (default: 0)
  --row-rate N     moves.rowsPerSecondMax of the proxy (default: 0, as many as can be)
  --before N       seconds that the clients work before the shard is added (default: 30)
  --threads N      event loops of PgRing (default: 1)
  --save           write the result to bench/results/ too
  --help           this text

Environment: PG_BIN is the folder of PostgreSQL's programs (default: the newest below /usr/lib/postgresql).
Exit codes: 0 success, 1 a measurement failed, 2 wrong command line.
END
}

parse_options() {
  rows=4000000 clients=16 rate=0 row_rate=0 before=30 threads=1 unix=false save=false targets=(pgring-3)
  local option
  while [ $# -gt 0 ]; do
    option=$1
    case $option in
      --help | -h)
        usage
        exit 0
        ;;
      --save)
        save=true
        shift
        continue
        ;;
      --*=*)
        shift
        set -- "${option%%=*}" "${option#*=}" "$@"
        continue
        ;;
      --rows | --clients | --rate | --row-rate | --before | --threads)
        [ $# -ge 2 ] || wrong_usage "$option needs a value"
        ;;
      *) wrong_usage "there is no option '$option'" ;;
    esac
    case $option in
      --rows) number "$option" "$2" 1000 && rows=$2 ;;
      --clients) number "$option" "$2" 1 && clients=$2 ;;
      --rate) number "$option" "$2" 0 && rate=$2 ;;
      --row-rate) number "$option" "$2" 0 && row_rate=$2 ;;
      --before) number "$option" "$2" 5 && before=$2 ;;
      --threads) number "$option" "$2" 1 && threads=$2 ;;
    esac
    shift 2
  done
}

# --- the servers --------------------------------------------------------------------------------------------------------

pgring() {
  "$root/scripts/pgring" "$@"
}

# Each row to the shard that the ring chooses: the proxy splits it.
fill() {
  local port=${target_port[pgring-3]} index
  say "Filling in $rows rows ..."
  seq 1 "$rows" | awk '{ printf "%d\tvalue-%d %080d\n", $1, $1, 0 }' | sql "$port" -c '\copy kv from stdin'
  for index in 1 2 3; do
    sql "${server_ports[index]}" -c 'vacuum analyze kv' -c checkpoint
  done
}

start_servers() {
  local index
  say 'Building ...'
  pgring --version >/dev/null
  say 'Starting the servers ...'
  for index in 1 2 3 4; do
    start_postgresql "$index"
  done
  sql "${server_ports[1]}" -c "insert into kv values ('123', 'value-123')"
  sql "${server_ports[2]}" -c "insert into kv values ('123', 'value-123')"
  sql "${server_ports[3]}" -c "insert into kv values ('123', 'value-123')"
  write_configuration pgring-3 1 3
  printf 'moves:\n  rowsPerSecondMax: %s\n' "$row_rate" >>"$work/pgring-3.yaml"
  start_pgring pgring-3
  for index in 1 2 3; do
    sql "${server_ports[index]}" -c 'truncate kv'
  done
  fill
  failed_log=''
}

# --- measure ------------------------------------------------------------------------------------------------------------

# One of the clients' transactions in four writes. pgbench logs for each second: begin, transactions, sum and sum of squares of
# their latency, least and longest (microseconds).
start_clients() {
  printf '%s\n' "\\set k random(1, $rows)" 'select value from kv where key = :k;' >"$work/read.sql"
  printf '%s\n' "\\set k random(1, $rows)" "update kv set value = value where key = :k;" >"$work/write.sql"
  mkdir "$work/log"
  local limit=()
  [ "$rate" -eq 0 ] || limit=(-R "$rate")
  "$pg_bin/pgbench" -n -f "$work/read.sql@3" -f "$work/write.sql@1" -M prepared -c "$clients" -j 1 -T 86400 \
    ${limit[@]+"${limit[@]}"} -l --aggregate-interval=1 "--log-prefix=$work/log/second" \
    -h 127.0.0.1 -p "${target_port[pgring-3]}" -U "$role" "$database" >"$work/pgbench.out" 2>"$work/pgbench.err" &
  pgbench_pid=$!
  pids+=("$pgbench_pid")
}

require_clients() {
  kill -0 "$pgbench_pid" 2>/dev/null || fail "a client has failed: $(grep -m 1 -E 'error|ERROR|FATAL' "$work/pgbench.err" || true)"
}

# From one second to another: transactions in a second, mean and longest latency in milliseconds.
seconds() { # from, to
  cat "$work"/log/second* | awk -v from="$1" -v to="$2" '
    $1 >= from && $1 < to { n++; transactions += $2; sum += $3; if ($6 > longest) longest = $6 }
    END { printf "%.0f %.2f %.0f", n ? transactions / n : 0, transactions ? sum / transactions / 1000 : 0, longest / 1000 }'
}

# pgbench writes its log some dozens of seconds at a time.
await_log() { # second
  say 'Waiting for the log of the clients ...'
  until [ "$(cat "$work"/log/second* | tail -n 1 | cut -d ' ' -f 1)" -gt "$1" ]; do
    require_clients
    sleep 1
  done
}

measure_move() {
  say "$clients clients work: warming up for 20 s, then $before s"
  start_clients
  sleep $((20 + before))
  require_clients
  begun=$(date +%s)
  say 'Adding shard-3 ...'
  pgring shard add --config "$work/pgring-3.yaml" shard-3 \
    "postgresql://$role@127.0.0.1:${server_ports[4]}/$database?sslmode=disable" >&2
  pgring reshard status --watch --config "$work/pgring-3.yaml" >&2
  ended=$(date +%s)
  await_log $((ended + 14))
  kill "$pgbench_pid"
  wait "$pgbench_pid" 2>/dev/null || true
  sql "${server_ports[1]}" -F ' ' -c "select sum(rows_copied), sum(rows_deleted), count(*), max(pause_micros_max) / 1000,
    round(sum(extract(epoch from ended - started))) from pgring.moves where state = 'DONE'" >"$work/moves"
  pgring verify --config "$work/pgring-3.yaml" >&2
}

report() {
  local copied deleted moves pause took tps mean longest file java ratio when
  read -r copied deleted moves pause took <"$work/moves"
  java=$(sed -n 's/.*Java \([0-9][0-9.+]*\).*/Java \1/p' <<<"$(pgring --version)" | head -n 1)
  {
    printf '%s of %s rows of about 100 bytes moved to a fourth shard, in %s moves; %s clients of pgbench -M prepared, three reads to one update%s.\n' \
      "$deleted" "$rows" "$moves" "$clients" "$([ "$rate" -eq 0 ] || printf ', %s transactions in a second asked for' "$rate")"
    printf '%s cores, everything on one machine; %s; %s%s; fsync=off; moves.rowsPerSecondMax %s, %s server connections to each shard, %s event loop(s).\n\n' \
      "$(getconf _NPROCESSORS_ONLN)" "$(uname -sr)" \
      "$("$pg_bin/postgres" --version | sed -n 's/^postgres (PostgreSQL) \([^ ]*\).*/PostgreSQL \1/p')" "${java:+; $java}" \
      "$row_rate" "$pool_size" "$threads"
    printf '| | transactions per second | × before | mean ms | longest ms |\n|---|--:|--:|--:|--:|\n'
    for when in before meanwhile after; do
      case $when in
        before) read -r tps mean longest <<<"$(seconds $((begun - before)) "$begun")" && first=$tps ;;
        meanwhile) read -r tps mean longest <<<"$(seconds $((begun + 1)) "$ended")" ;;
        after) read -r tps mean longest <<<"$(seconds $((ended + 2)) $((ended + 14)))" ;;
      esac
      ratio=$(awk -v a="$tps" -v b="$first" 'BEGIN { printf "%.2f", b ? a / b : 0 }')
      printf '| %s | %s | %s | %s | %s |\n' "$when" "$tps" "$ratio" "$mean" "$longest"
    done
    printf '\nRows: %s copied in %s s, %s in a second, checks and deletes included. Longest pause of a move: %s ms.\n' \
      "$copied" "$took" "$((copied / (took > 0 ? took : 1)))" "$pause"
  } >"$work/report"
  cat "$work/report"
  if $save; then
    file=$root/bench/results/move-$(date -u +%Y-%m-%dT%H%M%SZ).md
    cp "$work/report" "$file"
    say "Written to $file"
  fi
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source-path=SCRIPTDIR source=common.sh disable=SC1091
. "$root/bench/common.sh"
parse_options "$@"
begin
start_servers
measure_move
report
