#!/usr/bin/env python3
"""Words that do not belong: notes to self in sources, sleeping in tests."""
import re

import source
from source import finding

# (folders, pattern, only in code, what to say)
RULES = [
    (('src',), r'\b(TODO|FIXME|XXX)\b', False, '{}: finish it or open an issue'),
    (('tests/unit', 'tests/component'), r'\b(sleep_for|sleep_until|usleep|nanosleep)\b', True,
     '{}: a test waits for an event or moves its clock, it never sleeps'),
]


def check_text(path, text, pattern, only_code, what):
    searched = source.bare_code(text) if only_code else text
    return [finding(path, number, what.format(match.group()))
            for number, line in enumerate(searched.splitlines(), 1)
            for match in re.finditer(pattern, line)]


def main():
    findings = []
    for folders, pattern, only_code, what in RULES:
        for path in source.cxx_files(*folders):
            findings += check_text(path, path.read_text(), pattern, only_code, what)
    source.report(findings)


if __name__ == '__main__':
    main()
