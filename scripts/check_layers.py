#!/usr/bin/env python3
"""Holds includes and link dependencies of every room against src/LAYERS."""
import re

import source
from source import ROOT, finding, line_of

# Headers that one room alone may include: nothing above it knows what it is made of.
ONLY_IN = {
    r'<sys/epoll\.h>': ('net',),
    r'<sys/eventfd\.h>': ('net',),
    r'<openssl/': ('crypto', 'net'),
    r'[<"]yaml-cpp/': ('config',),
    r'<re2/': ('guard',),
    r'<utf8proc': ('guard',),
    r'[<"]simdjson': ('json', 'provider'),  # provider: the built-in one reads whole requests
}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"][^>"\n]+[>"])', re.M)


def read_layers(text):
    """src/LAYERS as {room: rooms it may include}, in the file's order."""
    layers = {}
    for line in text.splitlines():
        line = line.split('#')[0].strip()
        if line:
            room, allowed = line.split(':')
            layers[room.strip()] = set(allowed.split()) - {'-'}
    return layers


def check_order(layers, path):
    """A room may allow only rooms that stand above it: that is what keeps circles out."""
    findings, above = [], set()
    for number, (room, allowed) in enumerate(layers.items(), 1):
        findings += [finding(path, number, f'{room} allows {other}, which is not a room above it')
                     for other in sorted(allowed - above)]
        above.add(room)
    return findings


def check_includes(room, text, path, layers, linked):
    """`linked`: the rooms of DEPS, None when the folder is not a butter_room."""
    findings = []
    for match in _INCLUDE.finditer(source.without_comments(text)):
        header, line = match.group(1), line_of(text, match.start(1))
        for pattern, owners in ONLY_IN.items():
            if room not in owners and re.match(pattern, header):
                findings.append(finding(path, line, f'{header}: only {"/, ".join(owners)}/ may include it'))
        if header[0] == '<':
            continue
        other = header[1:-1].split('/')[0]
        if other not in layers:
            if not re.match(r'"(yaml-cpp|simdjson)', header):
                findings.append(finding(path, line, f'{header}: write "room/file.h"'))
        elif other != room and other not in layers[room]:
            findings.append(finding(path, line, f'{room} may not include {other} (src/LAYERS)'))
        elif other != room and linked is not None and other not in linked:
            findings.append(finding(path, line, f'{room} includes {other} without it in its DEPS'))
    return findings


def read_deps(text):
    """The rooms after DEPS of a butter_room() call; None when there is no such call."""
    call = re.search(r'butter_room\(([^)]*)\)', text)
    if not call:
        return None
    deps = re.search(r'\bDEPS\b([\sa-z_]*)', call.group(1))
    return set(deps.group(1).split()) if deps else set()


def check_deps(room, deps, path, layers):
    return [finding(path, 1, f'{room} links {other}, which src/LAYERS does not allow')
            for other in sorted((deps or set()) - layers[room])]


def main():
    layers_path = ROOT / 'src/LAYERS'
    layers = read_layers(layers_path.read_text())
    findings = check_order(layers, layers_path)
    for room in layers:
        cmake = ROOT / 'src' / room / 'CMakeLists.txt'
        linked = read_deps(cmake.read_text()) if cmake.exists() else None
        findings += check_deps(room, linked, cmake, layers)
        for path in source.cxx_files(f'src/{room}'):
            findings += check_includes(room, path.read_text(), path, layers, linked)
    source.report(findings)


if __name__ == '__main__':
    main()
