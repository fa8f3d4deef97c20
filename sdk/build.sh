#!/bin/sh
# Builds the plugins of one language into build/sdk/.
# usage: sdk/build.sh c|go|rust|assemblyscript
#   c               clang and wasm-ld (Debian: clang-19 lld-19)
#   go              Go 1.24 or newer
#   rust            rustc 1.63 or newer with the target wasm32-unknown-unknown (Debian: rustc
#                   libstd-rust-dev-wasm32 lld-19; rustup: rustup target add wasm32-unknown-unknown)
#   assemblyscript  Node.js 18 or newer with npm, which fetches the compiler
set -eu

sdk=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$sdk/.." && pwd)/build/sdk
mkdir -p "$out"

first_of() {  # the first of some commands that there is
  for command in "$@"; do
    if command -v "$command" >/dev/null; then echo "$command"; return; fi
  done
  echo "build.sh: none of these is installed: $*" >&2
  return 1
}

case ${1:-} in
  c)
    clang=$(first_of clang-19 clang)
    linker=$(command -v "$(first_of wasm-ld-19 wasm-ld)")
    for plugin in example guard; do
      "$clang" --target=wasm32 -O2 -mbulk-memory -nostdlib -Wall -Wextra -Werror \
        -fuse-ld="$linker" -Wl,--no-entry,--strip-all -o "$out/$plugin-c.wasm" "$sdk/c/$plugin.c"
    done
    ;;
  go)
    (cd "$sdk/go" && GOOS=wasip1 GOARCH=wasm GOFLAGS=-trimpath GOTOOLCHAIN=local \
      go build -buildmode=c-shared -ldflags='-s -w' -o "$out/example-go.wasm" ./example)
    ;;
  rust)
    # The one that has the target, where there are several.
    rustc=rustc
    for one in rustc /usr/bin/rustc; do
      if [ -d "$("$one" --print sysroot 2>/dev/null)/lib/rustlib/wasm32-unknown-unknown" ]; then
        rustc=$one
        break
      fi
    done
    # Debian's rustc has no linker of its own, and old ones keep notes in their libraries of which
    # a new one warns.
    if linker=$(first_of wasm-ld-19 wasm-ld 2>/dev/null); then
      set -- -C linker="$linker" -C linker-flavor=wasm-ld -C link-arg=--no-fatal-warnings
    else
      set --
    fi
    "$rustc" --edition 2021 --target wasm32-unknown-unknown --crate-type cdylib -O "$@" \
      -C panic=abort -C strip=symbols -o "$out/example-rust.wasm" "$sdk/rust/example.rs"
    ;;
  assemblyscript)
    cd "$sdk/assemblyscript"
    if [ ! -x node_modules/.bin/asc ]; then npm ci --no-audit --no-fund --silent; fi
    node_modules/.bin/asc assembly/example.ts -O --runtime minimal \
      --use abort=assembly/butter/abort -o "$out/example-assemblyscript.wasm"
    ;;
  *)
    sed -n '2,3p' "$0" >&2
    exit 2
    ;;
esac
