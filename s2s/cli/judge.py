"""python -m s2s judge: how often the judge of lost words is right."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from s2s import catalog
from s2s.cli.outputs import check_writable, write
from s2s.cli.streams import say
from s2s.records import to_json

if TYPE_CHECKING:
    from s2s.evaluate.judging import JudgeScore


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `judge`."""
    meaning = "measure how often the judge of lost words is right"
    parser = commands.add_parser(
        "judge",
        help=meaning,
        description=f"{meaning.capitalize()}: on translations by people whose words are linked by hand, "
        "whole and with words taken out, replaced, or a sentence left out or said as another.",
    )
    parser.set_defaults(command=_judge)
    parser.add_argument("--model", default=catalog.ATTENDING.model(), metavar="NAME",
                        help="the model that judges, one with attention (default: %(default)s)")  # fmt: skip
    parser.add_argument("--gold", type=Path, metavar="FILE",
                        help="pairs with word alignments (default: those in assets/gold)")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE",
                        help="write what was measured there")  # fmt: skip


def _judge(options: argparse.Namespace) -> None:
    import torch
    from tqdm import tqdm

    from s2s.data.fingerprint import sha256
    from s2s.data.senses import as_tsv, senses
    from s2s.evaluate.gold import GOLD, read_gold
    from s2s.evaluate.judging import Counts, JudgeScore, counted, scored, trials
    from s2s.evaluate.lost import Judged, judge_trace
    from s2s.translator import Translator

    torch.set_num_threads(1)
    if options.json:
        check_writable(options.json)
    gold = options.gold or GOLD
    translator = Translator.load(options.model)
    languages = translator.languages
    pairs = read_gold(gold, languages)
    asked = list(trials(pairs, languages))

    def judge(source: str, target: str) -> tuple[Judged, ...]:
        return judge_trace(translator.explain(source, target))

    counts: Counts = Counter()
    for found in tqdm(counted(asked, judge, languages), total=len(asked), unit="text"):
        counts += found
    folder = catalog.locate(options.model)
    score = JudgeScore(
        model=folder.name,
        weights=sha256(catalog.read_part(folder / catalog.WEIGHTS)),
        senses=sha256(as_tsv(senses(languages)).encode()),
        gold=gold.name,
        gold_fingerprint=sha256(gold.read_bytes()),
        pairs=len(pairs),
        forms=scored(counts),
    )
    say(table(score))
    if options.json:
        write(options.json, to_json(score.to_dict(), indent=1) + "\n")


def table(score: JudgeScore) -> str:
    """What the judge said of the words of each form, and how often it was right."""
    rows = [f"{'':<20}{'words':>8}{'kept':>8}{'lost':>8}{'unclear':>9}"]
    for form in score.forms:
        for known, found in (("not lost", form.kept), ("lost", form.lost)):
            if found.words:
                shares = "".join(f"{100 * part / found.words:>{width}.1f}%" for part, width in
                                 ((found.kept, 7), (found.lost, 7), (found.unclear, 8)))  # fmt: skip
                rows.append(f"{form.form + ', ' + known:<20}{found.words:>8,}{shares}")
    told = (
        f"lost: precision {score.precision:.3f}, recall {score.recall:.3f} ({score.missed:.3f} called kept)",
        f"kept: precision {score.kept_precision:.3f}, recall {score.kept_recall:.3f}",
        f"called lost in whole translations by people: {100 * score.alarms:.2f}%",
    )
    return "\n".join([*rows, *told])
