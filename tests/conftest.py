import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, settings

from s2s.catalog import SHIPPED, locate
from s2s.checkpoints import Checkpoint, load
from s2s.config import AnyModelConfig, DecodeConfig, ModelConfig, TrainConfig, TransformerConfig, TypingConfig
from s2s.data.tokenizer import Tokenizer
from s2s.model.families import build
from s2s.model.seq2seq import Seq2Seq
from s2s.train.loop import Run, fit
from s2s.translator import Translator
from tests.sentences import PAIRS, PHRASES
from tests.translators import Named

pytest_plugins = ["tests.visits"]

torch.set_num_threads(1)

# The same examples on every machine; how long one takes says nothing on a busy one.
settings.register_profile(
    "house", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

VOCAB = 60
VOCAB_WITH_BYTES = 310
HIDDEN = 16

BuildTiny = Callable[..., Seq2Seq]


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, without which single files run, too
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: half of the time, browsers wait."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def tokenizers() -> tuple[Tokenizer, Tokenizer]:
    """French and English, VOCAB pieces each."""
    return (
        Tokenizer.train((pair.source for pair in PAIRS), size=VOCAB),
        Tokenizer.train((pair.target for pair in PAIRS), size=VOCAB),
    )


@pytest.fixture(scope="session")
def with_bytes() -> tuple[Tokenizer, Tokenizer]:
    """French and English with bytes for what is no piece, VOCAB_WITH_BYTES pieces each."""
    sides = zip(*((pair.source, pair.target) for pair in PAIRS), strict=True)
    source, target = (Tokenizer.train(s, size=VOCAB_WITH_BYTES, byte_fallback=True) for s in sides)
    return source, target


@pytest.fixture(scope="session")
def build_tiny() -> BuildTiny:
    """A function from attention, cell, layers, direction and seed to a small model, untrained.

    Models are shared: a test that changes one takes a copy.
    """

    @cache
    def build_once(
        attention: str, cell: str = "lstm", layers: int = 1, direction: str = "both", *, seed: int = 3
    ) -> Seq2Seq:
        config = ModelConfig(
            attention=attention, cell=cell, layers=layers, direction=direction, hidden=HIDDEN,
            source_vocab=VOCAB, target_vocab=VOCAB, dropout=0.0,
        )  # fmt: skip
        with torch.inference_mode(mode=False):  # also when the first to ask is in inference mode
            return build(config, seed=seed).eval()

    return build_once


@pytest.fixture(scope="session")
def trained_folder(tmp_path_factory: pytest.TempPathFactory, tokenizers: tuple[Tokenizer, Tokenizer]) -> Path:
    """A model folder as training leaves it, after a second of learning. Read it, do not write to it."""
    config = ModelConfig(
        attention="general", hidden=HIDDEN, source_vocab=VOCAB, target_vocab=VOCAB, dropout=0.0
    )
    return _trained(tmp_path_factory.mktemp("models") / "tiny-general", config, tokenizers)


@pytest.fixture(scope="session")
def transformer_folder(
    tmp_path_factory: pytest.TempPathFactory, tokenizers: tuple[Tokenizer, Tokenizer], trained_folder: Path
) -> Path:
    """The same of a Transformer, one head of which the other model taught where to look."""
    config = TransformerConfig(
        hidden=HIDDEN, heads=4, feedforward=24, source_vocab=VOCAB, target_vocab=VOCAB, dropout=0.0
    )
    folder = tmp_path_factory.mktemp("models") / "tiny-transformer"
    return _trained(folder, config, tokenizers, updates=40, guide=trained_folder)


def _trained(
    folder: Path,
    config: AnyModelConfig,
    tokenizers: tuple[Tokenizer, Tokenizer],
    *,
    updates: int = 200,
    guide: Path | None = None,
) -> Path:
    run = Run(
        folder=folder,
        model=config,
        guide=guide,
        train=TrainConfig(
            **TypingConfig.off(),
            updates=updates,
            batch_tokens=256,
            warmup=5,
            peak_rate=3e-2,
            average=0.5,
            precision="float32",
            word_dropout=0.0,
            label_smoothing=0.0,
            joined=0.0,
        ),
        pairs=PHRASES,
        dev_pairs=PHRASES,
        source=tokenizers[0],
        target=tokenizers[1],
        data="sentences of the tests",
    )
    for _ in fit(run):
        pass
    return folder


@pytest.fixture(scope="session")
def checkpoint(trained_folder: Path) -> Checkpoint:
    return load(trained_folder)


@pytest.fixture(scope="session")
def translator(trained_folder: Path) -> Translator:
    return Translator.load(str(trained_folder))


@pytest.fixture(scope="session", autouse=True)
def _shipped_models_are_loaded_once() -> Iterator[None]:
    """Whoever loads a model of the repository, a test, a command or the app, gets the one of this process."""
    load_new = Translator.load

    @cache
    def load_once(folder: Path) -> Translator:
        return load_new(str(folder))

    def load_shared(name: str, *, limits: DecodeConfig | None = None) -> Translator:
        folder = locate(name)
        if limits is not None or folder.parent != SHIPPED:
            return load_new(name, limits=limits)
        return load_once(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Translator, "load", load_shared)
        yield


@pytest.fixture(scope="session")
def loaded() -> None:
    """The translators, loaded as the app loads them."""
    from pages.kit.translators import MODELS, shelf  # loads Streamlit, which few tests need

    shelf().load_in_background()
    while not shelf().has(MODELS):
        time.sleep(0.05)


@pytest.fixture(scope="session")
def untrained(build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer]) -> Named:
    """A function from attention and cell to an untrained translator and what is in it."""

    def make(attention: str, cell: str = "lstm", layers: int = 1) -> tuple[Translator, Checkpoint]:
        checkpoint = Checkpoint(build_tiny(attention, cell, layers), *tokenizers)
        return Translator(f"tiny-{attention}", checkpoint), checkpoint

    return make
