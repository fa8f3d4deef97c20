#!/usr/bin/env python3
"""Classes name their thread; the rooms of src/, src/LAYERS and ARCHITECTURE.md are the same."""
import re

import source
from check_layers import read_layers
from source import ROOT, finding, line_of

_CLASS = re.compile(r'^[ \t]*class\s+(?:\[\[[^\]]*\]\]\s*|alignas\([^)]*\)\s*)*([\w:]+)[^;{}()]*\{', re.M)


def silent_classes(path, text):
    """Classes of a header (not structs, not `enum class`) whose comment has no `Thread:`."""
    findings, lines = [], text.splitlines()
    for match in _CLASS.finditer(source.bare_code(text)):
        at = line_of(text, match.start(1)) - 1
        above, n = [], at - 1
        while n >= 0 and re.match(r'\s*(//|template\b)', lines[n]):
            above.append(lines[n])
            n -= 1
        if not any(re.search(r'\bThread:', line) for line in above):
            findings.append(finding(path, at + 1, f'class {match.group(1)}: no `Thread:` in its comment'))
    return findings


def rooms_in_document(text):
    """Rooms listed in the section whose heading has the word "room": rows of a table, or lines
    `room: ...` of a code block. {room: line}"""
    rooms, inside = {}, False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith('#'):
            inside = bool(re.search(r'\brooms?\b', line, re.I))
        row = re.match(r'\|\s*`(?:src/)?([a-z_]+)/?`\s*\||([a-z_]+):\s', line)
        if inside and row:
            rooms.setdefault(row.group(1) or row.group(2), number)
    return rooms


def compare_rooms(layers, folders, document):
    """`document`: None when there is no ARCHITECTURE.md."""
    findings = [f'src/LAYERS:1: no room {room}, but src/{room}/ exists'
                for room in sorted(folders - layers)]
    findings += [f'src/LAYERS:1: room {room} has no folder src/{room}/'
                 for room in sorted(layers - folders)]
    if document is not None:
        findings += [f'ARCHITECTURE.md:1: the table of rooms lacks {room}'
                     for room in sorted(layers - document.keys())]
        findings += [f'ARCHITECTURE.md:{document[room]}: src/ has no room {room}'
                     for room in sorted(document.keys() - layers)]
    return findings


def main():
    findings = []
    for path in source.cxx_files('src'):
        if path.suffix == '.h':
            findings += silent_classes(path, path.read_text())
    layers = set(read_layers((ROOT / 'src/LAYERS').read_text()))
    folders = {p.name for p in (ROOT / 'src').iterdir() if p.is_dir()}
    document = ROOT / 'ARCHITECTURE.md'
    rooms = rooms_in_document(document.read_text()) if document.exists() else None
    source.report(findings + compare_rooms(layers, folders, rooms))


if __name__ == '__main__':
    main()
