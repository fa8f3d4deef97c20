#!/bin/sh
# Copies the test modules of Extism's Go SDK, built by others from Rust, TinyGo and C, to
# build/wasm/third_party for module_third_party_test; nothing of them is kept in the tree.
# usage: fetch_third_party.sh      (needs go; without it they are not tested)
set -eu

module=github.com/extism/go-sdk
version=v1.7.1
sum=h1:lWJos6uY+tRFdlIHR+SJjwFDApY7OypS/2nMhiVQ9Sw=
names='alloc config count_vowels fail hello input_offset log noop'

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$root/build/wasm/third_party
if [ "$(cat "$folder/sum" 2>/dev/null)" = "$sum" ]; then exit 0; fi

if ! command -v go >/dev/null; then
  echo "fetch_third_party.sh: no go, so that modules of others are not tested" >&2
  exit 0
fi
facts=$(cd / && GOFLAGS=-modcacherw go mod download -json "$module@$version")
field() { printf '%s' "$facts" | sed -n 's/^[[:space:]]*"'"$1"'": "\(.*\)",\{0,1\}$/\1/p'; }
if [ "$(field Sum)" != "$sum" ]; then
  echo "fetch_third_party.sh: $module@$version is $(field Sum), not $sum" >&2
  exit 1
fi
mkdir -p "$folder"
for name in $names; do cp "$(field Dir)/wasm/$name.wasm" "$folder/"; done
chmod u+w "$folder"/*.wasm
echo "$sum" >"$folder/sum"
