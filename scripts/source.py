"""What the check scripts share: the repository's files, C++ text without comments, one way to report."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

_TOKEN = re.compile(
    r'//(?:[^\n\\]|\\.|\\\n)*'  # a line comment
    r'|/\*.*?\*/'  # a block comment
    r'|R"(?P<raw>[^()\\\s]{0,16})\(.*?\)(?P=raw)"'  # a raw string
    r'|"(?:[^"\\\n]|\\.)*"'  # a string
    r"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'",  # a character, but not the ' of 1'000
    re.S)


def cxx_files(*folders):
    """Every .h and .cpp below the folders, sorted; folders are relative to the repository."""
    found = []
    for folder in folders:
        found += [p for p in (ROOT / folder).rglob('*') if p.suffix in ('.h', '.cpp')]
    return sorted(found)


def name_of(path):
    """The path as it stands in a finding."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _blank(match):
    return re.sub(r'[^\n]', ' ', match.group())


def without_comments(text):
    """The text with comments as blanks; lines and columns stay."""
    return _TOKEN.sub(lambda m: _blank(m) if m.group().startswith(('//', '/*')) else m.group(), text)


def bare_code(text):
    """The text with comments, literals and preprocessor lines as blanks; lines and columns stay."""
    return re.sub(r'^[ \t]*#(?:[^\n\\]|\\.|\\\n)*', _blank, _TOKEN.sub(_blank, text), flags=re.M)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def finding(path, line, what):
    return f'{name_of(path)}:{line}: {what}'


def report(findings):
    """Prints what was found and ends the script: 0 when there is nothing."""
    for line in findings:
        print(line)
    sys.exit(1 if findings else 0)
