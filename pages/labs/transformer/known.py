"""What was found of the heads on other sentences: the record beside the models, what may be said of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pages.kit.family import card_of, config_of
from pages.kit.live import Fact
from pages.kit.report import heads_record
from pages.kit.strings import Strings
from s2s import catalog
from s2s.claims.heads import FEWEST, LEAD, LEAST, names
from s2s.config import TransformerConfig
from s2s.data.fingerprint import weights_of
from s2s.errors import S2SError
from s2s.evaluate.heads import Heads, Reading
from s2s.looks import Attention
from s2s.traces import Trace


class Known(NamedTuple):
    """The record, where it is of the weights that answer; else why there is none, in a sentence."""

    record: Heads | None
    notice: str


def known(model: str, say: Strings) -> Known:
    """What may be said of the heads of a model."""
    try:
        record = heads_record()
        if record is None:
            return Known(None, say("heads.none"))
        folder = catalog.locate(model)
        written = (folder / catalog.WEIGHTS).stat().st_mtime_ns
        if record.model != folder.name or record.weights != _weights(folder, written):
            return Known(None, say("heads.of_others", model=record.model))
    except (S2SError, OSError) as error:
        return Known(None, say.error(error) if isinstance(error, S2SError) else say("heads.none"))
    return Known(record, "")


@lru_cache(maxsize=8)
def _weights(folder: Path, written: int) -> str:
    return weights_of(folder)


def does(record: Heads | None, of: Attention, layer: int, head: int, say: Strings) -> str:
    """What a head was found to do; "" where it has no name."""
    if record is None or layer >= record.layers or head >= record.heads:
        return ""
    return "; ".join(
        say(
            "heads.does_what",
            what=say(f"heads.{of}_{name.test}"),
            share=percent(name.share),
            others=percent(name.others),
        )
        for name in names(record, of, layer, head)
    )


def rule(record: Heads, say: Strings) -> str:
    """When a head gets a name, and on which pairs that was decided and told."""
    pairs = {"chosen": record.chosen_pairs, "told": record.told_pairs, "gold": record.gold, "dev": record.dev}
    parts = say("heads.parted" if record.dev is None else "heads.parted_files", **pairs)
    return " ".join(
        [
            say(
                "heads.rule", least=percent(LEAST), lead=percent(LEAD), fewest=FEWEST, told=record.told_pairs
            ),
            parts,
        ]
    )


def percent(share: float) -> str:
    """A share as people read it, without the sign."""
    return f"{100 * share:.0f}"


def called_reading(reading: Reading, model: str, say: Strings) -> str:
    """What a way to read one map out of a model is, in a line. Raises CheckpointError."""
    layer, head = (None if one is None else one + 1 for one in (reading.layer, reading.head))
    config, guide = config_of(model), card_of(model).guide
    named: str = reading.way
    if reading.way == "read" and isinstance(config, TransformerConfig):
        named, layer = f"read_{config.reading}", config.read_layer + 1
    what = say(f"transformer.map_{named}", layer=layer, head=head, guide=guide)
    return what if reading.row == "predicts" else f"{what}, {say('transformer.one_later')}"


def error_fact(trace: Trace, reading: Reading, record: Heads, say: Strings) -> Iterator[Fact]:
    """How far a map is from a person's links, on the pairs that were not there to choose; nothing for a model
    or a reading that was not measured."""
    error: float | None = None
    if trace.model == record.model and (score := record.score(reading)):
        error = score.told_on
    elif record.beside is not None and record.beside.model == trace.model:
        error = record.beside.told_on
    if error is not None:
        value = f"{100 * error:.1f}%"
        yield Fact(say("heads.error"), value, say("heads.error_help", pairs=record.told_pairs))
