"""What the bottleneck page says of curves, on curves made up so that the answer is known."""

import pytest

from pages.kit.family import COMPARED, model
from pages.labs.bottleneck import lengths, vector
from pages.labs.bottleneck.lengths import Measured
from s2s import catalog
from s2s.evaluate.evaluation import Band, ChainScore
from s2s.evaluate.probe import PARTS, PositionScore, ProbedChain
from tests.apps import SAY

EN = SAY["en"]


def curve(name: str, *values: float, width: float = 1.0) -> Measured:
    return Measured(
        model(name),
        name,
        tuple(
            ChainScore(
                sentences=count,
                inputs=480 // count,
                words=8.0 * count,
                bleu=Band(value=value, low=value - width, high=value + width),
                chrf=Band(value=value, low=value - width, high=value + width),
            )
            for count, value in zip((1, 2, 3, 4), values, strict=True)
        ),
    )


@pytest.mark.parametrize(
    ("found", "key"),
    [
        ([curve("none", 30, 20, 10, 5), curve("general", 50, 50, 50, 40)], "attention_held"),
        ([curve("none", 30, 30, 30, 5), curve("general", 50, 40, 31, 40)], "attention_not"),
        ([curve("none-rnn", 10, 5, 1, 1), curve("none", 30, 20, 10, 5)], "cells_held"),
        ([curve("none-rnn", 10, 9, 9.5, 1), curve("none", 30, 20, 10, 5)], "cells_partly"),
        ([curve("none-rnn", 30, 20, 10, 1), curve("none", 30, 20, 10, 5)], "cells_not"),
        ([curve("general-rnn", 40, 40, 40, 1), curve("general", 50, 50, 50, 5)], "cells_general_held"),
        ([curve("general-rnn", 50, 50, 50, 1), curve("general", 50, 50, 50, 5)], "cells_general_not"),
        ([curve("general", 40, 40, 40, 9), curve("transformer", 50, 50, 50, 35)], "recurrence_held"),
        ([curve("general", 40, 40, 50, 9), curve("transformer", 50, 50, 50, 35)], "recurrence_partly"),
        ([curve("general", 50, 50, 50, 9), curve("transformer", 50, 50, 50, 35)], "recurrence_not"),
        ([curve("none-forward", 20, 9, 5, 1), curve("none-backward", 30, 20, 10, 5)], "direction_held"),
        ([curve("none-forward", 20, 9, 9, 1), curve("none-backward", 30, 20, 10, 5)], "direction_partly"),
        ([curve("none-forward", 40, 30, 20, 1), curve("none-backward", 30, 20, 10, 5)], "direction_not"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_finding_says_whether_the_claim_held(found, key, language):
    say = SAY[language]
    told = lengths.length_finding(found, say)
    opening = say(f"bottleneck.{key}").split("{")[0]
    others = [k for k in say.keys if k.startswith(f"bottleneck.{key.rpartition('_')[0]}_")]
    assert say(f"bottleneck.{key}").rpartition("}")[2] in told
    assert opening in told
    assert others
    assert f"{found[0].chains[2].bleu.value:.1f}" in told


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_attention_gives_is_told_with_what_comes_beyond_training(language):
    say = SAY[language]
    for name, weak, strong in (("attention", "none", "general"), ("recurrence", "general", "transformer")):
        told = lengths.length_finding([curve(weak, 50, 50, 50, 9), curve(strong, 50, 50, 50, 35)], say)
        assert say(f"bottleneck.{name}_limit", words="32", weak="9.0", strong="35.0") in told
    cells = [curve("none-rnn", 10, 5, 1, 1), curve("none", 30, 20, 10, 5)]
    assert "32" not in lengths.length_finding(cells, say)


@pytest.mark.parametrize(
    ("start", "end", "key"), [(0.2, 0.8, "start"), (0.8, 0.2, "end"), (0.5, 0.5, "neither")]
)
def test_the_probes_finding_says_which_end_is_lost(start, end, key):
    def part(share: float) -> PositionScore:
        return PositionScore(words=9, read=Band(value=share, low=share - 0.1, high=share + 0.1), common=0.1)

    middle = [part(0.5)] * (PARTS - 2)
    chain = ProbedChain(sentences=1, inputs=9, whole=part(0.5), parts=(part(start), *middle, part(end)))
    told = vector.probe_finding({"fr-en-none": chain, "fr-en-general": chain}, EN)
    numbers = {"start": f"{100 * start:.0f}", "last": f"{100 * end:.0f}", "whole": "50"}
    items = [EN("bottleneck.probe_item", model=name, **numbers) for name in ("no attention", "general")]
    finding, baseline = (
        EN(f"bottleneck.probe_{key}", items="; ".join(items)),
        "By frequency alone: 10% of all words.",
    )
    assert told == f"{finding} {baseline}"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_models_are_called_by_what_a_comparison_is_about(language):
    say = SAY[language]
    for compared, kinds in COMPARED.items():
        titles = [one.title for one in lengths.measured(compared, say)]
        assert len(set(titles)) == len(kinds)
        if compared.startswith("cells"):
            cells = [catalog.KINDS[kind].cell.upper() for kind in kinds]
            assert all(cell in title for cell, title in zip(cells, titles, strict=True))
