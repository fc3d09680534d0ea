"""The main page through AppTest: what it computes and says. What a person does is in test_browser.py."""

import json
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.examples import EXAMPLES, stored_trace
from pages.kit.glosses import GLOSSES, table
from pages.kit.sentence import LIMIT
from pages.kit.translators import Shelf, answer, shelf
from s2s.catalog import SHOWN_FIRST
from s2s.errors import CheckpointError
from s2s.languages import FIRST
from s2s.traces import Level
from tests.apps import ODD, SAY, cards, linked, open_app, panels, run, said, type_in

pytestmark = pytest.mark.usefixtures("loaded")


def test_it_opens_with_the_first_example_in_three_columns():
    app = open_app()
    assert app.session_state["text"] == EXAMPLES[0]
    assert [card["name"] for card in cards(app)] == ["fr-en-dot", "fr-en-general", "fr-en-concat"]


def test_a_typed_sentence_is_answered_by_the_models_themselves():
    text = "La neige tombe sur les arbres."
    app = type_in(open_app(), text)
    for card in cards(app):
        trace = answer(card["name"], text).trace
        alignment = trace.alignment("words")
        assert [word["text"] for word in card["words"]] == [
            unit.text for unit in alignment.target_units if not unit.is_end
        ]
        figure = json.loads(card["figure"])
        assert figure["layout"]["xaxis"]["ticktext"] == [
            "La",
            "neige",
            "tombe",
            "sur",
            "les",
            "arbres",
            ".",
            "&lt;/s&gt;",
        ]
        assert (figure["data"][0]["zmin"], figure["data"][0]["zmax"]) == (0, 1)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_speaks_the_language_of_the_link(language):
    app = open_app(lang=language)
    say = SAY[language]
    assert app.expander[0].label == say("formulas.title")
    assert cards(app)[0]["facts"][0]["label"] == say("facts.sure")
    assert app.segmented_control(key="level").options == [say("alignments.words"), say("alignments.pieces")]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_menu_links_to_the_other_pages_in_the_same_language_from_the_first_run(language):
    links = [element.proto for element in open_app(lang=language).get("page_link")]
    assert [link.label for link in links] == [
        SAY[language](f"{n}.menu")
        for n in (
            "alignments",
            "machine",
            "walkthrough",
            "forcing",
            "bottleneck",
            "gradients",
            "transformer",
            "speech",
            "applications",
            "lessons",
            "models",
        )
    ]
    assert all(f"lang={language}" in link.query_string for link in links)


def test_switching_the_language_goes_into_the_link_and_keeps_the_sentence():
    app = type_in(open_app(), "Bonne nuit.")
    app.segmented_control(key="lang").set_value("ko")
    run(app)
    assert linked(app)["lang"] == ["ko"]
    assert app.session_state["text"] == "Bonne nuit."
    assert app.expander[0].label == SAY["ko"]("formulas.title")


def test_a_link_restores_sentence_models_and_switches():
    app = open_app(
        text="Il neige.",
        models=["fr-en-concat", "fr-en-none"],
        level="pieces",
        values="scores",
        end="0",
        also=["meanings"],
    )
    assert app.session_state["text"] == "Il neige."
    assert linked(app) == {
        "lang": ["en"],
        "size": [],
        "task": [],
        "models": ["fr-en-concat", "fr-en-none"],
        "picture": [],
        "level": ["pieces"],
        "values": ["scores"],
        "end": ["0"],
        "also": ["meanings"],
    }
    shown = cards(app)
    assert [card["name"] for card in shown] == ["fr-en-concat", "fr-en-none"]
    assert shown[1]["figure"] is None
    figure = json.loads(shown[0]["figure"])
    labels = figure["layout"]["xaxis"]["ticktext"]
    pieces = answer("fr-en-concat", "Il neige.").trace.source_pieces
    assert len(labels) == len(pieces) - 1  # without the end mark
    assert figure["data"][0]["zmax"] != 1


