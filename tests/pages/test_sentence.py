"""The sentence bar through AppTest: what it tells the browser."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_alignments import SAY, open_app


def bars(app: AppTest) -> list[dict]:
    """What the page sent to its fields."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return [data for data in sent if "placeholder" in data]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("page", ["", "walkthrough", "forcing", "bottleneck", "gradients"])
def test_the_french_field_has_its_letters_in_the_readers_language_and_the_english_one_none(page, language):
    say = SAY[language]
    french, *others = bars(open_app(page, lang=language))
    assert french["language"] == "fr"
    assert french["accents"] == {
        name: say(f"sentence.{key}")
        for name, key in {
            "label": "accents",
            "hint": "accents_hint",
            "help": "accents_help",
            "capitals": "accents_capitals",
        }.items()
    }
    assert [other["language"] for other in others] == (["en"] if page == "forcing" else [])
    assert not any(other.get("accents") for other in others)
