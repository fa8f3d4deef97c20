"""The corpora of tests/fuzz: one shape a file, for the parsers and for the whole program alike."""

from .gateway import REPOSITORY

CORPUS = REPOSITORY / "tests" / "fuzz" / "corpus"


def names(folder, *prefixes):
    """The files of a corpus, those with one of the prefixes; in order."""
    found = sorted(path.name for path in (CORPUS / folder).iterdir())
    return [name for name in found if name.startswith(prefixes or "")]


def shape(folder, name):
    return (CORPUS / folder / name).read_bytes()
