#!/usr/bin/env bash
# The side-by-side benchmark: pgbench on a direct connection, PgBouncer and PgRing, taking turns in one run.
# bench/README.md says what is measured and how to read it.
# shellcheck disable=SC2154 # names that servers.sh sets
set -euo pipefail

readonly rows=100000
readonly sampling_rate=0.25 # of the transactions whose latency is logged: writing the log costs time too

usage() {
  cat <<'END'
Usage: scripts/pgring bench [OPTION]...
       scripts/pgring bench micro [--quick]

Starts PostgreSQL servers, PgBouncer (when installed) and PgRing on free ports of 127.0.0.1, lets pgbench read single rows
by key through each in turn, and prints a table. Everything runs on this machine and is removed at the end.
With "micro": what the parts of the hot path cost, each alone (JMH).

  --seconds N       length of one measurement (default: 3)
  --rounds N        measurements of each kind; the table shows medians (default: 3)
  --warm-up N       seconds that each PgRing is warmed up for each protocol (default: 10)
  --clients LIST    default: 1,8,64
  --protocols LIST  of simple, extended, prepared (default: all)
  --targets LIST    of direct, pgbouncer, pgring, pgring-3 (default: all that can run)
  --threads N       event loops of PgRing (default: 1, as many as PgBouncer has)
  --unix            from the poolers to the servers over Unix-domain sockets instead of TCP
  --save            write the table to bench/results/ too
  --help            this text

Environment: PG_BIN is the folder of PostgreSQL's programs (default: the newest below /usr/lib/postgresql).
Exit codes: 0 success, 1 a measurement failed, 2 wrong command line.
END
}

words() { # option, list, allowed words: checks the list and prints one word a line
  local word
  for word in ${2//,/ }; do
    [[ " $3 " == *" $word "* ]] || wrong_usage "$1 must be some of: ${3// /, }; not '$word'"
    printf '%s\n' "$word"
  done
}

parse_options() {
  seconds=3 rounds=3 warm_up=10 threads=1 unix=false save=false
  local clients_list=1,8,64 protocols_list=simple,extended,prepared targets_list=direct,pgbouncer,pgring,pgring-3 option
  while [ $# -gt 0 ]; do
    option=$1
    case $option in
      --help | -h)
        usage
        exit 0
        ;;
      --unix | --save)
        printf -v "${option#--}" true
        shift
        continue
        ;;
      --*=*)
        shift
        set -- "${option%%=*}" "${option#*=}" "$@"
        continue
        ;;
      --seconds | --rounds | --warm-up | --clients | --protocols | --targets | --threads)
        [ $# -ge 2 ] || wrong_usage "$option needs a value"
        ;;
      *) wrong_usage "there is no option '$option'" ;;
    esac
    case $option in
      --seconds)
        number "$option" "$2" 1
        seconds=$2
        ;;
      --rounds)
        number "$option" "$2" 1
        rounds=$2
        ;;
      --warm-up)
        number "$option" "$2" 0
        warm_up=$2
        ;;
      --threads)
        number "$option" "$2" 1
        threads=$2
        ;;
      --clients) clients_list=$2 ;;
      --protocols) protocols_list=$2 ;;
      --targets) targets_list=$2 ;;
    esac
    shift 2
  done
  local word
  clients=() protocols=() targets=()
  for word in ${clients_list//,/ }; do
    number --clients "$word" 1
    [ "$word" -le 500 ] || wrong_usage "--clients must be at most 500, not $word"
    clients+=("$word")
  done
  [ "${#clients[@]}" -gt 0 ] || wrong_usage "--clients names none"
  word=$(words --protocols "$protocols_list" 'simple extended prepared') || exit 2
  [ -n "$word" ] || wrong_usage "--protocols names none"
  mapfile -t protocols <<<"$word"
  word=$(words --targets "$targets_list" 'direct pgbouncer pgring pgring-3') || exit 2
  [ -n "$word" ] || wrong_usage "--targets names none"
  mapfile -t targets <<<"$word"
}

wants() { # target
  [[ " ${targets[*]} " == *" $1 "* ]]
}

# --- measure ------------------------------------------------------------------------------------------------------------

