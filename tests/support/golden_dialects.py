"""Reads the golden conversations: tests/golden/dialects/<provider>/<caller>-<name>.golden."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "golden" / "dialects"


class Conversation:
    def __init__(self, path):
        head, *parts = re.split(r"^=== (.*)\n", path.read_text(), flags=re.M)
        self.name = f"{path.parent.name}/{path.stem}"
        self.keys = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line and line[0] != "#")
        self.sections = {title: body.strip("\n") for title, body in zip(parts[::2], parts[1::2])}

    def __repr__(self):
        return self.name

    def get(self, title):
        """A section that a codec made well, else None."""
        body = self.sections.get(title)
        return None if body is None or "!!" in body else body


def conversations(provider="*", caller="*"):
    return [Conversation(path) for path in sorted(FOLDER.glob(f"{provider}/{caller}-*.golden"))]


def of(title, **which):
    """The conversations in which this section was made well."""
    found = [each for each in conversations(**which) if each.get(title)]
    assert found, (title, which)
    return found
