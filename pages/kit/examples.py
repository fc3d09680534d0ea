"""The example sentences, and the stored traces of a task's first one, drawn while the models load.

`python -m pages.kit.examples` stores them again, from the shipped models.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from s2s.catalog import tasks
from s2s.data.corpora import read_pairs
from s2s.errors import TraceError
from s2s.languages import FIRST, Languages
from s2s.places import ASSETS
from s2s.traces import Trace

_ENDS: Final = ".!?…"  # of sentences


@cache
def pairs(languages: Languages, name: str = "examples") -> Mapping[str, str]:
    """Sentences with a translation by a person, what a teacher would say: `assets/pairs/<pair>/<name>.tsv`;
    none where there is no such file."""
    path = ASSETS / "pairs" / languages.name / f"{name}.tsv"
    return dict(read_pairs(path)) if path.is_file() else {}


def further(languages: Languages) -> Mapping[str, str]:
    """Sentences to go on with, and what a person makes of them; none where nobody wrote any for these
    languages. None says again what another has said."""
    return pairs(languages, "further")


def lengthened(text: str, sentences: int, languages: Languages = FIRST) -> str:
    """The reader's sentence with further ones behind it, as many as there are; alone it stays as it was
    typed."""
    added = list(further(languages))[: sentences - 1]
    if not added:
        return text
    begun = text.strip()
    stop = "" if begun.endswith(tuple(_ENDS)) else "."
    return " ".join([begun + stop, *added])


REFERENCES: Final = pairs(FIRST)
EXAMPLES: Final = tuple(REFERENCES)
STORED: Final = ASSETS / "traces"
# The first example of each task, by the models of its main page.
STORED_MODELS: Final[Mapping[str, str]] = {
    name: next(iter(pairs(task.languages))) for task in tasks() for name in task.main
}


@cache
def stored_trace(model: str) -> Trace:
    """The trace of its task's first example by a shipped model, from its file. Raises TraceError."""
    path = STORED / f"{model}.json"
    if not path.is_file():
        raise TraceError("file_missing", path=path)
    return Trace.from_json(path.read_text(encoding="utf-8"), path=str(path))


def main() -> None:
    """Give each task's first example to its shipped models and store the traces."""
    from s2s.translator import Translator

    STORED.mkdir(exist_ok=True)
    for model, text in STORED_MODELS.items():
        trace = Translator.load(model).translate(text)
        (STORED / f"{model}.json").write_text(trace.to_json() + "\n", encoding="utf-8")
        print(f"{model}: {trace.target}")


if __name__ == "__main__":
    main()
