#!/usr/bin/env python3
"""Every source has its test, every test its source, and CMake builds them all."""
import re

import source
from source import ROOT

# Sources without a test of their own, and why.
EXEMPT = {
    'src/app/main.cpp': 'holds nothing but the call of app::run; tests/e2e starts it',
    'src/app/gateway_process.cpp': 'signals, reload and stop of a whole process: tests/e2e/test_reload.py, '
                                   'test_cli.py, test_streaming.py',
}


def test_names(src):
    """The tests that may cover src/<room>/<path>.cpp, as paths in the repository."""
    room, rest = re.fullmatch(r'src/([^/]+)/(.+)\.cpp', src).groups()
    return [f'tests/unit/{room}/{rest}_test.cpp',
            f'tests/component/{room}_{rest.replace("/", "_")}_test.cpp']


def untested(sources, tests, exempt):
    findings = []
    for src in sources:
        if src not in exempt and not any(name in tests for name in test_names(src)):
            findings.append(f'{src}:1: no test: {" or ".join(test_names(src))}')
    findings += [f'scripts/check_mirror.py:1: {src} is exempt but does not exist'
                 for src in sorted(exempt) if src not in sources]
    return findings


def orphans(tests, sources):
    """Unit tests whose name does not begin with the name of a source or header of the room."""
    stems = {re.sub(r'^src/(.*)\.(h|cpp)$', r'\1', name) for name in sources}
    findings = []
    for test in tests:
        match = re.fullmatch(r'tests/unit/(.+)_test\.cpp', test)
        parts = match.group(1).split('_') if match else []
        if match and not any('_'.join(parts[:n]) in stems for n in range(1, len(parts) + 1)):
            findings.append(f'{test}:1: mirrors no file of src/{match.group(1).split("/")[0]}/')
    return findings


def unbuilt(names, cmake_texts):
    """Files that the CMakeLists.txt of their folder (or of one above) does not list."""
    findings = []
    for name in names:
        folder, listed = name, False
        while '/' in folder and not listed:
            folder = folder.rpartition('/')[0]
            rest = name[len(folder) + 1:]
            listed = re.search(rf'(?<![\w/.]){re.escape(rest)}(?!\w)', cmake_texts.get(folder, ''))
        if not listed:
            findings.append(f'{name}:1: no CMakeLists.txt lists it')
    return findings


def main():
    code = [source.name_of(p) for p in source.cxx_files('src')]
    sources = [name for name in code if name.endswith('.cpp')]
    tests = [source.name_of(p) for p in source.cxx_files('tests/unit', 'tests/component')
             if p.name.endswith('_test.cpp')]
    cmake = {source.name_of(p.parent): p.read_text()
             for top in ('src', 'tests') for p in (ROOT / top).rglob('CMakeLists.txt')}
    source.report(untested(sources, set(tests), EXEMPT) + orphans(tests, code) +
                  unbuilt(sources + tests, cmake))


if __name__ == '__main__':
    main()
