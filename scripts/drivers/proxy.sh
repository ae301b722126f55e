#!/usr/bin/env bash
# Starts, stops or restarts the proxy that the driver programs of this folder talk to. They restart it themselves, by the command in
# PGRING_RESTART, to see how a driver gets over it.
#
#   scripts/drivers/proxy.sh start|stop|restart FOLDER
#
# FOLDER holds pgring.yaml; its port stays the same. The process and what it writes are noted beside it: proxy.pid, proxy.out, proxy.log.
set -euo pipefail

readonly seconds_max=60
action=${1:?start, stop or restart}
folder=${2:?the folder of pgring.yaml}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

# Whether the process still runs; one that has ended may stay in the list until it is asked for.
runs() { # pid
  case $(ps -o stat= -p "$1" 2>/dev/null) in
    '' | Z*) return 1 ;;
  esac
}

start() {
  local waited=0 pid
  : >"$folder/proxy.out"
  "$root/scripts/pgring" serve --config "$folder/pgring.yaml" </dev/null >"$folder/proxy.out" 2>>"$folder/proxy.log" &
  pid=$!
  echo "$pid" >"$folder/proxy.pid"
  until grep -q '^psql ' "$folder/proxy.out"; do
    if ! runs "$pid" || [ $((waited += 1)) -gt $((seconds_max * 10)) ]; then
      printf 'the proxy does not start:\n' >&2
      cat "$folder/proxy.log" >&2
      exit 1
    fi
    sleep 0.1
  done
}

stop() {
  local pid waited=0
  [ -f "$folder/proxy.pid" ] || return 0
  pid=$(cat "$folder/proxy.pid")
  rm "$folder/proxy.pid"
  kill -TERM "$pid" 2>/dev/null || return 0
  while runs "$pid"; do
    if [ $((waited += 1)) -gt $((seconds_max * 10)) ]; then
      kill -KILL "$pid" 2>/dev/null || true
    fi
    sleep 0.1
  done
}

case $action in
  start) start ;;
  stop) stop ;;
  restart)
    stop
    start
    ;;
  *)
    printf 'start, stop or restart?\n' >&2
    exit 2
    ;;
esac
