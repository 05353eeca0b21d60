#!/usr/bin/env bash
# Measures Postbell's mail doors beside Dovecot on this machine, in one run and by turns: both servers on processor 0, the client on processor 1, the same
# disk, the same messages, every write forced to disk by both (Dovecot: mail_fsync=always). Prints Markdown. Dovecot runs twice, with Maildir and with
# sdbox, and Postbell is held against the better of the two. What each part does is in docs/performance.md.
#   bench/mail.sh                        everything
#   bench/mail.sh deliver mixed ...      only these: deliver mixed folders idle
#   ROUNDS=3 NICE=-10 bench/mail.sh      each server so many times by turns; as root, both before everything else on a machine that others use, too
#   ONLY=postbell bench/mail.sh deliver  without Dovecot
#   PROGRAM=.cache/program/postbell bench/mail.sh   the ahead-of-time compiled program that ./postbell starts
# Needs root (Dovecot drops its rights by itself) and Debian's dovecot-imapd and dovecot-lmtpd, which it installs when it may.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
parts=${*:-deliver mixed folders idle}
rounds=${ROUNDS:-3} offset=${PORT_OFFSET:-900} people=${PEOPLE:-50} servers=${ONLY:-postbell maildir sdbox}
on_server=(nice -n "${NICE:-0}" taskset -c "${SERVER_CORE:-0}")
on_client=(nice -n "${NICE:-0}" taskset -c "${CLIENT_CORE:-1}")
work=$(mktemp -d "${TMPDIR:-/tmp}/postbell-mail.XXXXXX")
chmod 755 "$work"
results=${OUT:-$work/results.jsonl}
program=${PROGRAM:-$root/src/Postbell.Server/bin/Release/net10.0/postbell}
bench=$root/bench/Postbell.Bench/bin/Release/net10.0/Postbell.Bench
declare -A pid imap lmtp
imap[postbell]=127.0.0.1:$((1143 + offset)) lmtp[postbell]=127.0.0.1:$((1024 + offset))
imap[maildir]=127.0.0.1:$((1145 + offset)) lmtp[maildir]=127.0.0.1:$((1026 + offset))
imap[sdbox]=127.0.0.1:$((1147 + offset)) lmtp[sdbox]=127.0.0.1:$((1028 + offset))

