"""Our trainer beside a toolkit and beside the loop of the tutorials: same text, pieces, sizes and minutes.

`python -m benchmarks.toolkit {ours,step-loop} FOLDER SECONDS SENTENCES` trains in a process of its own,
translates, and prints JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks import apart, joeynmt
from benchmarks.corpus import shipped_pieces, test_sentences, train_pairs
from benchmarks.report import Row
from benchmarks.training import Trained, our_run
from s2s.config import ModelConfig, TrainConfig
from s2s.data.examples import encode_pairs
from s2s.evaluate.translation import bleu

_ATTENTION: Final = "general"  # what the toolkit calls luong
_STEP_LOOP_BATCH: Final = 128  # sentences, as in the tutorials
_OVER_TOOLKIT: Final = 8.0  # times its tokens a second
_OVER_STEP_LOOP: Final = 3.0


def rows(folder: Path, *, minutes: float, sentences: int) -> list[Row]:
    """What each trainer made of the same time, one after the other, and how ours compares."""
    ours = _apart("ours", folder, 60 * minutes, sentences)
    test = test_sentences(folder, sentences)
    sources = [sentence.source for sentence in test]
    toolkit = joeynmt.trained(folder, sources, seconds=ours.seconds)
    step_loop = _apart("step-loop", folder, ours.seconds, sentences)
    named = {"s2s": ours, "JoeyNMT 2.3.0": toolkit, "step loop of the tutorials": step_loop}
    scores = {name: bleu(trained.said, test).value for name, trained in named.items()}
    best = max(scores[name] for name in named if name != "s2s")
    return [
        *(Row("toolkit", name, _measured(trained, scores[name])) for name, trained in named.items()),
        _times("JoeyNMT", _speed(ours) / _speed(toolkit), _OVER_TOOLKIT),
        _times("the step loop", _speed(ours) / _speed(step_loop), _OVER_STEP_LOOP),
        Row(
            "toolkit",
            f"BLEU of s2s less the better of the two ({len(test):,} sentences, {minutes:g} minutes each)",
            f"{scores['s2s'] - best:+.1f}",
            "above 0",
            scores["s2s"] > best,
        ),
    ]


def _measured(trained: Trained, score: float) -> str:
    return (
        f"{_speed(trained):,.0f} target tokens/s; BLEU {score:.1f} after {trained.tokens / 1e6:.2f} M target "
        f"tokens in {trained.seconds / 60:.2f} minutes"
    )


def _times(other: str, ratio: float, wanted: float) -> Row:
    what = f"target tokens/s of s2s over those of {other}"
    return Row("toolkit", what, f"{ratio:.1f}", f"at least {wanted:.0f}", ratio >= wanted)


def _speed(trained: Trained) -> float:
    return trained.tokens / trained.seconds


def _apart(name: str, folder: Path, seconds: float, sentences: int) -> Trained:
    return Trained(*apart.answer("benchmarks.toolkit", name, str(folder), str(seconds), str(sentences)))


def _ours(folder: Path, seconds: float, sources: Sequence[str]) -> Trained:
    """The recipe with its number format and its schedule over the time there is."""
    from s2s.train.loop import fit
    from s2s.translator import Translator

    with tempfile.TemporaryDirectory() as place:
        model = Path(place) / "s2s"
        run = our_run(folder, model, attention=_ATTENTION, precision="auto", minutes=seconds / 60)
        steps = fit(run)
        first = next(steps)
        started = time.perf_counter() - first.tokens / first.tokens_per_second
        for progress in steps:
            tokens, passed = progress.tokens, time.perf_counter() - started
        translator = Translator.load(str(model))
        said = [translator.translate(source).target for source in sources]
    return Trained(tokens, passed, said)


def _step_loop(folder: Path, seconds: float, sources: Sequence[str]) -> Trained:
    """The tutorials' loop, from pieces that were made before its time begins."""
    import torch

    from benchmarks.step_loop import as_seq2seq, train
    from s2s.checkpoints import Checkpoint
    from s2s.translator import Translator

    torch.set_num_threads(apart.THREADS)
    pieces, config = shipped_pieces(), ModelConfig(attention=_ATTENTION)
    examples = encode_pairs(
        train_pairs(folder),
        source=pieces.source,
        target=pieces.target,
        max_length=TrainConfig().max_length,
    )
    learned = train(examples, config, seconds=seconds, batch_size=_STEP_LOOP_BATCH, seed=1)
    checkpoint = Checkpoint(as_seq2seq(learned.model, config), pieces.source, pieces.target)
    translator = Translator("step loop", checkpoint)
    said = [translator.translate(source).target for source in sources]
    return Trained(learned.tokens, learned.seconds, said)


_TRAINERS: Final[dict[str, Callable[[Path, float, Sequence[str]], Trained]]] = {
    "ours": _ours,
    "step-loop": _step_loop,
}


def _main(name: str, folder: str, seconds: str, sentences: str) -> None:
    sources = [sentence.source for sentence in test_sentences(Path(folder), int(sentences))]
    print(json.dumps(_TRAINERS[name](Path(folder), float(seconds), sources)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
