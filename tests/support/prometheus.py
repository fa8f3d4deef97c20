"""Reads Prometheus' text format, strictly enough to find mistakes in it."""

import re

SAMPLE = re.compile(r'^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\\n]|\\.)*)"(?:,|$)')


class Metrics:
    def __init__(self, text):
        self.types = {}
        self.helps = {}
        self.samples = []
        assert text.endswith("\n")
        for line in text.splitlines():
            self._line(line)

    def _line(self, line):
        if line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert name not in self.types, f"{name} has two TYPE lines"
            self.types[name] = kind
        elif line.startswith("# HELP "):
            name, _, text = line[7:].partition(" ")
            assert name not in self.helps, f"{name} has two HELP lines"
            self.helps[name] = text
        elif line and not line.startswith("#"):
            self._sample(line)

    def _sample(self, line):
        match = SAMPLE.match(line)
        assert match, f"no sample: {line!r}"
        name, labels, value = match.groups()
        pairs = dict(LABEL.findall(labels or ""))
        assert LABEL.sub("", labels or "") == "", f"bad labels: {line!r}"
        self.samples.append((name, pairs, float(value)))

    def value(self, name, **labels):
        """The sum of all samples of `name` that have these labels."""
        return sum(value for sample, pairs, value in self.samples if sample == name
                   and labels.items() <= pairs.items())

    def label_values(self, name, label):
        return {pairs.get(label) for sample, pairs, _ in self.samples if sample == name}

    def names(self):
        return {name for name, _, _ in self.samples}
