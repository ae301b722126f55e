# shellcheck shell=bash disable=SC2154 # names that the sourcing script sets
# Sourced by compare.sh and move.sh: what they say of errors and options, and how they begin.

say() { # text
  printf '%s\n' "$*" >&2
}

fail() { # message, hint
  say "pgring bench: $1"
  [ $# -lt 2 ] || say "hint: $2"
  exit 1
}

wrong_usage() { # message
  say "pgring bench: $1"
  say 'hint: scripts/pgring bench --help'
  exit 2
}

number() { # option, value, smallest
  if ! [[ $2 =~ ^[0-9]{1,9}$ ]] || [ "$2" -lt "$3" ]; then
    wrong_usage "$1 must be a number from $3, not '$2'"
  fi
}

# Everything from here on is removed at the end.
begin() {
  if [ "${BASH_VERSINFO[0]}" -lt 4 ]; then
    fail "bash $BASH_VERSION is too old" "Install bash 4 or later."
  fi
  export LC_ALL=C PGSSLMODE=disable PGGSSENCMODE=disable
  unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGPASSFILE PGDATABASE PGSERVICE PGOPTIONS PGCLIENTENCODING
  umask 022
  # shellcheck source-path=SCRIPTDIR source=servers.sh disable=SC1091
  . "$root/bench/servers.sh"
  trap stop_everything EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  find_postgresql
  choose_server_user
}
