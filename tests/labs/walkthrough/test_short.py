"""The short form of the walkthrough, and how each scorer is told, through AppTest."""

import numpy as np
import pytest

from pages.kit.examples import EXAMPLES
from pages.kit.translators import workings
from pages.labs.walkthrough.view import View, scorers
from tests.apps import SAY, keep, open_app
from tests.labs.walkthrough.sent import bar_lengths, blocks, lines, story, texts, vectors

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.mark.parametrize("scorer", scorers())
def test_in_short_a_stage_is_a_line_and_a_small_picture_of_the_same_numbers(scorer):
    app = keep(open_app("walkthrough", scorer=scorer), View, step=2)
    assert story(app)["chosen"]["form"] == "short"
    for k, column in enumerate(story(app)["columns"]):
        of = workings(column["name"], EXAMPLES[0])
        trace = of.trace
        for number, stage in enumerate(column["stages"], 1):
            without = trace.weights is None and number in (2, 3, 4)
            assert [block["kind"] for block in stage["blocks"]] == ["text", *["picture"] * (not without)]
            assert stage["mark"] is None if without else stage["mark"]["holds"]
        [first], [fifth], [last] = (blocks(app, n, "picture", column=k) for n in (1, 5, 6))
        np.testing.assert_array_equal(
            vectors(first), [of.last[0, -1], of.states[0, 0, -1], trace.decoder_states[2]]
        )
        np.testing.assert_array_equal(vectors(fifth)[-1], trace.attentional_states[2])
        assert bar_lengths(last)[0] == pytest.approx(np.exp(trace.log_probs[2]), rel=1e-4)
        assert len(bar_lengths(last)) == 4
        if trace.weights is None:
            continue
        [scores], [weights], [mixed] = (blocks(app, n, "picture", column=k) for n in (2, 3, 4))
        most = sorted(np.argsort(-trace.weights[2], kind="stable")[:4])
        np.testing.assert_allclose(bar_lengths(scores), trace.scores[2, most], atol=1e-5)
        np.testing.assert_allclose(bar_lengths(weights), trace.weights[2, most], atol=1e-6)
        np.testing.assert_allclose(vectors(mixed)[-1], trace.contexts[2], atol=1e-5)


def test_concat_is_told_as_concat_and_no_other_is():
    app = open_app("walkthrough", form="long", scorer="all")
    for column, scorer in enumerate(("dot", "general", "concat")):
        said = texts(app, 2, column=column)
        assert SAY["en"](f"walkthrough.explained_{scorer}") in said
        assert ("[s ; h]" in said) == (scorer == "concat")
    assert "product" not in story(app)["heads"][1]["text"]
    assert "tanh(W [s_t ; h_s])" in lines(open_app("walkthrough", form="long", scorer="concat"), 2)[0]
