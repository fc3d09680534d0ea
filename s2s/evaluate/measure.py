"""Everything that is measured of one model, in one go."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol, Self, TypeVar

from s2s.data.corpora import Pair
from s2s.errors import DataError
from s2s.evaluate import keyboard, translation
from s2s.evaluate.alignment_error import AlignmentScore, Linked, alignment_score, word_links
from s2s.evaluate.evaluation import Evaluation, GoldScore, Perplexity, PhenomenonScore, Setup, Speed
from s2s.evaluate.exposure import Compared, Compares, compare_pair, gap_of
from s2s.evaluate.gold import GoldPair
from s2s.evaluate.keyboard import Judge, Typing
from s2s.evaluate.translation import Sentence
from s2s.languages import FIRST, Languages
from s2s.traces import Row, Trace

_TIMED: Final = 300  # sentences

Item = TypeVar("Item")
Result = TypeVar("Result")


class Translates(Compares, Protocol):
    """What can be measured; `s2s.translator.Translator` is one."""

    def translate(self, source: str) -> Trace:
        """The model's own translation."""

    def translations(self, sources: Sequence[str]) -> list[str]:
        """The texts of many, without their traces."""

    def align(self, source: str, target: str) -> Trace:
        """The same record for a given translation. Raises DataError when that is too long."""

    def explain(self, source: str, target: str) -> Trace:
        """The same with posteriors."""


class Material(NamedTuple):
    """What models are measured on, the same for all."""

    pairs: Sequence[Pair]
    sentences: Sequence[Sentence]
    joined: Sequence[Sentence]
    chains: Sequence[Sequence[Sentence]]  # for each of `translation.CHAINS`
    gold: Sequence[GoldPair]
    typing: Typing | None = None  # None: nothing is typed
    has_gap: bool = True  # whether teacher forcing and free running are compared
    languages: Languages = FIRST

    @classmethod
    def of(
        cls,
        pairs: Sequence[Pair],
        gold: Sequence[GoldPair] = (),
        *,
        typed: bool = False,
        judge: Judge | None = None,
        has_gap: bool = True,
        languages: Languages = FIRST,
    ) -> Self:
        """All that is made of some sentence pairs, at least one, and of gold alignments if there are any.
        Where sentences are `typed` too, a judge says what is over-said."""
        sentences = translation.sentences(pairs)
        joined, chains = translation.joined(sentences), translation.chains(sentences)
        typing = Typing.of(sentences, judge, language=languages.target) if typed else None
        return cls(pairs, sentences, joined, chains, gold, typing, has_gap, languages)

    @property
    def steps(self) -> int:
        """How often `evaluate` yields before it is done."""
        parts = (self.pairs, self.sentences, self.joined, *self.chains, self.gold)
        typed = self.typing.steps if self.typing else 0
        return sum(len(part) for part in parts) + typed


def evaluate(translator: Translates, material: Material, setup: Setup) -> Iterator[Evaluation | None]:
    """None after each sentence that was translated, aligned or compared; at last, the evaluation."""
    said = yield from _each(material.sentences, lambda s: _said(translator, s.source))
    joined = yield from _texts(translator, material.joined)
    chained = yield from _chained(translator, material)
    led = yield from _each(material.pairs, lambda pair: _led(translator, pair, has_gap=material.has_gap))
    drawn = yield from _each(material.gold, lambda pair: _drawn(translator, pair))
    hypotheses = [one.target for one in said]
    typed = None
    if material.typing:
        known = dict(zip((s.source for s in material.sentences), hypotheses, strict=True))
        typed = yield from keyboard.measure(translator.translations, material.typing, known)
    yield Evaluation(
        setup=setup,
        pairs=len(material.pairs),
        sentences=len(material.sentences),
        references=sum(len(sentence.references) for sentence in material.sentences),
        bleu=translation.bleu(hypotheses, material.sentences),
        chrf=translation.chrf(hypotheses, material.sentences),
        by_length=translation.by_length(hypotheses, material.sentences, language=material.languages.source),
        joined=translation.joined_score(joined, material.joined),
        chains=translation.chain_scores(chained, material.chains, language=material.languages.source),
        exact=translation.exact(hypotheses, material.sentences),
        unfinished=sum(one.cut for one in said),
        perplexity=_perplexity([one.forced for one in led if one.forced is not None]),
        entropy=_mean([entropy for one in said for entropy in one.entropies]),
        usual_surprisal=_percentile([one.surprisal for one in said], 0.99),
        gold=_gold_score([one for one in drawn if one is not None]),
        speed=_speed(said),
        gap=gap_of([one.compared for one in led]),
        typed=typed,
    )


def speeds(translators: Sequence[Translates], sentences: Sequence[Sentence]) -> tuple[Speed, ...]:
    """How fast each translates at least one sentence, or `_TIMED` drawn from more. They take turns at each of
    them, so that whatever else the machine does slows all alike."""
    timed = translation.shuffled(sentences)[:_TIMED]
    said = [[_said(translator, sentence.source) for translator in translators] for sentence in timed]
    return tuple(map(_speed, zip(*said, strict=True)))


