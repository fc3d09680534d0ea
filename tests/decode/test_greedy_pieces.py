"""Many sources decoded together say what they say alone."""

import pytest
import torch

from s2s.checkpoints import Checkpoint
from s2s.config import ATTENTIONS, CELLS, DIRECTIONS
from s2s.data.tokenizer import Tokenizer
from s2s.decode import loop
from s2s.decode.loop import greedy_pieces
from s2s.translator import Translator
from tests.conftest import BuildTiny
from tests.sentences import PAIRS
from tests.translators import Named

SOURCES = ["", "chat", *(source for source, _ in PAIRS[:12]), "le jardin " * 9, "é" * 300, "le jardin"]


@pytest.mark.parametrize(
    ("attention", "cell", "layers"),
    [(a, "lstm", 1) for a in ATTENTIONS] + [("general", c, 2) for c in CELLS],
)
def test_a_batch_of_any_size_says_what_each_source_says_alone(
    monkeypatch, untrained: Named, attention: str, cell: str, layers: int
):
    translator, _ = untrained(attention, cell, layers)
    alone = [translator.translate(source) for source in SOURCES]
    for at_once in (1, 60, 4096):
        monkeypatch.setattr(loop, "_AT_ONCE", at_once)
        for one, together in zip(alone, translator.translate_plain(SOURCES), strict=True):
            assert [getattr(together, name) for name in together._fields] == [
                getattr(one, name) for name in together._fields
            ], at_once


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_padding_changes_nothing_whichever_way_the_encoder_reads(
    build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer], direction: str
):
    translator = Translator("tiny", Checkpoint(build_tiny("dot", direction=direction), *tokenizers))
    said = [translator.translate(source).target for source in SOURCES]
    assert translator.translations(SOURCES) == said


def test_those_that_end_sooner_change_nothing_for_the_others(translator: Translator):
    """Most of a trained model's translations end by themselves, at different steps."""
    found = translator.translate_plain(SOURCES)
    assert len({len(one.target_pieces) for one in found if not one.target_cut}) > 2
    assert [one.target for one in found] == [translator.translate(source).target for source in SOURCES]


@pytest.mark.parametrize("lengths", [[3] * 50, [*range(1, 40)], [90, 2, 2, 2, 90, 5]])
def test_no_batch_has_more_pieces_than_the_bound_or_one_source_alone(monkeypatch, build_tiny, lengths):
    monkeypatch.setattr(loop, "_AT_ONCE", 60)
    model, shapes = build_tiny("dot"), []
    encode = model.encode

    def watched(source: torch.Tensor, mask: torch.Tensor | None):
        shapes.append(tuple(source.shape))
        return encode(source, mask)

    with monkeypatch.context() as patch:
        patch.setattr(model, "encode", watched)
        said = greedy_pieces(model, [[7] * length for length in lengths], limit=lambda length: length + 3)
    assert all(rows == 1 or rows * length <= 60 for rows, length in shapes)
    assert sum(rows for rows, _ in shapes) == len(lengths)
    assert all(len(pieces) <= length + 3 for pieces, length in zip(said, lengths, strict=True))