def test_lines_are_offered_no_scores_and_pieces_say_what_their_sign_means():
    app = open_app(picture="lines", values="scores", level="pieces", text="Il neige.")
    assert "values" not in [one.key for one in app.segmented_control]
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (message,) = [data for data in sent if "panels" in data]
    assert [legend["title"] for legend in message["legends"]] == [SAY["en"]("live.weight")]
    assert SAY["en"]("live.pieces_sign", sign="·") in message["labels"]["help_pin"]
    app.segmented_control(key="picture").set_value("heatmap")
    app = run(app)
    assert app.segmented_control(key="values").value == "scores", "what was chosen before is chosen again"


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ({"level": "nonsense"}, {}),
        ({"end": "x"}, {}),
        ({"models": "nobody"}, {}),
        ({"lang": "xx"}, {"lang": "en"}),
    ],
)
def test_a_damaged_link_opens_what_is_left_of_it(query, understood):
    found = panels(open_app(**query))
    assert found
    assert found == panels(open_app(**understood))


def test_no_model_chosen_is_no_card_and_is_in_the_link():
    app = open_app(models="")
    assert not panels(app)
    assert linked(app)["models"] == [""]
    app.pills(key="models").set_value(list(SHOWN_FIRST))
    assert linked(run(app))["models"] == []
    assert panels(app).keys() == set(SHOWN_FIRST)


def test_without_the_end_mark_its_row_and_column_are_gone_and_nothing_is_rescaled():
    app = open_app()
    whole = answer("fr-en-dot", EXAMPLES[0]).trace.alignment("words")
    app.toggle(key="end").set_value(False)
    run(app)
    shown = json.loads(cards(app)[0]["figure"])["layout"]
    assert len(shown["xaxis"]["ticktext"]) == len(whole.source_units) - 1
    assert len(shown["yaxis"]["ticktext"]) == len(whole.target_units) - 1


def test_lines_take_the_place_of_the_heatmap():
    app = open_app(picture="lines")
    assert {trace["type"] for trace in json.loads(cards(app)[0]["figure"])["data"]} == {"scatter"}


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("picture", ["heatmap", "lines"])
def test_any_text_gets_an_answer_or_a_sentence(text, picture):
    app = type_in(open_app(picture=picture), text)
    assert len(cards(app)) == 3


def test_an_empty_field_says_what_to_do():
    app = type_in(open_app(), "")
    assert SAY["en"]("sentence.empty") in said(app)


def test_a_long_sentence_is_read_up_to_a_stated_word():
    app = type_in(open_app(), "un deux trois " * 100)
    limit = 120
    assert f"at most {limit} pieces" in said(app)
    assert len(json.loads(cards(app)[0]["figure"])["layout"]["xaxis"]["ticktext"]) <= limit


def test_a_text_beyond_the_limit_of_the_field_is_cut_with_a_notice():
    app = type_in(open_app(), "oui " * LIMIT)
    assert SAY["en"]("sentence.cut_characters", limit=f"{LIMIT:,}") in said(app)


def test_nothing_typed_is_sent_as_markup():
    typed = "<img src=x onerror=alert(1)> **gras** $x$"
    app = type_in(open_app(), typed)
    figure = cards(app)[0]["figure"]
    assert "<img" not in figure
    assert not any("gras" in markdown.value for markdown in app.markdown)
    assert "<img" not in said(app).replace("&lt;img", "")


def test_without_a_model_chosen_the_page_says_so():
    app = open_app()
    app.pills(key="models").set_value([])
    run(app)
    assert SAY["en"]("kinds.none_chosen") in said(app)


def test_a_model_that_cannot_be_used_says_so_in_its_card_and_the_others_answer(monkeypatch):
    error = CheckpointError("part_missing", path="weights.safetensors")
    monkeypatch.setitem(shelf()._errors, "fr-en-dot", error)
    first, second, _ = cards(type_in(open_app(lang="ko"), "Une phrase que nul n'a encore lue."))
    assert first["notice"] == SAY["ko"].error(error)
    assert first["figure"] is None
    assert second["words"]


def test_while_the_models_load_their_stored_answers_stand_there_and_say_so(monkeypatch):
    monkeypatch.setattr(Shelf, "has", lambda self, names: False)
    app = open_app(text="Autre chose.")
    assert SAY["en"]("alignments.stored") in said(app)
    for card in cards(app):
        stored = stored_trace(card["name"]).alignment("words")
        assert card["numbers"]["source"] == [unit.text for unit in stored.source_units]