def _speed(said: Sequence[_Said]) -> Speed:
    seconds = sum(one.seconds for one in said)
    return Speed(
        pieces_per_second=sum(one.pieces for one in said) / seconds, milliseconds=1000 * seconds / len(said)
    )


def _chained(translator: Translates, material: Material) -> Generator[None, None, list[list[str]]]:
    results = []
    for inputs in material.chains:
        said = yield from _texts(translator, inputs)
        results.append(said)
    return results


def _texts(translator: Translates, inputs: Sequence[Sentence]) -> Generator[None, None, list[str]]:
    said = translator.translations([sentence.source for sentence in inputs])
    yield from (None for _ in inputs)
    return said


def _each(items: Iterable[Item], work: Callable[[Item], Result]) -> Generator[None, None, list[Result]]:
    results = []
    for item in items:
        results.append(work(item))
        yield
    return results


class _Said(NamedTuple):
    """What is kept of a translation; its trace is too large to keep thousands."""

    target: str
    pieces: int
    cut: bool
    entropies: list[float]  # of the target words; none without attention
    surprisal: float  # of the source, in nats a character
    seconds: float


def _said(translator: Translates, source: str) -> _Said:
    started = time.perf_counter()
    trace = translator.translate(source)
    seconds = time.perf_counter() - started
    entropies: list[float] = []
    if (alignment := trace.alignment("words")) is not None:
        rows = zip(alignment.target_units, alignment.entropy, strict=True)
        entropies = [float(entropy) for unit, entropy in rows if not unit.is_end]
    return _Said(
        target=trace.target,
        pieces=len(trace.target_pieces),
        cut=trace.target_cut,
        entropies=entropies,
        surprisal=trace.source_surprisal,
        seconds=seconds,
    )


class _Forced(NamedTuple):
    """The reference under teacher forcing."""

    log_prob: float  # of the whole target, in nats
    pieces: int


class _Led(NamedTuple):
    """A pair with its reference: forced, and beside a free run where that is measured."""

    forced: _Forced | None
    compared: Compared | None


def _led(translator: Translates, pair: Pair, *, has_gap: bool) -> _Led:
    """The forced run of a comparison is that of the perplexity."""
    compared = compare_pair(translator, pair) if has_gap else None
    if compared is None:
        return _Led(_forced(translator, pair), None)
    return _Led(_Forced(compared.reference_log_prob, compared.reference_pieces), compared)


def _forced(translator: Translates, pair: Pair) -> _Forced | None:
    """None for a target longer than any translation."""
    try:
        trace = translator.align(pair.source, pair.target)
    except DataError:
        return None
    return _Forced(math.fsum(trace.log_probs), len(trace.log_probs))


def _perplexity(pairs: Sequence[_Forced]) -> Perplexity:
    pieces = sum(pair.pieces for pair in pairs)
    log_prob = math.fsum(pair.log_prob for pair in pairs)
    value = math.exp(-log_prob / pieces) if pieces else None
    return Perplexity(value=value, pairs=len(pairs), pieces=pieces)


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of all values does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


class _Drawn(NamedTuple):
    """The links of each read-out for one gold pair."""

    explains: Linked | None
    predicts: Linked
    reads: Linked


def _drawn(translator: Translates, pair: GoldPair) -> _Drawn | None:
    """None for a model without attention."""
    trace = translator.explain(pair.source, pair.target)
    if trace.weights is None:
        return None
    predicts, reads = (_linked(trace, pair, row) for row in ("predicts", "reads"))
    assert predicts is not None
    assert reads is not None
    return _Drawn(_linked(trace, pair, "explains"), predicts, reads)


def _linked(trace: Trace, pair: GoldPair, row: Row) -> Linked | None:
    alignment = trace.alignment("words", row=row)
    if alignment is None:
        return None
    return Linked(pair, word_links(alignment, pair.source, pair.target, languages=trace.languages))


def _gold_score(drawn: Sequence[_Drawn]) -> GoldScore | None:
    if not drawn:
        return None
    names = dict.fromkeys(name for one in drawn for name in one.predicts.gold.phenomena)
    return GoldScore(
        pairs=len(drawn),
        explains=_explained(drawn),
        predicts=alignment_score(one.predicts for one in drawn),
        reads=alignment_score(one.reads for one in drawn),
        phenomena=tuple(_phenomenon_score(name, drawn) for name in names),
    )


def _explained(drawn: Sequence[_Drawn]) -> AlignmentScore | None:
    """None for a model without posteriors."""
    explained = [one.explains for one in drawn if one.explains is not None]
    return alignment_score(explained) if explained else None


def _phenomenon_score(name: str, drawn: Sequence[_Drawn]) -> PhenomenonScore:
    shown = [one for one in drawn if name in one.predicts.gold.phenomena]
    return PhenomenonScore(
        name=name,
        pairs=len(shown),
        explains=None if (explained := _explained(shown)) is None else explained.aer,
        predicts=alignment_score(one.predicts for one in shown).aer,
        reads=alignment_score(one.reads for one in shown).aer,
    )
