"""The walkthrough through AppTest: what it computes and says. What a person does is in test_browser.py."""

import base64
import json
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.examples import EXAMPLES
from pages.kit.glosses import GLOSSES, table
from pages.kit.stages import Chosen
from pages.kit.state import fields_of
from pages.kit.translators import Shelf, shelf, workings
from pages.labs.walkthrough import story as page
from pages.labs.walkthrough.view import View, scorers
from s2s.errors import CheckpointError
from s2s.figures.labels import shown_piece
from s2s.languages import FIRST
from s2s.text import count_words, normalise
from s2s.traces import word_pieces
from s2s.walkthrough import stages, what_if
from tests.apps import ODD, SAY, WIDTH, keep, linked, open_app, run, said, type_in
from tests.labs.walkthrough.sent import bar_lengths, blocks, lines, story, texts, vectors

pytestmark = pytest.mark.usefixtures("loaded")
EN = SAY["en"]
open_page = partial(open_app, "walkthrough", form="long")


def walk(app: AppTest, **view: Any) -> AppTest:
    """Choose, as the browser would tell it: all of it, what is not said at its default."""
    return keep(app, View, **dict.fromkeys(Chosen._fields) | {"form": "long"} | view)


@pytest.mark.parametrize("scorer", scorers())
def test_there_are_six_stages_for_every_model_and_every_check_holds(scorer):
    found = story(open_page(scorer=scorer))
    assert [column["name"] for column in found["columns"]] == list(scorers()[scorer])
    assert len(found["heads"]) == 6
    for column in found["columns"]:
        marks = [stage["mark"] for stage in column["stages"]]
        assert [mark is None for mark in marks] == [
            column["name"] == "fr-en-none" and number in (2, 3, 4) for number in range(1, 7)
        ]
        assert all(mark["holds"] for mark in marks if mark)
        assert not column["notice"]


@pytest.mark.parametrize("scorer", ["dot", "general", "concat"])
def test_every_step_says_what_the_model_says(scorer):
    app = open_page(scorer=scorer)
    of = workings(f"fr-en-{scorer}", EXAMPLES[0])
    assert story(app)["steps"] == of.steps
    for step in range(of.steps):
        walk(app, step=step)
        (column,) = story(app)["columns"]
        assert column["step"] == step
        word = shown_piece(of.trace.target_pieces[step].text)
        assert story(app)["told"] == EN("walkthrough.told_step", step=step + 1, steps=of.steps, word=word)
        likely = blocks(app, 6, "picture")[-1]
        np.testing.assert_allclose(bar_lengths(likely)[0], np.exp(of.trace.log_probs[step]), rtol=1e-4)
        assert json.loads(likely["figure"])["layout"]["yaxis"]["ticktext"][0] == word.replace(
            "<", "&lt;"
        ).replace(">", "&gt;")


def test_the_pictures_of_the_first_stage_are_the_states_of_the_trace():
    pictures = blocks(open_page(scorer="dot"), 1, "picture")[:4]
    trace = workings("fr-en-dot", EXAMPLES[0]).trace
    passes, embedded, states, bridge = map(vectors, pictures)
    np.testing.assert_array_equal(states, trace.encoder_states)
    np.testing.assert_allclose(passes + embedded, states, atol=1e-5)
    assert len(bridge) == 4  # hidden state and cell, before and behind the bridge


