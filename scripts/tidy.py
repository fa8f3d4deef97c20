#!/usr/bin/env python3
"""clang-tidy over the sources (src/**/*.cpp; their headers with them), or over the files named.

A file that passed is not read again until it, a header it includes, or .clang-tidy changes.
usage: tidy.py BUILD_FOLDER [FILE...]      BUILD_FOLDER has compile_commands.json
"""
import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys

import source
from source import ROOT

TIDY = os.environ.get('CLANG_TIDY', 'clang-tidy-19')
_OWN_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


def closure(path, seen=None):
    """The file and every file of the repository that it includes, directly or not."""
    seen = {} if seen is None else seen
    if path in seen:
        return seen
    seen[path] = path.read_bytes()
    for name in _OWN_INCLUDE.findall(seen[path].decode()):
        for base in (ROOT / 'src', ROOT / 'tests', path.parent):
            if (base / name).is_file():
                closure((base / name).resolve(), seen)
                break
    return seen


def digest(path):
    seen = closure(path)
    summed = hashlib.sha256((ROOT / '.clang-tidy').read_bytes())
    for name in sorted(seen):
        summed.update(str(name).encode() + b'\0' + seen[name])
    return summed.hexdigest()


def tidy(path, build):
    """The output of clang-tidy, '' when the file is clean."""
    stamp = build / 'tidy' / (source.name_of(path).replace('/', '.') + '.passed')
    now = digest(path)
    if stamp.exists() and stamp.read_text() == now:
        return ''
    # Without -Werror: it would turn warnings in the headers of the system, which count for nothing,
    # into errors, which always count. .clang-tidy makes errors of those that are ours.
    run = subprocess.run([TIDY, '--quiet', '-p', str(build), '--extra-arg=-Wno-error', str(path)],
                         cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(now)
        return ''
    return (run.stdout or run.stderr).replace(f'{ROOT}/', '')


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1]).resolve()
    files = [pathlib.Path(name).resolve() for name in sys.argv[2:]]
    files = files or [p for p in source.cxx_files('src') if p.suffix == '.cpp']
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        outputs = [text.strip() for text in pool.map(lambda p: tidy(p, build), files)]
    source.report([text for text in outputs if text])


if __name__ == '__main__':
    main()
