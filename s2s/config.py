"""Settings of models and trainings: frozen objects with limits. Each field states its default, meaning and
unit once; the command line's options and help, the JSON beside the weights and the error messages are made
from that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from s2s.errors import ConfigError
from s2s.languages import FIRST, LANGUAGES, Languages
from s2s.settings import Settings, setting

NO_ATTENTION: Final = "none"
GENERAL: Final = "general"
ATTENTIONS: Final = (NO_ATTENTION, "dot", GENERAL, "concat")
SCALED: Final = "scaled-dot"  # of a Transformer: in several heads
CELLS: Final = ("rnn", "gru", "lstm")
DIRECTIONS: Final = ("both", "forward", "backward")
MEAN, HEAD = READINGS = ("mean", "head")
RECURRENT, TRANSFORMER = FAMILIES = ("recurrent", "transformer")
LEARNED, ABSENT = "learned", "absent"
POSITIONS: Final = ("sinusoidal", LEARNED, ABSENT)
PRECISIONS: Final = ("auto", "float32", "bfloat16")
TEACHER, SCHEDULED, FREE, PROFESSOR = REGIMES = ("teacher", "scheduled", "free", "professor")
SIGMOID, LINEAR, EXPONENTIAL = SCHEDULES = ("sigmoid", "linear", "exponential")
TWO_PASS, STEP_BY_STEP = SAMPLINGS = ("two-pass", "step-by-step")


@dataclass(frozen=True, kw_only=True)
class _LanguageSettings(Settings):
    """The languages of the two sides: how words are counted and what they are called."""

    source_language: str = setting(FIRST.source, "language of the source", choices=tuple(LANGUAGES))
    target_language: str = setting(FIRST.target, "language of the target", choices=tuple(LANGUAGES))

    @property
    def languages(self) -> Languages:
        """Both."""
        return Languages(self.source_language, self.target_language)


@dataclass(frozen=True, kw_only=True)
class ModelConfig(_LanguageSettings):
    """What a model is, before its weights are read: its languages, and the shape to build."""

    attention: str = setting(GENERAL, "how the decoder scores encoder states", choices=ATTENTIONS)
    cell: str = setting("lstm", "the recurrent cell of encoder and decoder", choices=CELLS)
    hidden: int = setting(
        384, "width of embeddings, encoder states (both directions) and decoder states", low=2, high=4096
    )
    direction: str = setting(
        "both", "how the encoder reads: both ways, or one way only, hidden wide", choices=DIRECTIONS
    )
    layers: int = setting(1, "recurrent layers in the encoder, and in the decoder", low=1, high=8)
    source_vocab: int = setting(4000, "pieces in the source vocabulary", low=8, high=200_000)
    target_vocab: int = setting(4000, "pieces in the target vocabulary", low=8, high=200_000)
    dropout: float = setting(
        0.1, "share of embedding and attentional-state values dropped in training", low=0.0, high=0.9
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.hidden % 2:
            raise ConfigError("hidden_not_even", value=self.hidden)

    @property
    def family(self) -> str:
        """Which of `FAMILIES` it is of."""
        return RECURRENT

    @property
    def attends(self) -> bool:
        """Whether the decoder looks back at the encoder states."""
        return self.attention != NO_ATTENTION

    @property
    def reach(self) -> int | None:
        """Recurrence has no longest sentence."""
        return None


@dataclass(frozen=True, kw_only=True)
class TransformerConfig(_LanguageSettings):
    """The same of a model without recurrence (Vaswani et al. 2017)."""

    hidden: int = setting(256, "width of embeddings and of all states", low=2, high=4096)
    heads: int = setting(8, "heads of each attention; they share the width", low=1, high=64)
    layers: int = setting(2, "layers in the encoder, and in the decoder", low=1, high=12)
    feedforward: int = setting(1024, "width inside the network at every position", low=1, high=16_384)
    positions: str = setting("sinusoidal", "how a piece's place is told", choices=POSITIONS)
    longest: int = setting(512, "positions that learned ones know, on either side", low=8, high=8192)
    source_vocab: int = setting(4000, "pieces in the source vocabulary", low=8, high=200_000)
    target_vocab: int = setting(4000, "pieces in the target vocabulary", low=8, high=200_000)
    dropout: float = setting(
        0.1, "share of values dropped in training behind embedding, looks and layers", low=0.0, high=0.9
    )

    reading: str = setting(
        MEAN, "how one map is read out of the last decoder layer: the mean over its heads, or its first "
        "head, which a guide taught where to look", choices=READINGS,
    )  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.hidden % 2:
            raise ConfigError("hidden_not_even", value=self.hidden)
        if self.hidden % self.heads:
            raise ConfigError("heads_not_dividing", heads=self.heads, value=self.hidden)

    @property
    def family(self) -> str:
        """Which of `FAMILIES` it is of."""
        return TRANSFORMER

    @property
    def attention(self) -> str:
        """How it scores, as it is called beside the recurrent models."""
        return SCALED

    @property
    def attends(self) -> bool:
        """Always."""
        return True

    @property
    def reach(self) -> int | None:
        """Positions that it knows on either side; None where there is no end to them."""
        return self.longest if self.positions == LEARNED else None

    @property
    def read_layer(self) -> int:
        """The decoder layer, from 0, that one map is read out of: the last, which knows most of what is said
        next."""
        return self.layers - 1

    def to_dict(self) -> dict[str, Any]:
        """Plain values, the family among them."""
        return {"family": self.family, **super().to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Settings from plain values, with or without the family. Raises ConfigError."""
        if isinstance(values, Mapping):
            values = {name: value for name, value in values.items() if name != "family"}
        return super().from_dict(values)


