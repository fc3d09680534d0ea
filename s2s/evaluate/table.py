"""Evaluations side by side: Markdown that reads well as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from s2s.evaluate.alignment_error import AlignmentScore
from s2s.evaluate.evaluation import Band, ChainScore, Evaluation, LengthScore
from s2s.evaluate.gap import Gap, Position, label
from s2s.evaluate.styles import STYLES
from s2s.evaluate.typed import OverSaid, Typed, WordByWord

NONE: Final = "-"
_STYLES_NOTE: Final = (
    "Final marks and case are left out of the comparison in every row: translations and references alike "
    "are put in lower case and lose every `.`, `!`, `?` and `…` at their end. Kept: the share of the chrF of "
    "the first row."
)
_WORD_BY_WORD_NOTE: Final = (
    "A seeded sample of sentences typed word by word, the final mark last. Normalised erasure (Arivazhagan "
    "et al. 2020): words shown and taken back per word of the final translation, case and final marks left "
    "out. Over-said: words that no word typed so far explains, or that are said more often than typed words "
    "explain. A lexicon learned by counting (IBM Model 1) judges every model alike. It also counts what is "
    "mistranslated or added freely: whole sentences and human translations show how much that is."
)


def table(evaluations: Sequence[Evaluation]) -> str:
    """A column for each of at least one evaluation of the same material, a row for each quantity that any
    of them has; below it, what all have in common."""
    columns = [_column(evaluation) for evaluation in evaluations]
    lines = [["", *(evaluation.setup.model for evaluation in evaluations)]]
    names = dict.fromkeys(name for column in columns for name in column)  # older records lack some
    lines += [[name, *(column.get(name, NONE) for column in columns)] for name in names]
    return "\n".join([grid(lines), "", *_notes(evaluations)])


def gap_table(found: Sequence[tuple[str, Gap]]) -> str:
    """A column for each of at least one model and its gap, a row for each quantity under both regimes."""
    columns = [_gap_column(gap) for _, gap in found]
    lines = [["", *(model for model, _ in found)]]
    lines += [[name, *(column[name] for column in columns)] for name in columns[0]]
    return grid(lines)


def position_table(gap: Gap) -> str:
    """A row for each position, a column for each quantity under both regimes: the teacher's / its own."""
    firsts = zip(gap.positions, gap.firsts_by_position, strict=True)
    return grid(
        [
            ["step", "pairs' steps", "accuracy, %", "loss, nats", "entropy, nats", "diverge here, %"],
            *(
                [label(at), f"{at.steps:,}", *_both_regimes(at).values(), _percent(first / gap.pairs)]
                for at, first in firsts
            ),
        ]
    )


def typed_table(found: Sequence[tuple[str, Typed]]) -> str:
    """For each of at least one model: a row for each way to type, and the same typed word by word; below it,
    how it was counted."""
    head = ["typed: chrF / BLEU / chrF kept, %", *(model for model, _ in found)]
    rows = [[style, *(_style(typed, style) for _, typed in found)] for style in STYLES]
    parts = [grid([head, *rows]), _STYLES_NOTE]
    columns = [_word_by_word_column(typed.word_by_word) for _, typed in found]
    if any(typed.word_by_word for _, typed in found):
        head = ["word by word", *head[1:]]
        rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
        parts += [grid([head, *rows]), _WORD_BY_WORD_NOTE]
    return "\n\n".join(parts)


def _style(typed: Typed, style: str) -> str:
    score = next((score for score in typed.styles if score.style == style), None)
    if score is None:
        return NONE
    return f"{_number(score.chrf)} / {_number(score.bleu)} / {_percent(typed.kept(score))}"


def _word_by_word_column(found: WordByWord | None) -> dict[str, str]:
    lexicon = found.lexicon_fingerprint[:12] if found and found.lexicon_fingerprint else None
    return {
        "normalised erasure": _number(found.erasure if found else None),
        **_over_said("before the last word", found.over_said if found else None),
        **_over_said("whole sentences", found.over_said_whole if found else None),
        **_over_said("human translations", found.over_said_references if found else None),
        "sentences": f"{found.sentences:,}" if found else NONE,
        "answers": f"{found.answers:,}" if found else NONE,
        "lexicon": f"{found.lexicon} {lexicon}" if found and lexicon else NONE,
    }


def _over_said(what: str, score: OverSaid | None) -> dict[str, str]:
    return {
        f"over-saying texts, {what}, %": _percent(score.often if score else None),
        f"over-said words, {what}, %": _percent(score.much if score else None),
    }