def test_agreement_counts_what_the_traces_say():
    text = "Le chien dort dans la cuisine."
    app = type_in(open_app(), text)
    from s2s.evaluate.agreement import shared_words

    models = ("fr-en-dot", "fr-en-general", "fr-en-concat")
    shared = shared_words([answer(model, text).trace.alignment("words") for model in models])
    agreed = sum(word.agreed for word in shared)
    if shared:
        expected = SAY["en"]("agreement.all", models=3, agreed=agreed, shared=len(shared))
    else:
        expected = SAY["en"]("agreement.nothing_shared")
    assert expected in said(app)


@pytest.mark.parametrize("level", ["words", "pieces"])
def test_the_facts_are_those_of_the_trace(level: Level):
    app = open_app(level=level)
    written = answer("fr-en-dot", EXAMPLES[0]).trace.written(level)
    own = [
        float(p)
        for p, unit in zip(written.log_probs, written.units, strict=True)
        if not unit.is_end and (level == "pieces" or unit.text != ".")  # a mark is no word
    ]
    mean = sum(own) / len(own)
    expected = SAY["en"](f"facts.sure_{level}", log_prob=f"−{-mean:.2f}")
    assert cards(app)[0]["facts"][0]["value"] == expected


def test_the_models_page_shows_a_row_per_model_in_the_language_of_the_link():
    app = open_app(lang="ko")
    app.switch_page("pages/models.py")
    run(app)
    assert app.header[0].value == SAY["ko"]("models.title")
    assert list(app.table[0].value.columns) == ["fr-en-none", "fr-en-dot", "fr-en-general", "fr-en-concat"]


def test_the_sentence_is_still_there_after_a_look_at_another_page():
    app = type_in(open_app(), "Je reviens.")
    app.switch_page("pages/models.py")
    run(app)
    app.switch_page("app.py")
    run(app)
    assert app.session_state["text"] == "Je reviens."


def how_to_read(app: AppTest) -> str:
    """What stands above the cards."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return next(data["labels"]["help_pin"] for data in sent if "panels" in data)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_first_minute_is_on_the_page(language):
    """What the page is, what each scorer does, what lines under words and the end token are, what the numbers
    are; and what is odd about the input stands above the cards."""
    say = SAY[language]
    app = type_in(open_app(lang=language), "Le chat noir 猫 dort.")
    shown = [(one.type, getattr(one, "value", "")) for one in app.main]
    bodies = [html.proto.body for html in app.get("html")]
    assert any(escape(say("alignments.claim")) in body for body in bodies)
    assert [card["about"] for card in cards(app)] == [say(f"about.{n}") for n in ("dot", "general", "concat")]
    assert say("alignments.how_to_read_words", end="</s>") in how_to_read(app)
    assert say("alignments.numbers_key") in [one.value for one in app.caption]
    kinds = [kind for kind, _ in shown]
    notice = next(k for k, (kind, value) in enumerate(shown) if kind == "text" and "猫" in value)
    assert notice < [place for place, kind in enumerate(kinds) if kind == "bidi_component"][-1]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_words_have_meanings_and_the_links_of_a_person_are_drawn_where_there_are_any(language):
    plain = cards(open_app(lang=language))[0]
    known = table(FIRST, GLOSSES)[language]
    assert plain["numbers"]["meanings"][:3] == [known["le"], known["chat"], known["noir"]]
    assert json.loads(plain["figure"])["layout"]["shapes"] == []
    app = open_app(lang=language, also=["meanings", "drawn"])
    say = SAY[language]
    assert linked(app)["also"] == ["meanings", "drawn"]
    assert say("alignments.drawn_key") in how_to_read(app)
    for card in cards(app):
        layout = json.loads(card["figure"])["layout"]
        assert f">{known['chat']}</span>" in layout["xaxis"]["ticktext"][1]
        outlined = {(box["x0"], box["y0"]) for box in layout["shapes"]}
        assert {(1.5, 0.5), (0.5, 1.5)} <= outlined  # noir and black, chat and cat
        facts = {fact["label"]: fact["value"] for fact in card["facts"]}
        assert facts[say("alignments.agreed")] == say("alignments.agreed_value", agreed=8, compared=8)
    app = type_in(app, "Le chat gris dort.")
    assert say("alignments.drawn_none") in said(app)
    assert say("alignments.agreed") not in {fact["label"] for fact in cards(app)[0]["facts"]}
    bar = next(json.loads(one.proto.json) for one in app.get("bidi_component") if "letters" in one.proto.json)
    assert bar["bank"]["panel"] is None
    assert [text for text, _ in bar["examples"]] == list(EXAMPLES)
