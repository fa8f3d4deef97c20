#!/bin/sh
# Unpacks the sources of llhttp 9.4.3 for the differential test; nothing of them is kept in the tree.
# Then: cmake ... -DBUTTER_LLHTTP_DIR=$PWD/build/llhttp
# usage: fetch_llhttp.sh [python with pip]
set -eu

version=0.9.0  # of the Python package `httptools`, whose source archive carries llhttp
sum=d484ebb7e3a3f3597b0f645fbd1b85633674ca808c1f5ba11c2caf7c66f5c8b6

python=$(realpath --no-symlinks "$(command -v "${1:-python3}")")
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$root/build"
cd "$root/build"

archive=httptools-$version.tar.gz
if [ ! -f "$archive" ]; then
  # By its hash: pip runs what it has fetched to learn its name.
  echo "httptools==$version --hash=sha256:$sum" >llhttp.requirement
  "$python" -m pip download --quiet --disable-pip-version-check --no-binary httptools --no-deps \
    --require-hashes -r llhttp.requirement
fi
echo "$sum  $archive" | sha256sum --check --quiet

rm -rf llhttp
mkdir llhttp
tar -xzf "$archive" -C llhttp --strip-components=3 "httptools-$version/vendor/llhttp"
echo "$root/build/llhttp"