def _gap_column(gap: Gap) -> dict[str, str]:
    forced, free = gap.forced, gap.free
    return {
        "runs that diverge, %": _percent(gap.diverged),
        "half of these by step": NONE if gap.median_first is None else str(gap.median_first),
        **{f"{name}, forced / free": both for name, both in _both_regimes(gap.overall).items()},
        "exactly the reference, %, forced / free": _both(_percent(forced.exact), _percent(free.exact)),
        "BLEU, one reference, forced / free": _both(_number(forced.bleu), _number(free.bleu)),
        "pairs": f"{gap.pairs:,}",
        "steps": f"{gap.overall.steps:,}",
    }


def _both_regimes(position: Position) -> dict[str, str]:
    forced, free = position.forced, position.free
    return {
        "pieces as in the reference, %": _both(_percent(forced.accuracy), _percent(free.accuracy)),
        "loss of its pieces, nats": _both(_number(forced.loss), _number(free.loss)),
        "entropy of a piece's weights, nats": _both(_number(forced.entropy), _number(free.entropy)),
    }


def _both(forced: str, free: str) -> str:
    return NONE if forced == free == NONE else f"{forced} / {free}"


def grid(lines: Sequence[Sequence[str]]) -> str:
    """A head and rows, cells aligned; rows without any value are left out."""
    lines = [line for line in lines if set(line[1:]) != {NONE}]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    head, *body = (_line(line, widths) for line in lines)
    rule = "|".join(["", "-" * (widths[0] + 2), *(f"{'-' * (width + 1)}:" for width in widths[1:]), ""])
    return "\n".join([head, rule, *body])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, *values = cells
    aligned = [value.rjust(width) for value, width in zip(values, widths[1:], strict=True)]
    return f"| {' | '.join([name.ljust(widths[0]), *aligned])} |"


def _column(evaluation: Evaluation) -> dict[str, str]:
    gold = evaluation.gold
    return {
        "parameters, million": _number(evaluation.setup.parameters / 1e6),
        "BLEU": _number(evaluation.bleu.value),
        "chrF": _number(evaluation.chrf.value),
        **{_length(score): _number(score.bleu) for score in evaluation.by_length},
        f"BLEU, two sentences as one input ({evaluation.joined.inputs:,})": _number(evaluation.joined.bleu),
        **{_chain(score): _band(score.bleu) for score in evaluation.chains},
        "exactly a reference, %": _percent(evaluation.exact),
        "unfinished translations": f"{evaluation.unfinished:,}",
        "perplexity per piece": _number(evaluation.perplexity.value),
        **_links("posteriors", gold.explains if gold else None),
        **_links("row that predicts", gold.predicts if gold else None),
        **_links("row that reads", gold.reads if gold else None),
        "mean entropy of a word's weights, nats": _number(evaluation.entropy),
        "target pieces a second": f"{evaluation.speed.pieces_per_second:,.0f}",
        "milliseconds a sentence": _number(evaluation.speed.milliseconds),
    }


def _length(score: LengthScore) -> str:
    words = f"{score.shortest}+" if score.longest is None else f"{score.shortest}-{score.longest}"
    return f"BLEU, source of {words} words and marks ({score.sentences:,})"


def _chain(score: ChainScore) -> str:
    return f"BLEU, chains of {score.sentences} ({score.words:.0f} words, {score.inputs:,} inputs)"


def _band(band: Band) -> str:
    return f"{band.value:.1f} ({band.low:.1f}-{band.high:.1f})"


def _links(by: str, score: AlignmentScore | None) -> dict[str, str]:
    return {
        f"AER, {by}, %": _percent(score.aer if score else None),
        f"precision, {by}, %": _percent(score.precision if score else None),
        f"recall, {by}, %": _percent(score.recall if score else None),
        f"links, {by}": f"{score.links:,}" if score else NONE,
    }


def _percent(share: float | None) -> str:
    return _number(None if share is None else 100 * share)


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"


def _notes(evaluations: Sequence[Evaluation]) -> list[str]:
    first = evaluations[0]
    setup = first.setup
    notes = [
        f"{setup.data}: {first.pairs:,} pairs, {first.sentences:,} sentences with {first.references:,} "
        f"references; fingerprint {setup.data_fingerprint[:12]}"
    ]
    if gold := next((evaluation.gold for evaluation in evaluations if evaluation.gold), None):
        notes.append(f"{setup.gold}: {gold.pairs:,} pairs, {gold.predicts.sure:,} sure links")
    return [
        *notes,
        f"BLEU {first.bleu.signature}",
        f"chrF {first.chrf.signature}",
        ", ".join(f"{name} {version}" for name, version in setup.versions.items())
        + f"; threads: {setup.threads}",
    ]