AnyModelConfig = ModelConfig | TransformerConfig


def model_config(values: Mapping[str, Any]) -> AnyModelConfig:
    """The shape that plain values tell, of the family that they name; of the first where they name none.
    Raises ConfigError."""
    if not isinstance(values, Mapping) or "family" not in values:
        return ModelConfig.from_dict(values)
    family = values["family"]
    if family == TRANSFORMER:
        return TransformerConfig.from_dict(values)
    if family != RECURRENT:
        raise ConfigError("setting_not_a_choice", name="family", value=family, choices=", ".join(FAMILIES))
    return ModelConfig.from_dict({name: value for name, value in values.items() if name != "family"})


@dataclass(frozen=True, kw_only=True)
class TypingConfig(Settings):
    """Which share of training examples is changed to what people type, see `data.modifiers`. The defaults are
    the recipe of `make models`."""

    exchanged: float = setting(
        0.15, "share of examples whose numbers and a name are exchanged on both sides", low=0.0, high=1.0
    )
    typed: float = setting(0.4, "share of examples that are changed as below", low=0.0, high=1.0)
    unmarked: float = setting(0.6, "of those, without the final mark on both sides", low=0.0, high=1.0)
    lower: float = setting(0.6, "of those, in lower case", low=0.0, high=1.0)
    unaccented: float = setting(0.4, "of those, without accents", low=0.0, high=1.0)
    spaceless: float = setting(0.3, "of those, without the space before ! ? ; :", low=0.0, high=1.0)
    ligature: float = setting(0.3, "of those, with œ as oe", low=0.0, high=1.0)
    emphasis: float = setting(0.04, "of those, with one to three words in capitals", low=0.0, high=1.0)
    title: float = setting(0.04, "of those, with a capital at each word", low=0.0, high=1.0)
    slip: float = setting(0.06, "of those, with a slip of the finger", low=0.0, high=1.0)
    fragment_share: float = setting(
        0.2, "share of examples that are fragments, where fragments are given", low=0.0, high=0.9
    )

    @staticmethod
    def off() -> dict[str, Any]:
        """The values that leave examples as they are."""
        return {one.name: 0.0 for one in dataclasses.fields(TypingConfig)}


