"""python -m s2s evaluate: how well models translate and align, side by side."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from s2s.catalog import SHAPES, SUCCESSOR
from s2s.cli.outputs import check_writable, write
from s2s.cli.streams import say
from s2s.records import to_json

if TYPE_CHECKING:
    from s2s.data.corpora import Pair
    from s2s.evaluate.evaluation import ChainScore, Evaluation, Setup
    from s2s.languages import Languages

THREADS: Final = 1  # one sentence at a time gains nothing from more, and speeds then compare
_LIBRARIES: Final = ("torch", "sacrebleu", "sentencepiece")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `evaluate`."""
    meaning = "measure how well models translate and align: a table on standard output"
    parser = commands.add_parser("evaluate", help=meaning, description=meaning)
    parser.set_defaults(command=_evaluate)
    parser.add_argument("--model", dest="models", action="append", required=True, metavar="NAME",
                        help="a shipped model or the path of a model folder; may be repeated")  # fmt: skip
    parser.add_argument("data", type=Path, metavar="DATA",
                        help="pairs no model learned from: source TAB target a line, plain or .gz; "
                        "lines with the same source are several references")  # fmt: skip
    parser.add_argument("--gold", type=Path, metavar="FILE",
                        help="pairs with word alignments, such as those in assets/gold")  # fmt: skip
    parser.add_argument("--typed", action="store_true",
                        help="also measure sentences as people type them: without final mark, capitals or "
                        "accents, in capitals, and word by word")  # fmt: skip
    parser.add_argument("--lexicon", type=Path, metavar="FILE",
                        help="pairs to learn from which word explains which, such as train.tsv.gz: --typed, "
                        "and how much answers say that is not typed yet")  # fmt: skip
    parser.add_argument("--no-gap", dest="has_gap", action="store_false",
                        help="leave out teacher forcing against free running, half of the time")  # fmt: skip
    parser.add_argument("--json", metavar="FILE",
                        help="write everything measured there; - prints it instead of the table")  # fmt: skip


def _evaluate(options: argparse.Namespace) -> None:
    import torch
    from tqdm import tqdm

    from s2s.claims.bottleneck import length_claims
    from s2s.data.corpora import read_pairs
    from s2s.evaluate.gold import read_gold
    from s2s.evaluate.keyboard import Judge
    from s2s.evaluate.measure import Material, evaluate
    from s2s.evaluate.table import table, typed_table
    from s2s.translator import Translator

    torch.set_num_threads(THREADS)
    check_json(options.json)
    languages = _languages_of(options.models[0])  # measured on one file, all have the same
    judge = None
    if options.lexicon:
        judge = Judge.learn(options.lexicon.name, read_pairs(options.lexicon), languages=languages)
    material = Material.of(
        read_pairs(options.data),
        read_gold(options.gold, languages) if options.gold else (),
        typed=options.typed or judge is not None,
        judge=judge,
        has_gap=options.has_gap,
        languages=languages,
    )
    models = [
        (Translator.load(name), setup_of(name, options.data, material.pairs, gold=options.gold))
        for name in options.models
    ]
    evaluations: list[Evaluation] = []
    with tqdm(total=len(models) * material.steps, unit="sentence", dynamic_ncols=True) as bar:
        for translator, setup in models:
            bar.set_description(setup.model)
            for evaluation in evaluate(translator, material, setup):
                if evaluation is None:
                    bar.update()
                else:
                    evaluations.append(evaluation)
    record = to_json([evaluation.to_dict() for evaluation in evaluations], indent=1)
    if options.json == "-":
        say(record)
        return
    say(table(evaluations))
    if typed := [(e.setup.model, e.typed) for e in evaluations if e.typed is not None]:
        say("\n" + typed_table(typed))
    if claims := length_claims(_chains(evaluations)):
        say("\n" + "\n".join(map(str, claims)))
    if options.json is not None:
        write(Path(options.json), record + "\n")


def check_json(option: str | None) -> None:
    """Raise DataError if what --json names cannot be written."""
    if option is not None and option != "-":
        check_writable(Path(option))


def _chains(evaluations: Sequence[Evaluation]) -> dict[str, Sequence[ChainScore]]:
    """What length does to each kind of model of the family that was measured; the last of a kind counts."""
    kinds = {(kind.attention, kind.cell, kind.direction): kind.name for kind in (*SHAPES, SUCCESSOR)}
    found: dict[str, Sequence[ChainScore]] = {}
    for evaluation in evaluations:
        setup = evaluation.setup
        kind = kinds.get((setup.attention, setup.cell, setup.direction))
        if kind is not None and evaluation.chains:
            found[kind] = evaluation.chains
    return found


def setup_of(name: str, data: Path, pairs: Sequence[Pair], *, gold: Path | None = None) -> Setup:
    """Which model is measured, on what and with what. Raises CheckpointError."""
    from s2s import catalog
    from s2s.config import ModelConfig
    from s2s.data.fingerprint import fingerprint, sha256
    from s2s.evaluate.evaluation import Setup

    folder = catalog.locate(name)
    model, card = catalog.read_config(folder)
    return Setup(
        model=folder.name,
        attention=model.attention,
        cell=model.cell if isinstance(model, ModelConfig) else "",
        direction=model.direction if isinstance(model, ModelConfig) else "",
        parameters=card.parameters,
        weights=sha256(catalog.read_part(folder / catalog.WEIGHTS)),
        data=data.name,
        data_fingerprint=fingerprint(pairs),
        gold=gold.name if gold else None,
        gold_fingerprint=sha256(gold.read_bytes()) if gold else None,
        threads=THREADS,
        versions={"Python": platform.python_version()}
        | {library: version(library) for library in _LIBRARIES},
    )


def _languages_of(name: str) -> Languages:
    from s2s import catalog

    return catalog.read_config(catalog.locate(name))[0].languages
