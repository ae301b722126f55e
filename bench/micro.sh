#!/usr/bin/env bash
# What the parts of the hot path cost, each alone: builds the benchmarks and runs them (JMH) as the launcher runs the proxy.
# Called by `scripts/pgring bench micro`, which chooses JAVA_HOME.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
java=${JAVA_HOME:?is not set: call scripts/pgring bench micro}/bin/java

if [ -x "$root/mvnw" ]; then
  maven=$root/mvnw
elif ! maven=$(command -v mvn); then
  printf 'pgring bench: Maven is missing\nhint: Install it (such as: apt install maven, brew install maven).\n' >&2
  exit 1
fi
printf 'Building ...\n' >&2
rm -rf "$root/bench/target/lib"
mkdir -p "$root/target"
log=$root/target/bench-build.log
if ! (cd "$root" && "$maven" -q -B -Pquick -DskipTests -pl bench -am package) >"$log" 2>&1; then
  grep -E '^\[ERROR\]' "$log" | head -n 10 >&2 || tail -n 10 "$log" >&2
  printf 'pgring bench: the build failed\nhint: All of the output of Maven is in %s.\n' "$log" >&2
  exit 1
fi

# Netty tracks one buffer in 128 otherwise, and each fork would have others of them.
options=(-Dio.netty.leakDetection.level=disabled -XX:+IgnoreUnrecognizedVMOptions -Xms128m -Xmx1g -XX:+UseSerialGC)
major=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
if [ "$major" -ge 22 ]; then
  options+=(--enable-native-access=ALL-UNNAMED)
fi
if [ "$major" -ge 23 ]; then
  options+=(--sun-misc-unsafe-memory-access=allow)
fi
if [ "$major" -ge 25 ]; then
  options+=(-XX:+UseCompactObjectHeaders)
fi
class_path=''
for jar in "$root"/bench/target/bench-*.jar "$root"/bench/target/lib/*.jar; do
  class_path+=${class_path:+:}$jar
done
exec "$java" "${options[@]}" -cp "$class_path" io.pgring.bench.MicroBenchmarks "$@"
