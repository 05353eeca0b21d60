#!/usr/bin/env bash
# Measures a Postbell server on this machine and prints Markdown: server on processor 0, generator on processor 1, loopback only, bounded in count
# and time (about six minutes). Figures of a shared machine vary; instructions vary little, so both are printed, beside a floor program that does the
# least with the same packets in the same run. What each column means is in docs/performance.md.
#   bench/run.sh                     everything
#   bench/run.sh record play ...     only these: latency record play short overload mailbox floor
#   SOAK_SECONDS=3600 bench/run.sh soak   rounds of recordings until then; memory, handles and threads after each
#   RECORD_CALLS=1000 PLAY_CALLS=600 SHORT_RATE=450 bench/run.sh
#   PROGRAM=.cache/program/postbell bench/run.sh   the ahead-of-time compiled program that ./postbell starts
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
parts=${*:-latency record play short mailbox floor}
record_calls=${RECORD_CALLS:-1000} play_calls=${PLAY_CALLS:-600} short_rate=${SHORT_RATE:-450} offset=${PORT_OFFSET:-700}
# On a machine that others use, too: NICE=-15 (as root) puts both before everything else, or what is measured is the others.
on_server=(nice -n "${NICE:-0}" taskset -c "${SERVER_CORE:-0}")
on_generator=(nice -n "${NICE:-0}" taskset -c "${GENERATOR_CORE:-1}")
work=$(mktemp -d /tmp/postbell-bench.XXXXXX)
out=${OUT:-$work/results} && mkdir -p "$out"
program=${PROGRAM:-$root/src/Postbell.Server/bin/Release/net10.0/postbell}
bench=$root/bench/Postbell.Bench/bin/Release/net10.0/Postbell.Bench
floor=$root/bench/Postbell.Bench.Floor/bin/Release/net10.0/Postbell.Bench.Floor
sip=127.0.0.1:$((5060 + offset)) imap=127.0.0.1:$((1143 + offset)) web=127.0.0.1:$((8080 + offset))
server=

say() { echo "$*" >&2; }
wants() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap finish EXIT

# A process and its sockets: one for each call and one for its RTCP.
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
command -v perf >/dev/null || { [ "$(id -u)" = 0 ] && apt-get install -y -q linux-perf >/dev/null 2>&1; } || say "perf is missing: instructions are not counted"
[ -n "${NO_BUILD:-}" ] || for project in src/Postbell.Server bench/Postbell.Bench bench/Postbell.Bench.Floor; do
  [ ! -d "$root/$project" ] || dotnet build "$root/$project" -c Release -v q --nologo >"$work/build.log" 2>&1 </dev/null || { cat "$work/build.log" >&2; exit 1; }
done