# User and system time of a process, in clock ticks; nothing where the system does not tell.
cpu_ticks() { # pid
  [ -n "$1" ] && [ -r "/proc/$1/stat" ] || return 0
  sed 's/^.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

resident_kilobytes() { # pid
  [ -n "$1" ] && [ -r "/proc/$1/status" ] || return 0
  awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status"
}

run_pgbench() { # target, protocol, clients, seconds, further options
  local target=$1 protocol=$2 count=$3 length=$4
  shift 4
  "$pg_bin/pgbench" -n -f "$work/$protocol.sql" -M "$protocol" -c "$count" -j 1 -T "$length" "$@" \
    -h 127.0.0.1 -p "${target_port[$target]}" -U "$role" "$database" >"$work/pgbench.out" 2>"$work/pgbench.err"
}

can() { # target, protocol
  [ "$1" != pgbouncer ] || [ "$2" != prepared ] || $pgbouncer_prepares
}

# Median and 99th percentile, in milliseconds, of the latencies of the log.
percentiles() {
  find "$work/log" -type f -exec cat {} + | awk '{ print $3 }' | sort -n |
    awk '{ v[NR] = $1 } END { if (NR) printf "%.3f %.3f", v[int((NR - 1) * 0.50) + 1] / 1000, v[int((NR - 1) * 0.99) + 1] / 1000; else printf "- -" }'
}

pgbench_error() {
  grep -m 1 -E 'error|ERROR|FATAL' "$work/pgbench.err" || printf 'no transaction was completed'
}

# Appends one line to the results: protocol, clients, target, round, tps, p50, p99, CPU µs per transaction, kilobytes.
measure() { # target, protocol, clients, round
  local pid=${target_pid[$1]} before after tps='' transactions='' cpu=- kilobytes latencies
  if ! can "$1" "$2"; then
    return
  fi
  rm -rf "$work/log"
  mkdir "$work/log"
  before=$(cpu_ticks "$pid")
  if run_pgbench "$1" "$2" "$3" "$seconds" -l "--sampling-rate=$sampling_rate" "--log-prefix=$work/log/latency"; then
    after=$(cpu_ticks "$pid")
    tps=$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$work/pgbench.out")
    transactions=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/pgbench.out")
  fi
  if [ -z "$tps" ] || [ "${transactions:-0}" -eq 0 ]; then
    failures=$((failures + 1))
    say "[$step/$steps] $2, $3 client(s), round $4: $1 failed: $(pgbench_error)"
    return
  fi
  if [ -n "$before" ] && [ -n "$after" ]; then
    cpu=$(awk -v ticks="$((after - before))" -v hertz="$(getconf CLK_TCK)" -v n="$transactions" \
      'BEGIN { printf "%.2f", ticks * 1e6 / hertz / n }')
  fi
  kilobytes=$(resident_kilobytes "$pid")
  latencies=$(percentiles)
  printf '%s %s %s %s %s %s %s %s\n' "$2" "$3" "$1" "$4" "$tps" "$latencies" "$cpu" "${kilobytes:--}" >>"$work/results"
  say "$(printf '[%d/%d] %s, %d client(s), round %d: %s %.0f tps' "$step" "$steps" "$2" "$3" "$4" "$1" "$tps")"
}

warm_up_proxies() {
  local target protocol
  [ "$warm_up" -gt 0 ] || return 0
  for target in pgring pgring-3; do
    wants "$target" || continue
    for protocol in "${protocols[@]}"; do
      say "Warming up: $target, $protocol, ${warm_up} s"
      run_pgbench "$target" "$protocol" 8 "$warm_up" || true
    done
  done
}

measure_everything() {
  local protocol count round target
  steps=$((${#protocols[@]} * ${#clients[@]} * rounds * ${#targets[@]})) step=0
  say "$steps measurements of $seconds s: about $(((steps * (seconds + 1) + 59) / 60)) minute(s)"
  for protocol in "${protocols[@]}"; do
    for count in "${clients[@]}"; do
      for ((round = 1; round <= rounds; round++)); do
        for target in "${targets[@]}"; do
          step=$((step + 1))
          measure "$target" "$protocol" "$count" "$round"
        done
      done
    done
  done
}

# --- report -------------------------------------------------------------------------------------------------------------

describe() {
  local java
  java=$(sed -n 's/.*Java \([0-9][0-9.+]*\).*/Java \1/p' <<<"$("$root/scripts/pgring" --version)" | head -n 1)
  printf 'Read one row of %s by its key: pgbench -j 1, %s round(s) of %s s, medians.\n' "$rows" "$rounds" "$seconds"
  printf '%s cores, everything on one machine; %s; %s%s%s.\n' "$(getconf _NPROCESSORS_ONLN)" "$(uname -sr)" \
    "$("$pg_bin/postgres" --version | sed -n 's/^postgres (PostgreSQL) \([^ ]*\).*/PostgreSQL \1/p')" "${pgbouncer_version:+; PgBouncer $pgbouncer_version}" \
    "${java:+; $java}"
  printf 'fsync=off; poolers: %s server connections (pgring-3: %s to each of three shards), transaction mode, ' \
    "$pool_size" "$pool_size"
  printf 'PgRing on %s event loop(s), to the servers over %s.\n\n' "$threads" "$($unix && printf 'Unix-domain sockets' || printf TCP)"
}

table() {
  awk -f "$root/bench/table.awk" -v protocols="${protocols[*]}" -v clients="${clients[*]}" -v targets="${targets[*]}" \
    "$work/results"
  if wants pgbouncer && ! $pgbouncer_prepares && [[ " ${protocols[*]} " == *' prepared '* ]]; then
    printf '\nPgBouncer %s can not do prepared statements in transaction mode (1.21 and later can).\n' "$pgbouncer_version"
  fi
}

report() {
  local file
  { describe && table; } >"$work/report"
  cat "$work/report"
  if $save; then
    file=$root/bench/results/$(date -u +%Y-%m-%dT%H%M%SZ).md
    mkdir -p "$root/bench/results"
    cp "$work/report" "$file"
    say "Written to $file"
  fi
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source-path=SCRIPTDIR source=common.sh disable=SC1091
. "$root/bench/common.sh"
parse_options "$@"
failures=0
begin
find_pgbouncer
# One row by its key: a literal in the simple protocol, where pgbench puts the number between the quotes; else a parameter.
printf '%s\n' "\\set k random(1, $rows)" "select value from kv where key = ':k';" >"$work/simple.sql"
printf '%s\n' "\\set k random(1, $rows)" 'select value from kv where key = :k;' >"$work/extended.sql"
cp "$work/extended.sql" "$work/prepared.sql"
start_everything
warm_up_proxies
measure_everything
report
[ "$failures" -eq 0 ] || fail "$failures measurement(s) failed"
