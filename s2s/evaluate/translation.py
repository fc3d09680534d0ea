"""How good translations are: BLEU and chrF as sacreBLEU counts them, by length and on longer input too."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import product, zip_longest
from typing import Final, NamedTuple

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from s2s.data.corpora import Pair
from s2s.evaluate.evaluation import JoinedScore, LengthScore, Score
from s2s.text import normalise, words

LENGTHS: Final = ((1, 5), (6, 10), (11, 15), (16, None))  # words of the source: shortest, longest
JOINED: Final = 500  # inputs of two sentences, at most
SEED: Final = 1  # of which sentences are joined


class Sentence(NamedTuple):
    """A source and all its known translations."""

    source: str
    references: tuple[str, ...]


def sentences(pairs: Iterable[Pair]) -> list[Sentence]:
    """Each distinct source of `pairs` once, with its distinct translations, in order of appearance.

    Sources that a model reads as the same text are the same.
    """
    found: dict[str, tuple[str, dict[str, None]]] = {}
    for source, target in pairs:
        found.setdefault(normalise(source).text, (source, {}))[1][target] = None
    return [Sentence(source, tuple(references)) for source, references in found.values()]


def joined(singles: Sequence[Sentence]) -> list[Sentence]:
    """Two sentences as one, a space between them, with every combination of their references.

    The sentences are shuffled with `SEED`, then the first is joined to the second, the third to the fourth
    and so on, until there are `JOINED` inputs or no two sentences are left; none is in two inputs.
    """
    draw = random.Random(SEED).random  # the only draw that Python promises to keep as it is
    order = sorted(singles, key=lambda _: draw())[: 2 * JOINED]
    return [
        Sentence(
            f"{first.source} {second.source}",
            tuple(f"{a} {b}" for a, b in product(first.references, second.references)),
        )
        for first, second in zip(order[::2], order[1::2], strict=False)
    ]


def bleu(hypotheses: Sequence[str], references: Sequence[Sentence]) -> Score:
    """Corpus BLEU of one hypothesis or more (Papineni et al. 2002), each sentence with all its references."""
    return _score(BLEU(), hypotheses, references)


def chrf(hypotheses: Sequence[str], references: Sequence[Sentence]) -> Score:
    """Corpus chrF2 of one hypothesis or more (Popović 2015), each sentence with all its references."""
    return _score(CHRF(), hypotheses, references)


def by_length(hypotheses: Sequence[str], references: Sequence[Sentence]) -> tuple[LengthScore, ...]:
    """BLEU for each of `LENGTHS`."""
    lengths = [len(words(sentence.source)) for sentence in references]
    scores = []
    for shortest, longest in LENGTHS:
        chosen = [i for i, n in enumerate(lengths) if shortest <= n <= (longest or n)]
        value = _bleu_or_none([hypotheses[i] for i in chosen], [references[i] for i in chosen])
        scores.append(LengthScore(shortest=shortest, longest=longest, sentences=len(chosen), bleu=value))
    return tuple(scores)


def joined_score(hypotheses: Sequence[str], references: Sequence[Sentence]) -> JoinedScore:
    """BLEU of translations of `joined` inputs."""
    return JoinedScore(inputs=len(references), seed=SEED, bleu=_bleu_or_none(hypotheses, references))


def exact(hypotheses: Sequence[str], references: Sequence[Sentence]) -> float:
    """The share of hypotheses that are, normalised, one of their references."""
    hits = [
        normalise(hypothesis).text in {normalise(reference).text for reference in sentence.references}
        for hypothesis, sentence in zip(hypotheses, references, strict=True)
    ]
    return sum(hits) / len(hits)


def _bleu_or_none(hypotheses: Sequence[str], references: Sequence[Sentence]) -> float | None:
    return bleu(hypotheses, references).value if hypotheses else None


def _score(metric: BLEU | CHRF, hypotheses: Sequence[str], references: Sequence[Sentence]) -> Score:
    # sacreBLEU wants the first references of all sentences, then the second ones, None where one lacks them
    ranked = list(zip_longest(*(sentence.references for sentence in references)))
    value = metric.corpus_score(hypotheses, ranked).score
    return Score(value=value, signature=str(metric.get_signature()))
