# What pauses, hostile, publish, memory, persistence and replication share: they start redis-server and Cinnabar in turn,
# and most run a Java program of this folder against each. Sourced, after set -euo pipefail.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
script=$(basename "$0")
subject="$home/bin/cinnabar-server"
reference=redis-server
scale=100

# Server 0 is the reference, server 1 the subject.
names=(redis cinnabar)
ports=(0 0)
pids=(0 0)
directory=$(mktemp -d)
trap 'stop_server 0; stop_server 1; rm -rf "$directory"' EXIT

die() {
  echo "$script: $*" >&2
  exit 1
}

usage() {
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# parse_options ARGUMENT...: sets what they name, and makes sure that everything is there.
parse_options() {
  while (($#)); do
    (($# > 1)) || usage
    case $1 in
      --rounds) rounds=$2 ;;
      --command) subject=$2 ;;
      --reference) reference=$2 ;;
      --scale) scale=$2 ;;
      --load) loads=$2 ;;
      *) usage ;;
    esac
    shift 2
  done
  local tool
  for tool in redis-cli "${reference%% *}" "${subject%% *}" "$(jdk javac)" "$(jdk java)"; do
    command -v "$tool" >/dev/null || die "$tool is missing"
  done
  "$(jdk javac)" --release 17 -d "$directory/classes" -sourcepath "$home/benchmarks/src/main/java" \
    "$home"/benchmarks/src/main/java/io/cinnabar/benchmarks/{Pauses,Hostile,Publish,Filling}.java
}

# jdk PROGRAM: its path.
jdk() {
  echo "${JAVA_HOME:+$JAVA_HOME/bin/}$1"
}

# run CLASS ARGUMENT...
run() {
  "$(jdk java)" -cp "$directory/classes" "io.cinnabar.benchmarks.$1" "${@:2}"
}

# start_server INDEX ARGUMENT...: starts it on a port of its own and waits for its PONG. A JVM leaves its pauses in
# $directory/safepoints.
start_server() {
  local command=$reference
  (($1 == 0)) || command=$subject
  rm -f "$directory/safepoints"
  ports[$1]=$((20000 + RANDOM % 10000))
  # shellcheck disable=SC2086
  CINNABAR_JAVA_OPTS="${CINNABAR_JAVA_OPTS:-} -Xlog:safepoint:file=$directory/safepoints:timenanos" \
    $command --port "${ports[$1]}" --save '' --appendonly no "${@:2}" >"$directory/${names[$1]}.log" 2>&1 &
  pids[$1]=$!
  until [[ $(redis-cli -p "${ports[$1]}" PING 2>/dev/null || true) == PONG ]]; do
    kill -0 "${pids[$1]}" 2>/dev/null || die "$command did not start: $(cat "$directory/${names[$1]}.log")"
    sleep 0.1
  done
}

# stop_server INDEX
stop_server() {
  ((pids[$1] == 0)) || { kill "${pids[$1]}" 2>/dev/null && wait "${pids[$1]}" 2>/dev/null; } || true
  pids[$1]=0
}
