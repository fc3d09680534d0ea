"""What is sent of a story told in stages."""

import pytest

from pages.kit import stages
from pages.kit.export import Origin
from pages.kit.stages import LABELS, Chosen, Column, Head, Mark, Stage, Story, Text, stages_view
from s2s.figures.palette import DARK, LIGHT

CHOSEN = Chosen(
    step=0, word=None, number=None, temperature=1.0, scaled=False, context=True, tanh=True, matrix=False,
    opened=(), form="long",
)  # fmt: skip
COLUMN = Column(
    name="one", title="One", words=(), step=0, number=0, place=0, width=4, told="",
    stages=(Stage((Text("It is cold."),), Mark(True, "right")),), origin=Origin(),
)  # fmt: skip
STORY = Story(heads=(Head("First", ""),), columns=(COLUMN,), source=(), steps=1, told="Step 1")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[stages.Stages]:
    found: list[stages.Stages] = []
    monkeypatch.setattr(stages, "show", lambda message, **_: found.append(message))
    return found


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_story_is_sent_with_its_words_and_the_colours_of_the_theme(shown: list, palette):
    words = {name: f"the {name}" for name in LABELS} | {"of another view": "x"}
    stages_view(STORY, chosen=CHOSEN, labels=words, palette=palette, key="k", on_change=lambda: None)
    [message] = shown
    assert message.columns == STORY.columns
    assert message.labels == {name: f"the {name}" for name in LABELS}
    assert message.colors["source"] == palette.source
    assert message.ramp == tuple(palette.differences)
    assert message.chosen == CHOSEN


def test_a_story_without_one_of_its_words_is_not_sent(shown: list):
    words = dict.fromkeys(LABELS[1:], "x")
    with pytest.raises(KeyError, match=LABELS[0]):
        stages_view(STORY, chosen=CHOSEN, labels=words, palette=LIGHT, key="k", on_change=lambda: None)
    assert shown == []
