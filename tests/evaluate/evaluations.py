"""Two evaluations made up for the tests: of a model with attention, and of one without."""

import dataclasses

from s2s.evaluate.alignment_error import AlignmentScore
from s2s.evaluate.evaluation import (
    Band,
    ChainScore,
    Evaluation,
    GoldScore,
    JoinedScore,
    LengthScore,
    Perplexity,
    PhenomenonScore,
    Score,
    Setup,
    Speed,
)
from s2s.evaluate.styles import STYLES
from s2s.evaluate.typed import OverSaid, StyleScore, Typed, WordByWord
from tests.evaluate.gaps import GAP, GAP_WITHOUT_ATTENTION

TYPED = Typed(
    styles=tuple(
        StyleScore(style=style, chrf=64.0 - 8 * place, bleu=48.0 - 8 * place)
        for place, style in enumerate(STYLES)
    ),
    word_by_word=WordByWord(
        sentences=200,
        seed=1,
        answers=1700,
        erasure=2.125,
        lexicon="learned.tsv",
        lexicon_fingerprint="0123456789abcdef" * 4,
        over_said=OverSaid(texts=1300, often=0.75, much=0.375),
        over_said_whole=OverSaid(texts=200, often=0.5, much=0.125),
        over_said_references=OverSaid(texts=200, often=0.25, much=0.0625),
    ),
)
EVALUATION = Evaluation(
    setup=Setup(
        model="made-up-dot",
        attention="dot",
        parameters=3_210_000,
        weights="ab" * 32,
        data="pairs.tsv",
        data_fingerprint="cd" * 32,
        gold="gold.tsv",
        gold_fingerprint="ef" * 32,
        threads=1,
        versions={"Python": "3.11.0", "torch": "2.0"},
    ),
    pairs=1300,
    sentences=1200,
    references=1250,
    bleu=Score(value=41.25, signature="nrefs:var|tok:13a"),
    chrf=Score(value=61.5, signature="nrefs:var|nc:6"),
    by_length=(
        LengthScore(
            shortest=1,
            longest=5,
            sentences=1200,
            bleu=40.5,
            words=3.5,
            bleu_band=Band(value=40.5, low=39.0, high=42.25),
            chrf_band=Band(value=60.5, low=59.0, high=62.0),
        ),
        LengthScore(shortest=6, longest=None, sentences=0, bleu=None),
    ),
    joined=JoinedScore(inputs=500, seed=1, bleu=37.125),
    chains=tuple(
        ChainScore(
            sentences=count,
            inputs=480 // count,
            words=8.25 * count,
            bleu=Band(value=52.5 - count, low=51.25 - count, high=53.75 - count),
            chrf=Band(value=65.5 - count, low=64.25 - count, high=66.75 - count),
        )
        for count in (1, 2, 3, 4)
    ),
    exact=0.3125,
    unfinished=3,
    perplexity=Perplexity(value=3.75, pairs=1299, pieces=9000),
    entropy=0.875,
    usual_surprisal=3.125,
    gold=GoldScore(
        pairs=100,
        explains=AlignmentScore(aer=0.0, precision=0.8125, recall=0.75, links=1100, sure=1000),
        predicts=AlignmentScore(aer=0.25, precision=0.75, recall=0.6875, links=1100, sure=1000),
        reads=AlignmentScore(aer=0.9375, precision=0.125, recall=0.0625, links=1050, sure=1000),
        phenomena=(PhenomenonScore(name="negation", pairs=12, explains=0.125, predicts=0.25, reads=0.875),),
    ),
    speed=Speed(pieces_per_second=1234.5, milliseconds=8.125),
    gap=GAP,
    typed=TYPED,
)
WITHOUT_ATTENTION = dataclasses.replace(
    EVALUATION,
    setup=dataclasses.replace(EVALUATION.setup, model="made-up-none", attention="none"),
    entropy=None,
    gold=None,
    gap=GAP_WITHOUT_ATTENTION,
)
WITHOUT_GAP = dataclasses.replace(EVALUATION, gap=None)
WITHOUT_TYPED = dataclasses.replace(EVALUATION, typed=None)
