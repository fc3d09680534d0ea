"""python -m s2s heads: how far each head of a Transformer is from a person's links, and what it looks at."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from s2s import catalog
from s2s.cli.streams import say
from s2s.data.fingerprint import sha256, weights_of
from s2s.places import ASSETS

if TYPE_CHECKING:
    from s2s.evaluate.heads import Beside, Heads, Parted, Reading

_GOLD: Final = ASSETS / "gold"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `heads`."""
    meaning = "measure every head of a Transformer on aligned pairs: its error, and what it looks at"
    parser = commands.add_parser("heads", help=meaning, description=f"{meaning}.")
    parser.set_defaults(command=_heads)
    parser.add_argument("model", nargs="?", default=catalog.SUCCESSOR.model(), metavar="NAME",
                        help="a shipped model or the path of a model folder (default: "
                        "%(default)s)")  # fmt: skip
    parser.add_argument("--gold", type=Path, metavar="FILE",
                        help="pairs whose words a person has linked (default: those of its languages in "
                        "assets/gold)")  # fmt: skip
    parser.add_argument("--dev", type=Path, metavar="FILE",
                        help="other such pairs, to choose on; without them the lines of the gold with an "
                        "even number, counted from 0, are chosen on, and the odd ones told")  # fmt: skip
    parser.add_argument("--beside", metavar="NAME", default=catalog.ATTENDING.model(),
                        help="a recurrent model, measured on the same pairs (default: "
                        "%(default)s)")  # fmt: skip
    parser.add_argument("--write", action="store_true",
                        help="put what was measured beside the shipped models")  # fmt: skip
    parser.add_argument("--out", type=Path, default=catalog.SHIPPED, metavar="FOLDER",
                        help="where these are (default: the shipped models)")  # fmt: skip


def _heads(options: argparse.Namespace) -> None:
    from s2s.evaluate.heads import RECORD

    found = _measure(options.model, options.beside, options.gold, options.dev)
    for line in _lines(found):
        say(line)
    if options.write:
        catalog.write_whole(options.out / RECORD.name, found.to_json().encode())


def _measure(model: str, beside: str, gold: Path | None, dev: Path | None) -> Heads:
    import torch
    from tqdm import tqdm

    from s2s.evaluate.gold import read_gold
    from s2s.evaluate.heads import Heads, Measured, all_tests, measured, parted, scores
    from s2s.translator import Translator

    torch.set_num_threads(1)
    folder = catalog.locate(model)
    languages = catalog.read_config(folder)[0].languages
    gold = gold or _GOLD / f"{languages.name}.tsv"
    pairs = parted(read_gold(gold, languages), read_gold(dev, languages) if dev else None)
    translator = Translator.load(model)
    halves: list[Measured] = []
    with tqdm(total=sum(map(len, pairs)), unit="pair", dynamic_ncols=True) as bar:
        for half in pairs:
            for one in measured(translator, half):
                bar.update(one is None)
                halves += [] if one is None else [one]
    chosen, told = halves
    return Heads(
        model=folder.name,
        weights=weights_of(folder),
        gold=gold.name,
        gold_fingerprint=sha256(gold.read_bytes()),
        dev=dev.name if dev else None,
        dev_fingerprint=sha256(dev.read_bytes()) if dev else None,
        chosen_pairs=len(pairs.chosen),
        told_pairs=len(pairs.told),
        layers=told.layers,
        heads=told.heads,
        readings=scores(chosen, told),
        tests=tuple(all_tests(chosen.tally, told.tally)),
        beside=_beside(beside, pairs),
    )


def _beside(model: str, pairs: Parted) -> Beside | None:
    """None for a model without attention."""
    from s2s.evaluate.heads import Beside, error_of
    from s2s.translator import Translator

    folder, translator = catalog.locate(model), Translator.load(model)
    chosen, told = (error_of(translator, half) for half in pairs)
    if chosen is None or told is None:
        return None
    return Beside(model=folder.name, weights=weights_of(folder), chosen_on=chosen, told_on=told)


def _lines(found: Heads) -> Iterator[str]:
    """All errors, the best reading, and the names that heads deserve."""
    from s2s.claims.heads import names
    from s2s.looks import ATTENTIONS

    on = found.dev or f"the even lines of {found.gold}"
    yield f"AER of cross attention, {found.chosen_pairs} pairs to choose on ({on}), {found.told_pairs} more:"
    for one in found.readings:
        yield f"  {_called(one.reading):<40}{100 * one.chosen_on:6.1f} %{100 * one.told_on:8.1f} %"
    yield f"Chosen: {_called(found.best.reading)}, {100 * found.best.told_on:.1f} % on the others"
    if found.beside:
        yield f"Beside it: {found.beside.model}, {100 * found.beside.told_on:.1f} % on these"
    for of in ATTENTIONS:
        for layer in range(found.layers):
            for head in range(found.heads):
                said = [
                    f"{n.test} {n.share:.2f} (others {n.others:.2f})" for n in names(found, of, layer, head)
                ]
                if said:
                    yield f"{of}, layer {layer + 1}, head {head + 1}: {', '.join(said)}"


def _called(reading: Reading) -> str:
    layer, head = ((one or 0) + 1 for one in (reading.layer, reading.head))
    place = {
        "read": "the map that is read",
        "all": "mean of all",
        "layer": f"mean of layer {layer}",
        "head": f"layer {layer}, head {head}",
        "vectors": f"layer {layer}, head {head}, by vectors",
    }[reading.way]
    return f"{place}, {reading.row}"
