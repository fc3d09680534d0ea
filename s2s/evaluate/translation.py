"""How good translations are: BLEU and chrF as sacreBLEU counts them, by length and on longer input too."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import product, zip_longest
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from s2s.data.corpora import Pair
from s2s.evaluate.evaluation import Band, ChainScore, JoinedScore, LengthScore, Score
from s2s.languages import FIRST
from s2s.text import count_words, normalise, words

LENGTHS: Final = ((1, 5), (6, 10), (11, 15), (16, None))  # words and marks of the source: shortest, longest
JOINED: Final = 500  # inputs of two sentences, at most
CHAINS: Final = (1, 2, 3, 4, 6, 8)  # sentences in an input
CHAINED: Final = 480  # sentences that all chains are made of, at most; a multiple of each of these
RESAMPLES: Final = 1000
SEED: Final = 1  # of which sentences are joined, and of the resamples


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
    order = shuffled(singles)[: 2 * JOINED]
    return [
        Sentence(
            f"{first.source} {second.source}",
            tuple(f"{a} {b}" for a, b in product(first.references, second.references)),
        )
        for first, second in zip(order[::2], order[1::2], strict=False)
    ]


def chains(singles: Sequence[Sentence]) -> list[list[Sentence]]:
    """For each of `CHAINS`, inputs of that many sentences, a space between them, with their first references.

    All are cut from one shuffled list of at most `CHAINED` sentences, so that only the length of the inputs
    differs. Where the sentences do not come out even the last ones are left over.
    """
    order = shuffled(singles)[:CHAINED]
    return [
        [_chain(order[i : i + count]) for i in range(0, len(order) - count + 1, count)] for count in CHAINS
    ]


def _chain(links: Sequence[Sentence]) -> Sentence:
    source, target = (
        " ".join(texts) for texts in zip(*((s.source, s.references[0]) for s in links), strict=True)
    )
    return Sentence(source, (target,))


def shuffled(singles: Sequence[Sentence]) -> list[Sentence]:
    """The sentences in an order drawn with `SEED`, on every machine the same."""
    draw = random.Random(SEED).random  # the only draw that Python promises to keep as it is
    return sorted(singles, key=lambda _: draw())


def bleu(hypotheses: Sequence[str], references: Sequence[Sentence]) -> Score:
    """Corpus BLEU of one hypothesis or more (Papineni et al. 2002), each sentence with all its references."""
    return scored(BLEU(), hypotheses, references)


def chrf(hypotheses: Sequence[str], references: Sequence[Sentence]) -> Score:
    """Corpus chrF2 of one hypothesis or more (Popović 2015), each sentence with all its references."""
    return scored(CHRF(), hypotheses, references)


def bands(hypotheses: Sequence[str], references: Sequence[Sentence]) -> tuple[Band, Band]:
    """BLEU and chrF of one hypothesis or more, and how far chance moves them: the inputs drawn again with
    replacement, `RESAMPLES` times, seeded (Koehn 2004)."""
    drawn = resamples(len(hypotheses))
    first, second = (band(_resampled(metric, hypotheses, references, drawn)) for metric in (BLEU(), CHRF()))
    return first, second


def resamples(count: int) -> NDArray[np.int64]:
    """How often each of `count` inputs, at least one, is in each resample, (1 + RESAMPLES, count); the first
    is the inputs themselves."""
    # The legacy generator is the one whose draws NumPy promises to keep.
    drawn = np.random.RandomState(SEED).multinomial(count, [1 / count] * count, size=RESAMPLES)
    return np.concatenate([np.ones((1, count), dtype=np.int64), drawn])


def resampled_bleu(
    hypotheses: Sequence[str], references: Sequence[Sentence], drawn: NDArray[np.int64]
) -> NDArray[np.float64]:
    """BLEU of each row of `resamples`, (rows,)."""
    return _resampled(BLEU(), hypotheses, references, drawn)


def band(values: NDArray[np.float64]) -> Band:
    """A quantity in each row of `resamples` as its value and the range of 95 of 100. A resample in which
    there is nothing to measure is NaN and does not count."""
    low, high = np.nanpercentile(values[1:], (2.5, 97.5))
    return Band(value=float(values[0]), low=float(low), high=float(high))


def _resampled(
    metric: BLEU | CHRF, hypotheses: Sequence[str], references: Sequence[Sentence], drawn: NDArray[np.int64]
) -> NDArray[np.float64]:
    # What sacreBLEU counts in each input is summed over a resample, as it is over a corpus.
    counts = np.array(metric._extract_corpus_statistics(hypotheses, _ranked(references)))  # (inputs, counts)
    scores = (metric._compute_score_from_stats(each.tolist()).score for each in drawn @ counts)
    return np.fromiter(scores, dtype=np.float64, count=len(drawn))


def by_length(
    hypotheses: Sequence[str], references: Sequence[Sentence], *, language: str = FIRST.source
) -> tuple[LengthScore, ...]:
    """BLEU and chrF for each of `LENGTHS`, with bands."""
    lengths = [len(words(sentence.source, language)) for sentence in references]
    scores = []
    for shortest, longest in LENGTHS:
        chosen = [i for i, n in enumerate(lengths) if shortest <= n <= (longest or n)]
        found = bands([hypotheses[i] for i in chosen], [references[i] for i in chosen]) if chosen else None
        scores.append(
            LengthScore(
                shortest=shortest,
                longest=longest,
                sentences=len(chosen),
                bleu=found[0].value if found else None,
                words=sum(lengths[i] for i in chosen) / len(chosen) if chosen else None,
                bleu_band=found[0] if found else None,
                chrf_band=found[1] if found else None,
            )
        )
    return tuple(scores)


def chain_scores(
    hypotheses: Sequence[Sequence[str]],
    references: Sequence[Sequence[Sentence]],
    *,
    language: str = FIRST.source,
) -> tuple[ChainScore, ...]:
    """BLEU and chrF, with bands, of translations of `chains`; lengths without an input are left out."""
    scores = []
    for sentences_, said, wanted in zip(CHAINS, hypotheses, references, strict=True):
        if said:
            first, second = bands(said, wanted)
            mean = sum(count_words(sentence.source, language) for sentence in wanted) / len(wanted)
            scores.append(
                ChainScore(sentences=sentences_, inputs=len(said), words=mean, bleu=first, chrf=second)
            )
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


def scored(metric: BLEU | CHRF, hypotheses: Sequence[str], references: Sequence[Sentence]) -> Score:
    """What a metric finds of one hypothesis or more, each sentence with all its references."""
    value = metric.corpus_score(hypotheses, _ranked(references)).score
    return Score(value=value, signature=str(metric.get_signature()))


def _ranked(references: Sequence[Sentence]) -> list[tuple[Any, ...]]:
    """As sacreBLEU wants them: the first references of all sentences, then the second ones, None where one
    lacks them."""
    return list(zip_longest(*(sentence.references for sentence in references)))
