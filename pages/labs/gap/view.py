"""What a reader chose to measure the gap on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pages.kit.state import OneOf, chosen

FOLDER: Final = Path(__file__).resolve().parents[3] / "data" / "fra-eng"  # where `data fetch` puts it
OWN: Final = "own"  # a reader's file


def parts_here() -> dict[str, Path]:
    """The parts of the corpus that are here."""
    paths = {part: FOLDER / f"{part}.tsv.gz" for part in ("dev", "test")}
    return {part: path for part, path in paths.items() if path.is_file()}


@dataclass(frozen=True)
class View:
    """The file of pairs."""

    file: str = chosen(OneOf(lambda: (*parts_here(), OWN)), link="gap-file")
