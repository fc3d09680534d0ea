"""python -m s2s data fragments: parts of sentences with the part of the translation that belongs to them."""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from s2s.cli.outputs import write_new
from s2s.cli.settings import add_settings
from s2s.cli.streams import say
from s2s.config import FragmentConfig
from s2s.data.aligner import Aligner
from s2s.data.corpora import Pair, pairs_as_tsv, read_pairs
from s2s.data.fragments import KINDS, Fragment, Kind, choose, collect
from s2s.errors import DataError
from s2s.evaluate.fragment_score import FragmentScore, score_fragments
from s2s.evaluate.gold import read_gold
from s2s.text import lower_words

_ITERATIONS: Final = 10  # in each direction
_SHOWN: Final = 10  # of each kind


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `data fragments`."""
    meaning = "cut sentence pairs into parts that translate each other"
    parser = actions.add_parser(
        "fragments",
        help=meaning,
        description=f"{meaning.capitalize()}: beginnings of sentences, single words, and groups of words. "
        "Models that learn from them, beside whole sentences, give half a translation to half a sentence. "
        "Words are aligned by a model learned from the pairs themselves. Prints counts and examples.",
    )
    parser.set_defaults(command=_fragments)
    parser.add_argument("pairs", type=Path, nargs="+", metavar="FILE",
                        help="pairs to learn from: source TAB target a line, plain or .gz")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="FILE",
                        help="where the fragments go: source TAB target a line, packed if it ends in .gz; "
                        "never overwritten with different contents")  # fmt: skip
    parser.add_argument("--gold", type=Path, metavar="FILE",
                        help="pairs with word alignments, such as those in assets/gold: say how many "
                        "fragments agree with them")  # fmt: skip
    add_settings(parser, FragmentConfig)


def _fragments(options: argparse.Namespace) -> None:
    from tqdm import tqdm

    config = FragmentConfig(**{s.name: getattr(options, s.name) for s in dataclasses.fields(FragmentConfig)})
    gold = read_gold(options.gold, config.languages) if options.gold else []
    pairs = [pair for path in options.pairs for pair in read_pairs(path)]
    read = len(pairs)
    pairs, sides = _short_enough(pairs, config)
    if not pairs:
        raise DataError("pairs_too_long", limit=config.max_words)
    with tqdm(desc="aligning", total=2 * _ITERATIONS, unit="round", dynamic_ncols=True) as bar:
        aligner = Aligner.learned(*sides, iterations=_ITERATIONS, on_round=bar.update)
    alignments = aligner.align(*sides)
    found = collect(
        pairs, tqdm(alignments, desc="cutting", total=len(pairs), unit="pair", dynamic_ncols=True), config
    )
    chosen = choose(found.counts, config)
    if not chosen.fragments:
        raise DataError("no_fragments", pairs=len(pairs))
    data = pairs_as_tsv(Pair(fragment.source, fragment.target) for fragment in chosen.fragments)
    write_new({options.out: data if options.out.suffix == ".gz" else gzip.decompress(data)})
    say(f"{read:,} pairs were read; {read - len(pairs):,} of more than {config.max_words} words left out.")
    say("\n".join(_report(chosen.fragments, found.left_out, chosen.left_out, config.seed)))
    if gold:
        say("\n".join(_agreement(score_fragments(gold, aligner, config))))
    say(f"\n{options.out}: {len(chosen.fragments):,} fragments")


def _short_enough(
    pairs: Sequence[Pair], config: FragmentConfig
) -> tuple[list[Pair], tuple[list[list[str]], list[list[str]]]]:
    """The pairs without those that are long or have no word on a side, and their words."""
    kept: list[Pair] = []
    sources: list[list[str]] = []
    targets: list[list[str]] = []
    for pair in pairs:
        source = lower_words(pair.source, config.source_language)
        target = lower_words(pair.target, config.target_language)
        if source and target and max(len(source), len(target)) <= config.max_words:
            kept.append(pair)
            sources.append(source)
            targets.append(target)
    return kept, (sources, targets)


def _report(
    fragments: Sequence[Fragment], uncut: Counter[str], unchosen: Counter[str], seed: int
) -> Iterator[str]:
    """How many of each kind and length there are, what was left out, and examples."""
    counts = Counter((fragment.kind, fragment.words) for fragment in fragments)
    lengths = range(1, max(length for _, length in counts) + 1)
    yield "\n| source words | " + " | ".join(map(str, lengths)) + " | all | share |"
    yield "|---" * (len(lengths) + 3) + "|"
    for kind in KINDS:
        row = [counts[kind, length] for length in lengths]
        numbers = " | ".join(f"{number:,}" for number in [*row, sum(row)])
        yield f"| {kind} | {numbers} | {sum(row) / len(fragments):.0%} |"
    for title, reasons in (("Not cut, by occurrence:", uncut), ("Cut, not kept, each once:", unchosen)):
        yield f"\n{title}"
        yield from (f"{number:>12,}  {reason}" for reason, number in reasons.most_common() if number)
    drawing = random.Random(seed)
    for kind in KINDS:
        some = [fragment for fragment in fragments if fragment.kind == kind]
        yield f"\n{kind}, for example:"
        yield from (
            f"  {one.source}  ->  {one.target}" for one in drawing.sample(some, min(_SHOWN, len(some)))
        )


def _agreement(scores: Mapping[Kind, FragmentScore]) -> Iterator[str]:
    yield "\n| against the gold links | cut | consistent with them | found of what they cut |"
    yield "|---|---|---|---|"
    together = FragmentScore(*map(sum, zip(*scores.values(), strict=True)))
    for name, score in (*scores.items(), ("all", together)):
        consistent, met = (f"{a / b:.1%}" if b else "-" for a, b in (score[1::-1], score[3:1:-1]))
        yield f"| {name} | {score.found:,} | {consistent} | {met} |"
