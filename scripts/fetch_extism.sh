#!/bin/sh
# Fetches libextism 1.41.0, the run-time library of WASM plugins, into build/extism/libextism.so,
# where build/*/butter finds it. Nothing of it is kept in the tree; nothing is fetched twice.
# usage: fetch_extism.sh [python with pip]
set -eu

version=1.41.0  # of the Python package `extism-sys`, whose wheel carries the library
sum=ec20105dc6f80a545b421717a89e849b80677a9337f3ed7f0367f4c89ad6e998

python=$(realpath --no-symlinks "$(command -v "${1:-python3}")")
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$root/build/extism
library=$folder/libextism.so
if [ -f "$library" ] && [ "$(cat "$folder/wheel.sha256" 2>/dev/null)" = "$sum" ]; then
  echo "$library"
  exit 0
fi
if [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "fetch_extism.sh: no wheel for $(uname -sm); build libextism $version and name it in" \
    "BUTTER_EXTISM_LIBRARY" >&2
  exit 1
fi

mkdir -p "$folder"
cd "$folder"
if ! "$python" -m pip --version >/dev/null 2>&1; then
  if ! "$python" -m venv pip >/dev/null 2>&1; then
    echo "fetch_extism.sh: $python has no pip, and can make no environment with one" >&2
    exit 1
  fi
  python=$folder/pip/bin/python
fi
# By its hash: what is fetched is run.
echo "extism-sys==$version --hash=sha256:$sum" >wheel.requirement
"$python" -m pip download --quiet --disable-pip-version-check --only-binary :all: --no-deps \
  --require-hashes -r wheel.requirement
"$python" -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' \
  "extism_sys-$version"-*.whl extism_sys/libextism_sys.so >libextism.so.new
mv libextism.so.new libextism.so
rm -rf pip "extism_sys-$version"-*.whl wheel.requirement
echo "$sum" >wheel.sha256
echo "$library"