@dataclass(frozen=True, kw_only=True)
class RegimeConfig(Settings):
    """What the decoder is fed in training: the reference, its own words, or a mixture. Schedules are those of
    Bengio et al. (2015); i counts the updates done."""

    regime: str = setting(
        TEACHER, "what the decoder is fed: the reference, a mixture that moves to its own words, its own "
        "words, or the reference while a discriminator compares both", choices=REGIMES,
    )  # fmt: skip
    schedule: str = setting(
        SIGMOID, "how the probability of feeding the reference falls in scheduled sampling: "
        "k / (k + exp(i / k)), k - c i or k ** i", choices=SCHEDULES,
    )  # fmt: skip
    sigmoid_k: float = setting(2000.0, "k of the inverse sigmoid", low=1.0, high=1e7)
    linear_k: float = setting(1.0, "k of the linear schedule, where it starts", low=0.0, high=1.0)
    linear_c: float = setting(5e-5, "c of the linear schedule, its fall in an update", low=0.0, high=1.0)
    linear_floor: float = setting(0.0, "lowest probability of the linear schedule", low=0.0, high=0.99)
    exponential_k: float = setting(
        0.9999, "k of the exponential schedule, the share left by an update", low=0.0, high=0.999_999_9
    )
    sampling: str = setting(
        TWO_PASS, "where scheduled sampling takes the model's own words from: a first pass over the whole "
        "reference (Mihaylova & Martins 2019), or the very words fed before", choices=SAMPLINGS,
    )  # fmt: skip
    fooling: float = setting(
        0.03,
        "weight of the cost of free runs that professor forcing's discriminator tells",
        low=0.0,
        high=100.0,
    )
    fooling_forced: float = setting(
        0.0, "weight of the cost of forced runs that it tells, optional in the paper", low=0.0, high=100.0
    )
    discriminator_hidden: int = setting(128, "width of the discriminator, each way", low=2, high=1024)
    discriminator_rate: float = setting(1e-3, "Adam's learning rate for it", low=1e-6, high=1.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.linear_floor > self.linear_k:
            raise ConfigError("schedule_below_floor", value=self.linear_k, floor=self.linear_floor)


@dataclass(frozen=True, kw_only=True)
class TrainConfig(RegimeConfig, TypingConfig):
    """How a model is trained, and how its examples are changed before. The defaults are the recipe of
    `make models`."""

    updates: int = setting(20_000, "updates in the whole run", low=1, high=10_000_000)
    minutes: float = setting(
        0.0,
        "minutes spent in updates in the whole run, in place of updates; 0 is off",
        low=0.0,
        high=100_000.0,
    )
    batch_tokens: int = setting(3072, "source pieces in a batch, at most", low=16, high=1_000_000)
    max_length: int = setting(60, "longer pairs (pieces on either side) are left out", low=4, high=512)
    peak_rate: float = setting(3e-3, "AdamW's learning rate after the warm-up", low=1e-6, high=1.0)
    final_share: float = setting(0.02, "share of the peak rate left at the end", low=0.0, high=1.0)
    warmup: int = setting(300, "updates over which the rate rises", low=0, high=100_000)
    weight_decay: float = setting(0.01, "AdamW's weight decay", low=0.0, high=1.0)
    clip: float = setting(1.0, "largest norm of the gradient", low=1e-3, high=1e3)
    average: float = setting(
        0.999, "decay of the moving average of weights that is saved, per update", low=0.0, high=0.99999
    )
    label_smoothing: float = setting(0.1, "probability spread evenly over the vocabulary", low=0.0, high=0.9)
    word_dropout: float = setting(0.0, "share of source pieces replaced by unknown", low=0.0, high=0.9)
    coverage: float = setting(
        0.5, "weight of the cost of looking at the source unevenly (Xu et al. 2015)", low=0.0, high=100.0
    )
    agreement: float = setting(
        0.4,
        "weight of the distance from weights to posteriors (Shankar & Sarawagi 2019)",
        low=0.0,
        high=100.0,
    )
    joined: float = setting(
        0.33, "share of examples that a random other is appended to, and of those a third", low=0.0, high=1.0
    )
    in_domain_share: float = setting(
        0.6, "share of pairs that are in-domain ones, where such are given", low=0.0, high=0.9
    )
    dev_every: int = setting(500, "updates between two looks at the dev loss", low=1, high=1_000_000)
    save_every: int = setting(250, "updates between two checkpoints", low=1, high=1_000_000)
    precision: str = setting(
        "auto", "number format of the products; auto picks bfloat16 where it is faster", choices=PRECISIONS
    )
    device: str = setting(
        "auto", "cpu, cuda, mps or another of torch's names; auto is cuda if there is one, or cpu"
    )
    threads: int = setting(0, "processor threads; 0 leaves the choice to torch", low=0, high=1024)
    seed: int = setting(1, "seed of weights, order, joins and dropout", low=0, high=2**31 - 1)


@dataclass(frozen=True, kw_only=True)
class SplitConfig(Settings):
    """How a corpus becomes train, dev and test. A group is a set of pairs that share sentences."""

    dev: int = setting(1000, "groups in dev", low=1, high=1_000_000)
    test: int = setting(1500, "groups in test", low=1, high=1_000_000)
    max_group: int = setting(12, "larger groups (pairs) stay in train", low=1, high=1_000_000)
    max_words: int = setting(80, "longer pairs (words on either side) are left out", low=1, high=1000)
    max_ratio: float = setting(
        9.0, "pairs with more than this many times the words on one side are left out", low=1.0, high=1000.0
    )
    seed: int = setting(1, "seed of the draw", low=0, high=2**31 - 1)


@dataclass(frozen=True, kw_only=True)
class FragmentConfig(_LanguageSettings):
    """Which parts of sentences become pairs to learn from (`s2s.data.fragments`)."""

    longest: int = setting(8, "source words of the longest fragment", low=1, high=30)
    max_words: int = setting(40, "longer pairs (words on either side) are left out", low=1, high=200)
    leak: float = setting(
        0.5, "the most of a word's probability that may lie on the other side", low=0.0, high=1.0
    )
    prefix_share: float = setting(
        0.1, "translations of a prefix rarer than this share of its best are left out", low=0.0, high=1.0
    )
    inner_share: float = setting(
        1 / 3, "the same of single words and of what stands inside a sentence", low=0.0, high=1.0
    )
    word_share: float = setting(
        0.05, "and of single words met once or twice, beside the best word for that translation",
        low=0.0, high=1.0,
    )  # fmt: skip
    half_words: int = setting(
        120_000, "prefixes with half a word behind them that are drawn", low=0, high=10_000_000
    )
    per_pair: int = setting(12, "fragments inside a sentence that are drawn of a pair", low=0, high=1000)
    inner: int = setting(
        25_000, "fragments inside a sentence that are drawn of each length", low=0, high=10_000_000
    )
    seed: int = setting(1, "seed of the draw", low=0, high=2**31 - 1)


@dataclass(frozen=True, kw_only=True)
class DecodeConfig(Settings):
    """Limits of one translation: any input gets an answer in bounded time."""

    source_limit: int = setting(120, "source pieces that are read; the rest is cut", low=1, high=4096)
    length_factor: float = setting(
        1.5, "a free run stops after this many target pieces per source piece", low=0.1, high=10.0
    )
    length_extra: int = setting(10, "and this many more", low=1, high=1000)
    target_most: int = setting(65_536, "and after this many in any case", low=1, high=65_536)

    def target_limit(self, source_len: int) -> int:
        """The most target pieces a free run may give for `source_len` source pieces."""
        return min(int(self.length_factor * source_len) + self.length_extra, self.target_most)

    def within(self, config: AnyModelConfig) -> DecodeConfig:
        """These limits, or those of the model's positions where they end before."""
        if (reach := config.reach) is None:
            return self
        return dataclasses.replace(
            self, source_limit=min(self.source_limit, reach), target_most=min(self.target_most, reach)
        )
