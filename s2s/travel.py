"""What is asked of translators of every family alike: how far gradients travel between two words, and what is
left where nobody is told where a word stands.

>>> from s2s.translator import Translator
>>> found = travel(Translator.load("fr-en-general"), "Il fait froid.", step=2)
>>> found.between.shape == (len(found.source_pieces),) * 2
True
"""

from __future__ import annotations

from functools import lru_cache

from s2s import gradients
from s2s.config import ModelConfig
from s2s.errors import ConfigError
from s2s.model.transformer.model import Transformer, without_positions
from s2s.paths import Travel
from s2s.translator import Translator


def travel(translator: Translator, source: str, target: str | None = None, *, step: int) -> Travel:
    """The gradient of the target's piece at `step` (from 0) at each source piece, and how far that of all of
    them goes inside the encoder. Target and errors as for `Translator.gradients`."""
    read, said = translator._resolve_target(source, target)
    last = len(said.pieces) - 1
    if not 0 <= step <= last:
        raise ConfigError("setting_out_of_range", name="step", value=step, low=0, high=last)
    model = translator._checkpoint.model
    source_ids, target_ids = ([piece.id for piece in side.pieces] for side in (read, said))
    found = gradients.travel(model, source_ids, target_ids, step)
    return Travel(
        model=translator.name,
        attention=translator.attention,
        family=model.config.family,
        cell=model.config.cell if isinstance(model.config, ModelConfig) else "",
        source=source,
        target=said.text,
        source_pieces=read.pieces,
        target_pieces=said.pieces,
        step=step,
        log_prob=float(found.log_prob),
        words=found.words.norm(dim=-1).numpy(force=True),
        between=found.between.norm(dim=-1).numpy(force=True),
        source_cut=read.cut,
    )


@lru_cache(maxsize=4)
def unplaced(translator: Translator) -> Translator:
    """The same weights, which are not told where a word stands. Raises ConfigError for a model that reads one
    word after the other."""
    model = translator._checkpoint.model
    if not isinstance(model, Transformer):
        raise ConfigError("no_positions", name=translator.name)
    checkpoint = translator._checkpoint._replace(model=without_positions(model))
    return Translator(translator.name, checkpoint, translator.limits)
