#!/usr/bin/env python3
"""Adds up JUnit files: prints "<passed> <failed>". A file that is missing counts as one failure."""
import pathlib
import sys
import xml.etree.ElementTree as ET


def count(paths):
    passed = failed = 0
    for path in paths:
        if not pathlib.Path(path).exists():
            failed += 1
            continue
        for suite in ET.parse(path).getroot().iter('testsuite'):
            number = {key: int(suite.get(key, 0))
                      for key in ('tests', 'failures', 'errors', 'skipped', 'disabled')}
            bad = number['failures'] + number['errors']
            failed += bad
            passed += number['tests'] - bad - number['skipped'] - number['disabled']
    return passed, failed


if __name__ == '__main__':
    print(*count(sys.argv[1:]))