@pytest.mark.parametrize("scorer", ["dot", "general", "concat"])
def test_the_substituted_formulas_add_up(scorer):
    """What stands behind the last equals sign is the model's own number, to three digits."""
    app = walk(open_page(scorer=scorer), step=2, word=3, number=40)
    of = workings(f"fr-en-{scorer}", EXAMPLES[0])
    trace, parameters = of.trace, of.parameters

    def last(line: str) -> float:
        return float(line.rsplit("= ", 1)[1].replace("−", "-"))

    context, state = trace.contexts[2], trace.decoder_states[2]
    assert [last(line) for line in lines(app, 1)[1:4:2]] == pytest.approx(
        [trace.encoder_states[3, 40], of.states[0, 0, 0, 40]], abs=6e-4
    )
    assert last(lines(app, 1)[-1]) == pytest.approx(state[40], abs=6e-4)
    assert last(lines(app, 2)[1]) == pytest.approx(trace.scores[2, 3], abs=6e-4)
    assert last(lines(app, 3)[1]) == pytest.approx(trace.weights[2, 3], abs=6e-4)
    assert last(lines(app, 4)[1]) == pytest.approx(context[40], abs=6e-4)
    assert last(lines(app, 5)[1]) == pytest.approx(trace.attentional_states[2, 40], abs=6e-4)
    best = trace.target_pieces[2].id
    logit = parameters.embedding[best] @ trace.attentional_states[2] + parameters.output_bias[best]
    assert last(lines(app, 6)[1]) == pytest.approx(logit, abs=6e-4)
    assert last(lines(app, 6)[2]) == pytest.approx(np.exp(trace.log_probs[2]), abs=6e-4)


def test_the_gates_of_the_cell_are_in_its_formula():
    *_, cell, state = lines(walk(open_page(scorer="dot"), step=1, number=7), 1)
    found = stages.stepping(workings("fr-en-dot", EXAMPLES[0]), 1)
    shown = [f"{found.gates[name][7]:.3f}".replace("-", "−") for name in ("forget", "input", "candidate")]
    assert all(number in cell for number in shown)
    assert f"{found.gates['output'][7]:.3f}" in state


@pytest.mark.parametrize("scorer", ["dot", "general", "concat"])
def test_the_contributions_to_a_score_come_largest_first(scorer):
    (table, *_) = blocks(walk(open_page(scorer=scorer), step=1, word=2), 2, "table")
    products = [float(row[3].replace("−", "-")) for row in table["rows"]]
    assert [abs(product) for product in products] == sorted(map(abs, products), reverse=True)
    found = stages.scoring(workings(f"fr-en-{scorer}", EXAMPLES[0]), 1)
    ordered = stages.contributions(found.products[2])
    assert [int(row[0]) - 1 for row in table["rows"]] == ordered.order[: len(table["rows"])].tolist()
    np.testing.assert_allclose(
        [float(row[4].replace("−", "-")) for row in table["rows"]],
        ordered.running[: len(products)],
        atol=6e-4,
    )


@pytest.mark.parametrize("scorer", ["dot", "general"])
def test_the_cosine_stands_beside_the_dot_product_with_the_lengths(scorer):
    app = walk(open_page(scorer=scorer), step=4, word=2)
    found = stages.scoring(workings(f"fr-en-{scorer}", EXAMPLES[0]), 4)
    measured = stages.lengths(found)
    line = lines(app, 2)[-1]
    for number in (found.scores[2], measured.asking, measured.answering[2], measured.cosines[2]):
        assert f"{number:.3f}".replace("-", "−") in line
    table = blocks(app, 2, "table")[-1]
    assert len(table["rows"]) == len(found.scores)
    by_score, by_cosine = int(found.scores.argmax()), int(measured.cosines.argmax())
    key = "cosine_agrees" if by_score == by_cosine else "cosine_differs"
    pieces = [
        shown_piece(piece.text) for piece in workings(f"fr-en-{scorer}", EXAMPLES[0]).trace.source_pieces
    ]
    expected = EN(f"walkthrough.{key}", score=pieces[by_score], cosine=pieces[by_cosine])
    assert expected in texts(app, 2)