await() {
  local deadline=$((SECONDS + 60))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || { say "not within 60 s: $*"; cat "$work"/*.err >&2; exit 1; }
    sleep 0.2
  done
}

stop_server() {
  kill "$server" && wait "$server" 2>/dev/null || true
  server=
}

# The demo's people first; then the production command on their mailboxes, with room for more calls.
"${on_server[@]}" "$program" up --data "$work/data" --port-offset "$offset" --json >"$work/ready.json" 2>"$work/up.err" &
server=$!
await grep -q '"ready":true' "$work/ready.json"
stop_server
cat >"$work/postbell.yaml" <<YAML
data: $work/data
logLevel: Warning
drainTime: 1s
sip:
  listen: ["$sip"]
  maxCalls: 20000
media:
  firstPort: 12000
  lastPort: 31999
imap:
  listen: ["$imap"]
  listenTls: []
web:
  listen: ["$web"]
organization:
  dialPlans:
    - name: Demo
      numberOfDigitsInExtension: 4
      audioCodec: Wav
      levelRecordings: false
      trimSilence: false
  gateways:
    - name: Loopback
      address: loopback
      dialPlan: Demo
      messageWaitingIndicatorAllowed: false
  mailboxPolicies:
    - name: Demo Default Policy
      dialPlan: Demo
      allowMissedCallNotifications: ${MISSED_CALL_NOTES:-false}
YAML

start_server() {
  "${on_server[@]}" "$program" serve --config "$work/postbell.yaml" >"$work/serve.out" 2>"$work/serve.err" &
  server=$!
  await curl -sf "http://$web/readyz"
}

greet() {
  "$bench" speech "$1" "$work/greeting.wav"
  for number in 1001 1002 1003 1004 1005; do
    "$program" user greeting $number "$work/greeting.wav" --data "$work/data" >/dev/null
  done
}

load() {
  local name=$1 kind=$2
  shift 2
  say "$name"
  count=$((count + 1))
  "${on_generator[@]}" "$bench" "$kind" --name "$name" --target "$sip" --server-pid "$server" --imap "$imap" --ready "$work/ready.json" \
    --out "$out/$(printf %02d $count)-${name//[ ,]/-}.json" "$@" >"$work/last.json" || say "  some calls failed, see the table"
}

floor_run() {
  local mode=$1 calls=$2
  [ -x "$floor" ] || { say "no floor program"; return; }
  say "floor $mode"
  count=$((count + 1))
  local does=--receive
  [ "$mode" = record ] || does="--send --peer 11000"
  # shellcheck disable=SC2086
  "${on_server[@]}" "$floor" --alone --sockets "$calls" --seconds 60 $does >"$work/floor.out" 2>"$work/floor.err" &
  local pid=$!
  await grep -q ready "$work/floor.out"
  "${on_generator[@]}" "$bench" "$mode" --direct "$work/floor.out" --rtp-port 11000 --name "floor $mode" --target 127.0.0.1:1 --server-pid $pid --calls "$calls" --rate 400 \
    --length 15 --before 1 --out "$out/$(printf %02d $count)-floor-$mode.json" >"$work/last.json" || say "  the floor run failed"
  kill $pid 2>/dev/null && wait $pid 2>/dev/null || true
}

field() { sed -n "s/^ *\"$1\": \([0-9.]*\),*\$/\1/p" "$work/last.json" | head -n 1; }

# Each round: calls come up, stay for half a minute and hang up; messages are checked, then deleted.
soak() {
  local begin=$SECONDS round=0 calls=${SOAK_CALLS:-1000}
  echo "| minute | calls ok | frames lost of those compared | set-up p99 ms | resident MB | handles | threads |"
  echo "| --- | --- | --- | --- | --- | --- | --- |"
  while [ $((SECONDS - begin)) -lt "${SOAK_SECONDS:-3600}" ]; do
    round=$((round + 1))
    load "soak $round" record --calls "$calls" --rate 100 --length 30 --before 2 --sample 20 --purge
    echo "| $(((SECONDS - begin) / 60)) | $(field succeeded) of $calls | $(field framesLost) of $(field framesChecked) | $(field setUpP99) |" \
      "$(awk '/VmRSS/ { print int($2 / 1000) }' "/proc/$server/status") | $(find "/proc/$server/fd" -mindepth 1 | wc -l) | $(awk '/Threads/ { print $2 }' "/proc/$server/status") |"
  done
}

count=0
start_server
greet 1
say "warming up"
"${on_generator[@]}" "$bench" record --target "$sip" --calls 100 --rate 50 --length 3 --before 2 >/dev/null || true
stop_server
start_server
"${on_generator[@]}" "$bench" record --target "$sip" --calls 20 --rate 20 --length 3 --before 2 >/dev/null || true
if wants latency; then
  load "light load, just started" play --eager --calls 400 --rate 20 --length 0.5
  # What a server of some minutes does: the compiler of the runtime has done its work on what calls run through.
  "${on_generator[@]}" "$bench" play --eager --calls 2000 --rate 150 --length 0.5 --target "$sip" --server-pid "$server" >/dev/null || true
  sleep 5
  load "light load" play --eager --calls 400 --rate 20 --length 0.5
fi
if wants mailbox; then load "mailbox at 200 calls" mailbox --calls 200 --rate 40 --length 10 --before 2; fi
if wants record; then load record record --calls "$record_calls" --rate "${RECORD_RATE:-150}" --length "${RECORD_SECONDS:-20}" --before 2 --sample 200; fi
if wants short; then load "short, $short_rate a second" short --calls $((short_rate * 10)) --rate "$short_rate"; fi
# Twice what it can carry: refused at once, and those taken are answered soon.
if wants overload; then load "overload, ${OVERLOAD_RATE:-4000} a second" short --calls $((${OVERLOAD_RATE:-4000} * 10)) --rate "${OVERLOAD_RATE:-4000}"; fi
if wants soak; then soak; fi
if wants play; then
  greet 30
  load play play --calls "$play_calls" --rate 150 --length 20
fi
stop_server
if wants floor; then
  floor_run record "$record_calls"
  floor_run play "$play_calls"
fi
[ "$parts" != soak ] || exit 0
echo "Measured $(date -u +%F) on $(nproc) processors ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)), Linux $(uname -r), .NET $(dotnet --version); load average at the end $(cut -d' ' -f1-3 /proc/loadavg)."
echo
"$bench" table "$out"/*.json
cat <<'REFERENCE'

For comparison, Asterisk's voicemail measured elsewhere, on two such processors, the same way (not in this run):

| what | Asterisk |
| --- | --- |
| recordings at once per core, no frame lost | 900 to 1,000 |
| recording, instructions / CPU ms per call-second | 1.40 M / 0.7 to 1.1 |
| prompt playback at once | 600 |
| short calls per second, none failed | 450 (4.85 M instructions each) |
| INVITE to 200, light load, p50 / p99 | 0.9 / 1.3 ms |
| 200 to first RTP, light load, p50 / p99 | 0.5 / 1.4 ms |
| BYE to its mail program started, 200 calls, p50 / p99 (nothing synced) | 19 / 29 ms |
| memory idle / each recording, threads | 58 MB / 0.5 MB, one thread a call |
REFERENCE
