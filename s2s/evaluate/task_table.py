"""Other tasks than the first as Markdown that reads well as plain text: their scores beside copying the
input, and a training that goes on until it knows its pairs by heart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from s2s.evaluate.evaluation import Score
from s2s.evaluate.memorising import Memorising, Stage
from s2s.evaluate.scores import Manner, Quality, TaskScore
from s2s.evaluate.table import NONE, grid

_SCORES: Final = (
    "Each on the test part of its own data, greedy, measured with `python -m s2s scores`. BLEU and chrF see "
    "words where they should stand, so each figure stands beside what copying the input gets, and beside "
    "what people wrote (all references) where it can be counted of that. Copied: words of the output that "
    "stand in the input. Loops: outputs that say one to six words three times in a row. Register: outputs "
    "whose last word has the ending that is asked for, by a rule that takes some casual endings for polite "
    "ones."
)
_MEMORISING: Final = (
    "One training of {model}, stopped after more and more updates: `python -m s2s memorising`. By heart: of "
    "{train} sentences that it learned from, those that it answers word for word as there. Distinct: "
    "different answers to {dev} sentences that it did not learn from; from train: those of these that "
    "stand in the training pairs word for word. Fitting: answers to {questions} everyday questions, "
    "judged by hand one by one; {seen} of the questions stand in the training pairs, the others are unseen. "
    "The model that is shipped is the one after {chosen} updates."
)


def scores_section(scores: Sequence[TaskScore]) -> list[str]:
    """The scores as paragraphs and tables, one for each file that models were measured on."""
    parts = [_SCORES]
    for name in dict.fromkeys((score.data, score.data_fingerprint) for score in scores):
        here = [score for score in scores if (score.data, score.data_fingerprint) == name]
        first = here[0]
        parts += [
            f"{', '.join(score.model for score in here)}: {first.data}, {first.inputs:,} inputs with "
            f"{first.references:,} references; fingerprint {first.data_fingerprint[:12]}.",
            _table(here),
            "\n".join(
                f"{_name(score)} {score.signature}" for score in (*first.output.bleu, first.output.chrf)
            ),
        ]
    return parts


def _table(scores: Sequence[TaskScore]) -> str:
    columns = [
        *((score.model, _column(score.output)) for score in scores),
        ("copying the input", _column(scores[0].copying)),
        ("people", _manner(scores[0].people)),
    ]
    names = dict.fromkeys(name for _, column in columns for name in column)
    lines = [["", *(head for head, _ in columns)]]
    lines += [[name, *(column.get(name, NONE) for _, column in columns)] for name in names]
    return grid(lines)


def _column(quality: Quality) -> dict[str, str]:
    return {
        "exactly a reference, %": _percent(quality.exact),
        "chrF": f"{quality.chrf.value:.1f}",
        **{_name(score): f"{score.value:.1f}" for score in quality.bleu},
        **_manner(quality.manner),
    }


def _manner(manner: Manner) -> dict[str, str]:
    return {
        "words copied, %": _percent(manner.copied),
        "distinct outputs, %": _percent(manner.distinct),
        "loops, %": _percent(manner.loops),
        "in the register, %": _percent(manner.register),
    }


def _name(score: Score) -> str:
    """What a score is called: BLEU by what cuts its words."""
    cut = tokenizer_of(score)
    return f"BLEU ({cut})" if cut else "chrF"


def tokenizer_of(score: Score) -> str:
    """What cut the words of a BLEU, without its versions; "" for chrF, which cuts none."""
    parts = dict(part.split(":", 1) for part in score.signature.split("|"))
    return parts.get("tok", "").partition("-0")[0]


def memorising_section(found: Memorising) -> list[str]:
    """The record as a paragraph and a table, a row for each stage."""
    heads = (
        "updates", "train loss", "dev loss", "by heart, %", "distinct, %", "from train, %", "fitting",
        "fitting, unseen", "most frequent answer",
    )  # fmt: skip
    rows = [[f"{one.updates:,}", *_stage(one, found)] for one in found.stages]
    text = _MEMORISING.format(
        model=found.model,
        train=f"{found.train_inputs:,}",
        dev=f"{found.dev_inputs:,}",
        questions=len(found.questions),
        seen=sum(found.seen),
        chosen=f"{found.chosen:,}",
    )
    return [text, grid([heads, *rows])]


def _stage(one: Stage, found: Memorising) -> list[str]:
    return [
        NONE if one.train_loss is None else f"{one.train_loss:.2f}",
        NONE if one.dev_loss is None else f"{one.dev_loss:.2f}",
        _percent(one.by_heart),
        _percent(one.distinct),
        _percent(one.from_train),
        NONE if one.fitting is None else f"{sum(one.fitting)} of {len(one.fitting)}",
        NONE if (fitting := found.fitting_unseen(one)) is None else f"{fitting} of {found.unseen}",
        f"{one.commonest} ({_percent(one.commonest_share)} %)",
    ]


def _percent(share: float | None) -> str:
    return NONE if share is None else f"{100 * share:.1f}"