def test_a_temperature_shows_other_weights_beside_the_models_own():
    app = open_page(scorer="general")
    assert len(blocks(app, 3, "picture")) == 3
    assert len(lines(app, 3)) == 2
    walk(app, step=1, temperature=3.0)
    own, changed = map(bar_lengths, blocks(app, 3, "picture")[2:])
    trace = workings("fr-en-general", EXAMPLES[0]).trace
    np.testing.assert_allclose(own, trace.weights[1], atol=1e-6)
    expected = what_if.tempered(trace.scores[1], temperature=3.0, scaled=False, width=WIDTH)
    np.testing.assert_allclose(changed, expected, atol=1e-6)
    assert own.sum() == pytest.approx(1)
    assert f"{expected.max():.3f}" in texts(app, 3)
    *_, letters, numbers = lines(app, 3)
    place = story(app)["columns"][0]["place"]
    assert letters.startswith("α_s = exp((score_s − max) / τ)")
    assert ") / 3) / " in numbers
    assert numbers.endswith(f" = {expected[place]:.3f}")
    walk(app, step=1, scaled=True)
    assert "/ √d)" in lines(app, 3)[-2]
    assert f"/ √{WIDTH})" in lines(app, 3)[-1]
    scaled = what_if.tempered(trace.scores[1], temperature=1.0, scaled=True, width=WIDTH)
    np.testing.assert_allclose(bar_lengths(blocks(app, 3, "picture")[3]), scaled, atol=1e-6)
    walk(app, step=1, scaled=True, temperature=0.5)
    assert "/ (τ √d))" in lines(app, 3)[-2]
    both = what_if.tempered(trace.scores[1], temperature=0.5, scaled=True, width=WIDTH)
    assert lines(app, 3)[-1].endswith(f" = {both[place]:.3f}")


def test_without_the_context_the_page_shows_what_the_model_would_say():
    app = walk(open_page(scorer="general"), step=6, context=False)
    of = workings("fr-en-general", EXAMPLES[0])
    bare = [shown_piece(of.parameters.vocabulary[piece.id]) for piece in what_if.without_context(of)]
    own = [shown_piece(piece.text) for piece in of.trace.target_pieces]
    assert bare != own
    kept = sum(a == b for a, b in zip(own, bare, strict=True))
    expected = EN("walkthrough.finding_bare", then=" ".join(bare), kept=kept, steps=of.steps)
    assert expected in texts(app, 6)
    (table,) = blocks(app, 6, "table")
    assert [row[2] for row in table["rows"]] == bare
    context, *_ = vectors(blocks(app, 5, "picture")[0])
    assert not context.any()


def test_without_tanh_the_weights_of_concat_do_not_change_from_step_to_step():
    app = open_page(scorer="concat")
    before = len(blocks(app, 2, "picture"))
    walk(app, tanh=False)
    with_tanh, without = blocks(app, 2, "picture")[before:]
    grids = []
    for block in (with_tanh, without):
        packed = json.loads(block["figure"])["data"][0]["z"]
        rows = np.frombuffer(base64.b64decode(packed["bdata"]), dtype="<f4")
        grids.append(rows.reshape([int(n) for n in packed["shape"].split(",")]))
    assert np.ptp(grids[0], axis=0).max() > 0.5
    assert np.ptp(grids[1], axis=0).max() < 1e-6


def test_a_matrix_is_sent_only_when_it_is_opened():
    app = open_page(scorer="general")
    (fold,) = [block for block in blocks(app, 2, "fold") if block["name"] == "matrix"]
    assert not fold["blocks"]
    (shown,) = [block for block in blocks(walk(app, matrix=True), 2, "fold") if block["name"] == "matrix"]
    np.testing.assert_array_equal(
        vectors(shown["blocks"][0]), workings("fr-en-general", EXAMPLES[0]).parameters.between
    )


def test_without_attention_there_is_one_vector_and_no_score():
    app = open_page(scorer="none")
    of = workings("fr-en-none", EXAMPLES[0])
    (picture,) = blocks(app, 2, "picture")
    np.testing.assert_array_equal(vectors(picture)[2], of.states[0, 0, 0])
    count = count_words(EXAMPLES[0], "fr")
    assert EN("walkthrough.finding_one_vector", words=count, width=WIDTH) in texts(app, 2)
    assert not blocks(app, 3, "picture")
    assert not blocks(app, 4, "picture")
    assert {head["text"] for head in story(app)["heads"]} >= {EN("walkthrough.score_none")}


