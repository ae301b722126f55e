#!/usr/bin/env bash
# Checks the models of a move with spin: that what is promised holds in every order of steps, and that each measure of the protocol is
# needed, since without it a violation is found.
#
#   docs/model/check.sh          some minutes, and 3 GB of memory
#   docs/model/check.sh --all    with the largest configuration too: some minutes more, and 8 GB
#
# Exit code 0 when all is as it must be, 1 when not, 2 when a program is missing.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
readonly here

case ${1:-} in
  '') all=false ;;
  --all) all=true ;;
  -h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0"
    exit 0
    ;;
  *)
    printf 'check.sh: unknown argument %s\nhint: see %s --help\n' "$1" "$0" >&2
    exit 2
    ;;
esac

missing=()
command -v spin >/dev/null || missing+=("spin (Debian package spin)")
command -v gcc >/dev/null || missing+=("gcc (Debian package gcc)")
if ((${#missing[@]})); then
  printf 'check.sh: %s is missing\n' "${missing[@]}" >&2
  exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failures=0

# Searches a model, with the switches given. Sets verdict to "holds", "violated", or what went wrong, and states and seconds.
search() { # model, switch...
  local model=$1 started=$SECONDS log
  shift
  rm -rf "$work/run"
  mkdir "$work/run"
  cd "$work/run"
  verdict="does not compile" states=- seconds=-
  spin -a "$@" "$here/$model" >spin.log 2>&1 || return 0
  gcc -O3 -DSAFETY -DHC4 -DMEMLIM=9000 -DVECTORSZ=1024 -o pan pan.c >gcc.log 2>&1 || return 0
  ./pan -m1000000 -w24 >pan.log 2>&1 || true
  log=$(<pan.log)
  seconds=$((SECONDS - started))
  states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log | head -n 1)
  if [[ $log == *"assertion violated"* ]]; then
    verdict=violated
  elif [[ $log == *"Search not completed"* || $log == *"max search depth too small"* ]]; then
    verdict="not searched whole"
  elif [[ $log == *"errors: 0"* ]]; then
    verdict=holds
  else
    verdict="did not run"
  fi
}

expect() { # verdict, description, model, switch...
  local wanted=$1 description=$2
  shift 2
  search "$@"
  if [ "$verdict" = "$wanted" ]; then
    printf 'ok    %-9s %11s states %5s s  %s\n' "$verdict" "${states:--}" "$seconds" "$description"
  else
    printf 'WRONG %-9s %11s states %5s s  %s: should be %s\n' "$verdict" "${states:--}" "$seconds" "$description" "$wanted"
    failures=$((failures + 1))
  fi
}

# Small enough to be searched in seconds, and large enough for what the measure is there for.
readonly one_mover=(-DMOVERS=1 -DVERSIONS=3)
readonly two_movers=(-DMOVERS=2 -DVERSIONS=4)

echo "move.pml: a move finishes, with writes on both shards"
expect violated "the end is reached" move.pml -DREACH -DDIRECT=0 "${one_mover[@]}"
echo "move.pml: no lost write, no stale read"
expect holds "one mover, two writes, a writer past the proxies" move.pml -DDIRECT=1 "${one_mover[@]}"
expect holds "take-over, one write" move.pml -DDIRECT=0 -DWRITES=1 -DWRITING_PROXIES=1 "${two_movers[@]}"
if $all; then
  expect holds "take-over, two writes, a pause that is given up" move.pml -DDIRECT=0 -DWRITES=2 -DVERSIONS=5
fi
echo "move.pml without one measure each"
expect violated "no fence" move.pml -DFENCE=0 -DDIRECT=0 "${one_mover[@]}"
expect violated "a fence that ends sessions first" move.pml -DFENCE_RAISES_FIRST=0 -DDIRECT=0 "${one_mover[@]}"
expect violated "no barrier" move.pml -DBARRIER=0 -DDIRECT=0 "${one_mover[@]}"
expect violated "acknowledgements while statements run" move.pml -DACKNOWLEDGE_WHEN_ENDED=0 -DDIRECT=0 "${one_mover[@]}"
expect violated "the last drain before the barrier" move.pml -DDRAIN_AFTER_BARRIER=0 -DDIRECT=0 "${one_mover[@]}"
expect violated "triggers after the copy" move.pml -DCAPTURE_FIRST=0 -DDIRECT=0 "${one_mover[@]}"
expect violated "rows read before the outbox" move.pml -DENTRIES_FIRST=0 -DDIRECT=0 "${one_mover[@]}"
expect violated "refusal after the last drain" move.pml -DREFUSE_FIRST=0 -DDIRECT=1 "${one_mover[@]}"
expect violated "no token" move.pml -DTOKEN=0 -DDIRECT=0 "${two_movers[@]}"
expect violated "S committed before T, and a crash" move.pml -DCOMMIT_T_FIRST=0 -DDIRECT=0 -DMOVERS=2 -DVERSIONS=3 -DWRITES=1
echo "scatter.pml: every row once, and none old"
expect violated "the end is reached" scatter.pml -DREACH
expect holds "the protocol" scatter.pml
echo "scatter.pml without one measure each"
expect violated "the copy before views are in use" scatter.pml -DVIEWS_BEFORE_COPY=0
expect violated "no pause for reads over all shards" scatter.pml -DPAUSE_SCATTER=0
expect violated "they go on before the views are switched" scatter.pml -DSWITCH_BEFORE_RELEASE=0
expect violated "tables are read before S is clean" scatter.pml -DCLEAN_BEFORE_TABLES=0

if ((failures)); then
  printf '%s of the above are not as they must be\n' "$failures"
  exit 1
fi
echo "all as it must be"
