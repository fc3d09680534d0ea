"""What is said of the shape of a picture: what is copied, and how far the order of words turns round."""

from __future__ import annotations

from collections.abc import Iterator

from pages.kit.strings import Strings
from s2s.evaluate.shape import Shape
from s2s.languages import Languages


def shape_findings(shape: Shape, languages: Languages, say: Strings) -> Iterator[str]:
    """Sentences; of copies where there are some, or might be, as in one language."""
    if shape.copied == shape.found > 0:
        yield say("shape.copied_all", copied=shape.copied, words=shape.words)
    elif shape.copied:
        yield say("shape.copied", copied=shape.copied, words=shape.words, found=shape.found)
    elif shape.words and languages.source == languages.target:
        yield say("shape.copied_none", words=shape.words)
    if shape.crossed:
        percent = f"{100 * shape.crossed / shape.pairs:.0f}"
        yield say("shape.turned", crossed=shape.crossed, pairs=shape.pairs, percent=percent)
    elif shape.pairs:
        yield say("shape.kept", pairs=shape.pairs)