def test_the_state_is_shown_in_its_two_jobs():
    app = walk(open_page(scorer="dot"), step=3)
    jobs = blocks(app, 1, "group")
    assert [panel["title"] for panel in jobs] == [EN("walkthrough.job_asks"), EN("walkthrough.job_carries")]
    state = workings("fr-en-dot", EXAMPLES[0]).trace.decoder_states[3]
    for panel in jobs:
        np.testing.assert_array_equal(vectors(panel["blocks"][0])[0], state)


def test_a_word_of_several_pieces_can_be_opened():
    app = type_in(open_page(scorer="dot"), "Le désoxyribonucléique dort.")
    trace = workings("fr-en-dot", "Le désoxyribonucléique dort.").trace
    words = word_pieces(trace.source, trace.source_pieces, trace.source_language)
    assert [word["text"] for word in story(app)["source"]] == [unit.text for unit, _ in words]
    count = len(words[1][1])
    assert [word["pieces"] for word in story(app)["source"]][1] == count > 1
    walk(app, opened=[1])
    shown = story(app)["source"]
    assert len(shown) == len(words) + count - 1
    assert all(word["opened"] for word in shown[1 : 1 + count])
    picture = json.loads(blocks(app, 3, "picture")[2]["figure"])
    assert len(picture["layout"]["yaxis"]["ticktext"]) == len(shown)


def test_each_step_can_feed_its_word_to_the_next_but_the_last():
    app = open_page(scorer="dot")
    of = workings("fr-en-dot", EXAMPLES[0])
    (go,) = blocks(app, 6, "go")
    assert go["step"] == 1
    assert go["text"] == EN("walkthrough.feed", word=of.trace.written().units[0].text, step=2)
    walk(app, step=of.steps - 1)
    assert not blocks(app, 6, "go")
    assert EN("walkthrough.fed_free", word="·.") in texts(app, 1)


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("passes", 1),
        ("encoder_states", 1),
        ("states", 1),
        ("scores", 2),
        ("weights", 3),
        ("contexts", 4),
        ("attentional_states", 5),
        ("vocabulary_log_probs", 6),
    ],
)
def test_if_the_picture_were_wrong_the_page_would_say_so(monkeypatch, name, stage):
    whole = workings("fr-en-general", EXAMPLES[0])
    in_trace = hasattr(whole.trace, name)
    array = getattr(whole.trace if in_trace else whole, name).copy()
    array[1].flat[0] += 0.3
    values = {name: array}
    wrong = replace(whole, trace=replace(whole.trace, **values)) if in_trace else replace(whole, **values)
    monkeypatch.setattr(page, "workings", lambda model, text: wrong)
    app = walk(open_page(scorer="general", lang="ko"), step=0 if name == "states" else 1)
    (column,) = story(app)["columns"]
    mark = column["stages"][stage - 1]["mark"]
    assert not mark["holds"]
    assert mark["text"].startswith(SAY["ko"]("walkthrough.wrong", deviation="")[:4])
    assert str(stage) in column["notice"]


def test_a_link_restores_scorer_step_word_number_and_switches():
    app = open_page(
        text="Il neige.", form="long", scorer="concat", step="3", word="2", number="100", temperature="2.5",
        scaled="1", context="0", tanh="0", matrix="1", open="1.2",
    )  # fmt: skip
    found = story(app)
    assert app.session_state["text"] == "Il neige."
    assert found["columns"][0]["step"] == 2
    assert found["columns"][0]["place"] == 1
    assert found["columns"][0]["number"] == 99
    assert {name: codes for name, codes in linked(app).items() if name not in ("lang", "size", "task")} == {
        "scorer": ["concat"], "step": ["3"], "word": ["2"], "number": ["100"], "temperature": ["2.5"],
        "scaled": ["1"], "context": ["0"], "tanh": ["0"], "matrix": ["1"], "open": ["1.2"],
        "form": ["long"],
    }  # fmt: skip


