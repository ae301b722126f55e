# shellcheck shell=bash disable=SC2034 # names that its users read
# What deploy.sh, undeploy.sh and demo-scaling.sh have in common: sourced by them.

fail() { # message, hint
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
  exit 1
}

misuse() { # message
  printf '%s: %s\nhint: see %s --help\n' "${0##*/}" "$1" "$0" >&2
  exit 2
}

# Prints the comment at the top of a script.
usage() {
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
}

need() { # program, hint
  command -v "$1" >/dev/null || fail "$1 is missing" "$2"
}

# kubectl for the context and namespace that were named, if any.
context=''
namespace=''
kube() {
  kubectl ${context:+--context="$context"} ${namespace:+--namespace="$namespace"} "$@"
}

# Takes an option that the scripts share; help ends the script. Sets taken to how many words it was, 0 for none of them.
shared_option() { # words...
  taken=0
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --context | --namespace | -n)
      [ $# -ge 2 ] || misuse "$1 needs a value"
      if [ "$1" = --context ]; then context=$2; else namespace=$2; fi
      taken=2
      ;;
    --context=*) context=${1#*=} taken=1 ;;
    --namespace=*) namespace=${1#*=} taken=1 ;;
  esac
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