say() { echo "$*" >&2; }
wants() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
stop() {
  [ -n "${pid[$1]:-}" ] || return 0
  kill "${pid[$1]}" 2>/dev/null && wait "${pid[$1]}" 2>/dev/null || true
  pid[$1]=
}
finish() {
  for server in $servers; do stop "$server"; done
  [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap finish EXIT

ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
if [ "$servers" != postbell ] && ! command -v dovecot >/dev/null; then
  [ "$(id -u)" = 0 ] && { apt-get update -q && apt-get install -y -q --no-install-recommends dovecot-imapd dovecot-lmtpd; } >"$work/apt.log" 2>&1 ||
    { say "dovecot is missing: apt-get install dovecot-imapd dovecot-lmtpd, or ONLY=postbell"; exit 1; }
fi
command -v perf >/dev/null || say "perf is missing: instructions are not counted"
[ -n "${NO_BUILD:-}" ] || for project in src/Postbell.Server bench/Postbell.Bench; do
  dotnet build "$root/$project" -c Release -v q --nologo >"$work/build.log" 2>&1 </dev/null || { cat "$work/build.log" >&2; exit 1; }
done

await() {
  local deadline=$((SECONDS + 60))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || { say "not within 60 s: $*"; cat "$work"/*.err >&2; exit 1; }
    sleep 0.2
  done
}
is_open() { (exec 3<>"/dev/tcp/${1%:*}/${1#*:}") 2>/dev/null; }

start_postbell() {
  "${on_server[@]}" "$program" up --data "$work/postbell" --port-offset "$offset" --json >"$work/ready.json" 2>"$work/postbell.err" &
  pid[postbell]=$!
  await grep -q '"ready":true' "$work/ready.json"
}

# People bench001 and so on, who all have the same password.
add_people() {
  local token web number
  token=$(sed -n 's/.*"admin_\?[tT]oken":"\([^"]*\)".*/\1/p' "$work/ready.json")
  web=$(sed -n 's/.*"web":"\([^"]*\)".*/\1/p' "$work/ready.json")
  for ((number = 1; number <= people; number++)); do
    curl -sSf -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -o /dev/null "$web/api/v1/users" \
      -d "{\"user\":\"$(printf bench%03d "$number")\",\"name\":\"Bench $number\",\"number\":\"$((3000 + number))\",\"password\":\"bench-password-1\",\"pin\":\"918273\"}"
  done
}

# Debian's defaults but for what the run needs: addresses, one password, and limits that do not bind.
start_dovecot() {
  local kind=$1 fsync=$2 home=$work/$1
  mkdir -p "$home/mail" "$home/run"
  chown nobody:nogroup "$home/mail"
  cat >"$home/dovecot.conf" <<CONF
base_dir = $home/run
state_dir = $home/run
log_path = $home/log
info_log_path = /dev/null
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_username_format = %Ln
first_valid_uid = 1
mail_location = $kind:~/$kind
mail_fsync = $fsync
mail_max_userip_connections = 0
default_process_limit = 5000
default_client_limit = 20000
passdb {
  driver = static
  args = password=bench-password-1
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$home/mail/%u allow_all_users=yes
}
service imap-login {
  service_count = 0
  process_min_avail = 1
  inet_listener imap {
    port = ${imap[$kind]#*:}
  }
  inet_listener imaps {
    port = 0
  }
}
service imap {
  process_min_avail = 4
}
service lmtp {
  process_min_avail = 10
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtp[$kind]#*:}
  }
}
CONF
  "${on_server[@]}" dovecot -F -c "$home/dovecot.conf" 2>"$work/$kind.err" &
  pid[$kind]=$!
  await is_open "${imap[$kind]}"
  await is_open "${lmtp[$kind]}"
}

run() {
  local server=$1 part=$2
  shift 2
  say "$part: $server (load $(cut -d' ' -f1 /proc/loadavg))"
  "${on_client[@]}" "$bench" "$part" --server "$server" --imap "${imap[$server]}" --lmtp "${lmtp[$server]}" --domain localhost --root "${pid[$server]}" \
    --people "$people" --out "$results" "$@" >"$work/last.json" || { say "  failed"; tail -n 5 "$work"/*.err "$work"/*/log 2>/dev/null >&2 || true; exit 1; }
  [ -z "${VERBOSE:-}" ] || cat "$work/last.json" >&2
}

by_turns() {
  for ((round = 1; round <= rounds; round++)); do
    for server in $servers; do run "$server" "$@"; done
  done
}

for server in $servers; do
  if [ "$server" = postbell ]; then
    start_postbell
    add_people
  else
    start_dovecot "$server" never
  fi
done
if wants folders; then for server in $servers; do run "$server" fill; done; fi
for server in $servers; do
  [ "$server" = postbell ] || { stop "$server"; start_dovecot "$server" always; }
done
if wants deliver; then by_turns deliver --messages "${MESSAGES:-4000}"; fi
if wants mixed; then by_turns mixed --seconds "${SECONDS_MIXED:-12}"; fi
if wants folders; then by_turns folders; fi
if wants idle; then
  for server in $servers; do run "$server" idle --connections 400 --watching 400; done
  case " $servers " in *" postbell "*) run postbell idle --connections "${IDLE:-10000}" --watching 1000 --part "idle, many" ;; esac
fi
echo "Measured $(date -u +%F) on $(nproc) processors ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)), Linux $(uname -r), .NET $(dotnet --version)," \
  "Dovecot $(dovecot --version 2>/dev/null || echo absent); load average at the end $(cut -d' ' -f1-3 /proc/loadavg)."
echo
"$bench" mail-table "$results"
