# Sourced by ./postbell and ./test: finds what the machine lacks and installs it. Needs bash; changes nothing when nothing is missing.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# Finds a .NET SDK that can build this repository (global.json: 10.x) and makes it the `dotnet` of this shell.
require_dotnet() {
  export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
  if ! command -v dotnet >/dev/null; then
    local place
    for place in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
      if [ -n "$place" ] && [ -x "$place/dotnet" ]; then PATH="$place:$PATH"; break; fi
    done
  fi
  if ! command -v dotnet >/dev/null || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    say "the .NET 10 SDK is missing. Install it (package dotnet-sdk-10.0, or https://dotnet.microsoft.com/download/dotnet/10.0)"
    say "and start again; an SDK outside the usual places is found through PATH or DOTNET_ROOT."
    return 1
  fi
  # The program's own executable looks for the runtime where this points, whatever place the SDK was found in.
  export DOTNET_ROOT="${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}"
}

# Prints those of the named Debian packages that are not installed.
missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q ' installed$' || printf '%s\n' "$name"
  done
}

# Installs the named Debian packages if they are missing. 1 when they are still missing afterwards, after saying why.
require_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "this is not a Debian system: install what corresponds to: $*"
    return 1
  fi
  local missing=() as_root=()
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
      as_root=(sudo)
    else
      say "missing Debian packages: ${missing[*]}. Install them as root: apt-get install ${missing[*]}"
      return 1
    fi
  fi
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! install_packages "${missing[@]}" >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    say "could not install: ${missing[*]}"
    return 1
  fi
  rm -f "$log"
}

install_packages() {
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120)
  # The list of packages may be old or absent: it is fetched only when the first try fails.
  "${apt[@]}" install --no-install-recommends "$@" </dev/null || { "${apt[@]}" update </dev/null && "${apt[@]}" install --no-install-recommends "$@" </dev/null; }
}
