"""Settings of a model that reads sound and of its training."""

from __future__ import annotations

from dataclasses import dataclass

from s2s.config import ATTENTIONS, GENERAL, ModelConfig
from s2s.errors import ConfigError
from s2s.settings import Settings, setting


@dataclass(frozen=True, kw_only=True)
class SpeechConfig(Settings):
    """What a model that reads sound is (`s2s.speech`). Its decoder is that of the others."""

    attention: str = setting(GENERAL, "how the decoder scores encoder states", choices=ATTENTIONS[1:])
    hidden: int = setting(
        144, "width of encoder states (both directions) and decoder states", low=2, high=1024
    )
    bands: int = setting(40, "bands of a log-mel frame", low=40, high=40)
    stacked: int = setting(2, "frames that are read as one", low=1, high=8)
    layers: int = setting(
        3,
        "recurrent layers of the encoder; each but the first reads the states below in pairs",
        low=1,
        high=5,
    )
    vocab: int = setting(14, "ten digits and four special pieces", low=14, high=14)
    dropout: float = setting(0.2, "share of values dropped in training", low=0.0, high=0.9)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.hidden % 2:
            raise ConfigError("hidden_not_even", value=self.hidden)

    @property
    def decoder(self) -> ModelConfig:
        """The same decoder and attention as of the models that read text."""
        return ModelConfig(
            attention=self.attention, hidden=self.hidden, target_vocab=self.vocab, dropout=self.dropout
        )

    @property
    def frames_a_state(self) -> int:
        """Frames that one encoder state stands for."""
        return self.stacked << (self.layers - 1)


@dataclass(frozen=True, kw_only=True)
class SpeechTrainConfig(Settings):
    """How such a model is trained. The defaults are the recipe of the shipped one."""

    updates: int = setting(7000, "updates in the whole run", low=1, high=1_000_000)
    batch: int = setting(24, "utterances in a batch", low=1, high=1024)
    peak_rate: float = setting(2e-3, "AdamW's learning rate after the warm-up", low=1e-6, high=1.0)
    final_share: float = setting(0.02, "share of the peak rate left at the end", low=0.0, high=1.0)
    warmup: int = setting(200, "updates over which the rate rises", low=0, high=100_000)
    weight_decay: float = setting(0.01, "AdamW's weight decay", low=0.0, high=1.0)
    clip: float = setting(1.0, "largest norm of the gradient", low=1e-3, high=1e3)
    average: float = setting(
        0.999, "decay of the moving average of weights that is saved, per update", low=0.0, high=0.99999
    )
    label_smoothing: float = setting(0.05, "probability spread evenly over the digits", low=0.0, high=0.9)
    guidance: float = setting(
        0.3,
        "weight of the cost of looking outside the recording of the digit that is next",
        low=0.0,
        high=100.0,
    )
    synthetic_share: float = setting(
        0.5, "share of the utterances that are synthetic, where there are such voices", low=0.0, high=1.0
    )
    dev_every: int = setting(500, "updates between two looks at dev", low=1, high=1_000_000)
    save_every: int = setting(250, "updates between two checkpoints", low=1, high=1_000_000)
    seed: int = setting(1, "seed of weights, examples and dropout", low=0, high=2**31 - 1)
