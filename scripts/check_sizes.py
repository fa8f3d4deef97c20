#!/usr/bin/env python3
"""Files of at most 500 lines, functions of at most 70; counts the shared_ptr of src/."""
import re
import sys

import source
from source import ROOT, finding, line_of

MOST_FILE_LINES = 500
MOST_FUNCTION_LINES = 70

_LABEL = re.compile(r'\s*(?:public|protected|private)\s*:(?!:)')
_ATTRIBUTE = re.compile(r'\[\[[^\]]*\]\]|alignas\s*\([^)]*\)')


def _without_templates(head):
    """`head` without its leading template<...> lists: their `class` is no class."""
    while True:
        start = re.match(r'\s*template\s*<', head)
        if not start:
            return head
        depth, end = 1, start.end()
        while depth and end < len(head):
            depth += {'<': 1, '>': -1}.get(head[end], 0)
            end += 1
        head = head[end:]


def _kind(head):
    """What a brace opens when `head` stands before it outside of functions."""
    head = _LABEL.sub('', head)
    head = _ATTRIBUTE.sub(' ', _without_templates(head)).strip()
    if re.match(r'(?:inline\s+)?namespace\b|extern\b\s*$', head):
        return 'scope'
    if re.match(r'(?:typedef\s+)?(?:class|struct|union)\b', head):
        return 'scope'
    return 'function' if '(' in head and not head.startswith('enum') else 'data'


def functions(text):
    """(first line, last line) of every function body outside of other functions, with its head.

    An approximation by braces: it needs no compiler, and what it takes for a function by mistake (a
    member initialised with braces) is short.
    """
    code = source.bare_code(text)
    found, scopes, start = [], [], 0
    for match in re.finditer(r'[{};]', code):
        at = match.start()
        inside = bool(scopes) and scopes[-1][0] in ('function', 'data')
        if match.group() == '{':
            head = code[start:at]
            label = _LABEL.match(head)
            head_at = start + (label.end() if label else 0)
            head_at += len(code[head_at:at]) - len(code[head_at:at].lstrip())
            scopes.append(('data' if inside else _kind(head), head_at))
        elif match.group() == '}' and scopes:
            kind, head_at = scopes.pop()
            if kind == 'function':
                found.append((line_of(code, head_at), line_of(code, at)))
        start = at + 1
    return found


def check_text(path, text, measure_functions):
    findings = []
    lines = text.count('\n')
    if lines > MOST_FILE_LINES:
        findings.append(finding(path, lines, f'{lines} lines, at most {MOST_FILE_LINES}'))
    if measure_functions:
        for first, last in functions(text):
            if last - first + 1 > MOST_FUNCTION_LINES:
                findings.append(finding(path, first, f'a function of {last - first + 1} lines, '
                                                     f'at most {MOST_FUNCTION_LINES}'))
    return findings


def main():
    findings, shared = [], {}
    scripts = sorted((ROOT / 'scripts').rglob('*.py')) + sorted((ROOT / 'tests').rglob('*.py'))
    for path in source.cxx_files('src', 'tests', 'bench') + scripts:
        if 'node_modules' in path.parts:
            continue
        text = path.read_text()
        in_src = path.is_relative_to(ROOT / 'src')
        findings += check_text(path, text, in_src)
        uses = len(re.findall(r'\b(?:shared_ptr|make_shared)\b', source.bare_code(text)))
        if in_src and uses:
            shared[source.name_of(path)] = uses
    listed = ', '.join(f'{name} {uses}' for name, uses in shared.items())
    print(f'shared_ptr in src: {sum(shared.values())}' + (f' ({listed})' if listed else ''),
          file=sys.stderr)
    source.report(findings)


if __name__ == '__main__':
    main()
