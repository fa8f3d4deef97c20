#!/usr/bin/env bash
# Installs the Debian packages that are missing, and says which.
# usage: install_packages.sh [build|test|check|bench|all]...      (no argument: build)
# An entry "package:command" is also satisfied by a command that came some other way.
set -euo pipefail

build=(g++:g++ cmake:cmake ninja-build:ninja ccache:ccache ca-certificates
       libssl-dev libyaml-cpp-dev libsimdjson-dev libre2-dev libutf8proc-dev)
test=(libgtest-dev libgmock-dev python3:python3 openssl:openssl curl:curl
      redis-server:redis-server clang-19:clang-19 lld-19:wasm-ld-19
      rustc libstd-rust-dev-wasm32)
check=(python3:python3 clang-19:clang++-19 clang-format-19:clang-format-19
       clang-tidy-19:clang-tidy-19 libclang-rt-19-dev)
bench=(libbenchmark-dev python3:python3 nginx-light:nginx haproxy:haproxy)

wanted=()
for group in "${@:-build}"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    check) wanted+=("${check[@]}") ;;
    bench) wanted+=("${bench[@]}") ;;
    all) wanted+=("${build[@]}" "${test[@]}" "${check[@]}" "${bench[@]}") ;;
    *) echo "usage: $0 [build|test|check|bench|all]..." >&2; exit 2 ;;
  esac
done

# What no table row can say: a Python that can make environments, a Node.js that the SDKs accept.
if [[ " $* " == *" test "* || " $* " == *" all "* ]]; then
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then wanted+=(python3-venv); fi
  node_major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/' || true)
  if [[ ${node_major:-0} -lt 18 ]]; then wanted+=(nodejs); fi
  wanted+=(npm:npm)
fi

have() {  # <package[:command]>
  local package=${1%%:*} command=''
  if [[ $1 == *:* ]]; then command=${1##*:}; fi
  # /usr/sbin, where servers are, is not on everybody's path.
  if [[ -n $command ]] && PATH=$PATH:/usr/sbin type -P "$command" >/dev/null; then return 0; fi
  [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == *' installed' ]]
}

declare -A seen=()
missing=()
for entry in "${wanted[@]}"; do
  package=${entry%%:*}
  if [[ -z ${seen[$package]:-} ]] && ! have "$entry"; then missing+=("$package"); fi
  seen[$package]=1
done
if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi

if ! command -v apt-get >/dev/null; then
  echo "no apt-get here; please install what these Debian packages hold: ${missing[*]}" >&2
  exit 0
fi
as_root=()
if [[ $(id -u) -ne 0 ]]; then
  as_root=(sudo -n)
  if ! sudo -n true 2>/dev/null; then
    echo "missing: ${missing[*]}" >&2
    echo "run as root: apt-get update && apt-get install --yes ${missing[*]}" >&2
    exit 1
  fi
fi

# Packages of servers start them when they are installed; tests and benchmarks start their own. Debian's
# policy-rc.d says no to the first, `systemctl disable` to the next boot.
policy=/usr/sbin/policy-rc.d
if [[ " ${missing[*]} " =~ ' 'nginx-light' '|' 'haproxy' '|' 'redis-server' ' && ! -e $policy ]]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi

echo "installing: ${missing[*]}" >&2
log=$(mktemp)
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >>"$log" 2>&1 </dev/null; }
# A failed update is no reason to stop: the lists that are there may do.
apt update || true
if ! apt install --yes --no-install-recommends "${missing[@]}"; then
  cat "$log" >&2
  rm -f "$log"
  exit 1
fi
rm -f "$log"

if [[ -d /run/systemd/system ]]; then
  for service in nginx haproxy redis-server; do
    if [[ " ${missing[*]} " == *" $service"* ]]; then
      "${as_root[@]}" systemctl disable --now --quiet "$service" || true
    fi
  done
fi