def test_what_stands_at_its_default_is_not_in_the_link():
    codes = linked(open_app("walkthrough"))
    assert codes.keys() >= {one.link for one in fields_of(View).values()}
    assert not any(codes[one.link] for one in fields_of(View).values())


@pytest.mark.parametrize(
    "query",
    [
        {"step": "99999999999999999999"}, {"step": "-1"}, {"step": "²"}, {"step": "0"}, {"word": "400"},
        {"number": "257"}, {"temperature": "nan"}, {"temperature": "1e999"}, {"temperature": "warm"},
        {"scorer": "nobody"}, {"open": "1.x..9"}, {"context": "2"},
    ],
)  # fmt: skip
def test_a_damaged_link_still_opens(query):
    assert len(story(open_page(**query))["heads"]) == 6


def test_what_a_browser_cannot_mean_is_the_first_step():
    odd = {
        "step": True, "word": -1, "number": 1.5, "temperature": "2", "scaled": 1, "opened": "12",
        "tanh": None, "form": "tall",
    }  # fmt: skip
    first = story(walk(open_page()))["chosen"]
    assert story(walk(open_page(), **odd))["chosen"] == first | {"form": "short"}
    assert story(walk(open_page(), opened=[3, 1, 1, -1, "2"]))["chosen"] == first | {"opened": [1, 3]}


@pytest.mark.parametrize("text", ODD)
def test_any_text_gets_six_stages_or_a_sentence(text):
    app = type_in(open_page(scorer="all"), text)
    if not normalise(text).text:
        assert EN("walkthrough.empty") in said(app)
        return
    found = story(app)
    assert len(found["columns"]) == 3
    assert all(
        stage["mark"]["holds"] for column in found["columns"] for stage in column["stages"] if stage["mark"]
    )
    walk(app, step=10_000 - 1, word=9_999, number=9_999)
    assert len(story(app)["columns"]) == 3


def test_an_empty_field_says_what_to_do():
    assert EN("walkthrough.empty") in said(type_in(open_page(), " \n"))


def test_while_the_models_load_the_page_says_so(monkeypatch):
    monkeypatch.setattr(Shelf, "has", lambda self, names: False)
    assert EN("walkthrough.loading") in said(open_page())


def test_a_model_that_cannot_be_used_says_so_and_the_others_answer(monkeypatch):
    error = CheckpointError("part_missing", path="weights.safetensors")
    monkeypatch.setitem(shelf()._errors, "fr-en-dot", error)
    app = type_in(open_page(scorer="all", lang="ko"), "Une autre phrase que nul n'a lue.")
    assert app.warning[0].value == SAY["ko"].error(error)
    assert [column["name"] for column in story(app)["columns"]] == ["fr-en-general", "fr-en-concat"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_speaks_the_language_of_the_link(language):
    found = story(open_page(lang=language))
    say = SAY[language]
    assert found["heads"][2]["title"] == say("walkthrough.weigh_title")
    assert found["labels"]["play"] == say("stages.play")
    known = table(FIRST, GLOSSES)[language]
    meanings = {word["text"]: word["meaning"] for word in found["source"]}
    assert (meanings["chat"], meanings["."]) == (known["chat"], "")


def test_what_was_chosen_is_still_there_after_a_look_at_another_page():
    app = walk(open_page(), step=4, context=False)
    app.switch_page("pages/models.py")
    run(app)
    app.switch_page("pages/walkthrough.py")
    run(app)
    assert story(app)["chosen"]["step"] == 4
    assert story(app)["chosen"]["context"] is False


def test_every_picture_is_said_in_a_sentence():
    app = walk(open_page(scorer="all"), context=False, tanh=False, temperature=2.0, matrix=True)
    for column in range(3):
        for stage in range(1, 7):
            for picture in blocks(app, stage, "picture", column=column):
                assert picture["spoken"].strip()
                assert "{" not in picture["spoken"]
