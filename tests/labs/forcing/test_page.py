"""The teacher-forcing page through AppTest: what it computes and says."""

import base64
import json
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.curves import number
from pages.kit.examples import EXAMPLES, REFERENCES, pairs
from pages.kit.glosses import GLOSSES, table
from pages.kit.sentence import LIMIT
from pages.kit.translators import Shelf, answer, shelf
from pages.labs.forcing.tracks import word_of
from pages.labs.forcing.view import View
from s2s.catalog import TASKS
from s2s.errors import CheckpointError
from s2s.evaluate.divergence import Injection, Regimes
from s2s.figures.labels import shown_piece
from s2s.languages import FIRST
from s2s.text import normalise
from s2s.translator import Translator
from tests.apps import ODD, SAY, cards, keep, linked, open_app, panels, run, said, type_in

pytestmark = pytest.mark.usefixtures("loaded")

MODEL = "fr-en-dot"
SOURCE, REFERENCE = EXAMPLES[0], REFERENCES[EXAMPLES[0]]
EN = SAY["en"]


@pytest.fixture(scope="module")
def translators() -> dict[str, Translator]:
    return {
        name: Translator.load(name) for name in ("fr-en-dot", "fr-en-general", "fr-en-concat", "fr-en-none")
    }


open_page = partial(open_app, "forcing")


def tracks(app: AppTest) -> dict:
    """What the page sent to the tracks."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (found,) = [data for data in sent if "tracks" in data]
    return found


def field(app: AppTest) -> dict:
    """What the page sent to the field of the reference."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    (found,) = [data for data in sent if data.get("parameter") == "reference"]
    return found


def write(app: AppTest, reference: str) -> AppTest:
    """Type a reference, as the field would tell it."""
    app.session_state["reference"] = reference
    app.session_state["reference_written"][app.session_state["reference_text"]] = reference
    app.session_state["reference_is_written"] = True
    return run(app)


def assert_shows(app: AppTest, both: Regimes) -> None:
    """The tracks and cards are those of these runs."""
    found = tracks(app)
    assert found["first"] == both.divergence.first
    for track, trace, wanted in zip(
        found["tracks"], (both.forced, both.free), both.reference_log_probs, strict=True
    ):
        assert [cell["fed"] for cell in track["cells"]] == [shown_piece(piece.text) for piece in trace.fed]
        assert [cell["by"] for cell in track["cells"]] == list(trace.forcing)
        for step, cell in enumerate(track["cells"]):
            likely = [np.exp(candidate.log_prob) for candidate in trace.candidates[step]]
            assert [one["probability"] for one in cell["top"]] == pytest.approx(likely, abs=1e-4)
            assert cell["says"] == shown_piece(trace.candidates[step][0].text)
            if cell["reference"]:
                loss = f"{abs(float(wanted[step])):.2f}"
                probability = f"{np.exp(float(wanted[step])):.2f}"
                expected = EN("tracks.reference_note", probability=probability, loss=loss)
                assert cell["reference"]["note"] == expected
    assert [float(one["written"]) for one in found["apart"]] == pytest.approx(
        both.divergence.kl.tolist(), abs=0.006
    )


@pytest.mark.parametrize("model", ["fr-en-dot", "fr-en-general", "fr-en-concat", "fr-en-none"])
def test_the_page_shows_what_the_model_computes_under_both_regimes(translators, model):
    app = open_page(model=model)
    assert_shows(app, translators[model].compare(SOURCE, REFERENCE))


def test_runs_that_part_and_stay_nearly_the_same_do_not_differ_by_nothing():
    task = next(task for task in TASKS if task.languages.purpose == "core")
    sentence = "내일 아침 일곱시에 깨워줄래"
    both = Translator.load(task.judge).compare(sentence, pairs(task.languages)[sentence])
    most = int(both.divergence.kl.argmax())
    assert 0 < both.divergence.kl[most] < 0.005  # 0.00, with two decimals
    say = EN.about([task.languages])
    told = say("forcing.furthest", step=most + 1, kl=number(float(both.divergence.kl[most])))
    assert told in tracks(open_page(task=task.name, text=sentence, lang="en"))["spoken"]


def test_an_example_comes_with_its_reference_and_the_link_does_not_repeat_it():
    app = open_page()
    assert field(app)["text"] == field(app)["unlinked"] == REFERENCE
    app = type_in(app, EXAMPLES[3])
    assert field(app)["text"] == REFERENCES[EXAMPLES[3]]
    assert field(app)["version"] == 1


def test_where_there_is_no_reference_the_models_own_translation_is_it_and_the_page_says_so():
    app = type_in(open_page(), "Le chien mange une pomme.")
    assert field(app)["text"] == ""
    assert EN("forcing.own") in said(app)
    assert tracks(app)["first"] is None
    own = answer(MODEL, "Le chien mange une pomme.").trace
    said_by_teacher = [cell["reference"]["text"] for cell in tracks(app)["tracks"][0]["cells"]]
    assert said_by_teacher == [shown_piece(piece.text) for piece in own.target_pieces]


def test_a_reference_that_is_what_the_model_says_is_told():
    own = answer(MODEL, SOURCE).trace.target
    app = write(open_page(), f" {own} ")
    assert EN("forcing.equal") in said(app)
    assert tracks(app)["first"] is None


def test_what_a_reader_wrote_goes_with_the_sentence_and_comes_back_to_it():
    app = write(type_in(open_page(), "Le chien dort."), "The dog is asleep.")
    app = type_in(app, "Le chien dort bien.")
    assert field(app)["text"] == "The dog is asleep."
    app = type_in(app, EXAMPLES[1])
    assert field(app)["text"] == REFERENCES[EXAMPLES[1]]
    app = type_in(app, "Le chien dort.")
    assert field(app)["text"] == "The dog is asleep."
    app = write(type_in(app, EXAMPLES[1]), "A cat.")
    assert field(type_in(type_in(app, EXAMPLES[2]), EXAMPLES[1]))["text"] == "A cat."


def test_a_reference_survives_a_look_at_another_page():
    app = write(open_page(), "He left.")
    app.switch_page("pages/models.py")
    run(app)
    app.switch_page("pages/forcing.py")
    assert field(run(app))["text"] == "He left."


def test_a_link_restores_everything(translators):
    query = {
        "text": "Le chien dort.", "reference": "A dog is sleeping.", "model": "fr-en-concat", "ratio": "0.5",
        "seed": "4", "inject": "3", "word": "elephant", "lang": "en",
    }  # fmt: skip
    app = open_page(**query)
    both = translators["fr-en-concat"].compare(
        query["text"], query["reference"], ratio=0.5, seed=4, injection=Injection(3, "elephant")
    )
    assert_shows(app, both)
    assert tracks(app)["injection"] == {"step": 3, "word": "elephant"}
    for key in ("model", "ratio", "seed", "inject", "word"):
        assert linked(app)[key] == [query[key]]


@pytest.mark.parametrize(
    "query",
    [
        {"ratio": "much", "seed": "-3"},
        {"ratio": "nan", "seed": "1e99", "model": "fr-en-other"},
        {"inject": "1", "word": "dog"},
        {"inject": "two", "word": "dog"},
        {"inject": "4", "word": " "},
        {"inject": "99999999999", "word": "dog"},
        {"inject": "3"},
    ],
)
def test_a_link_that_says_nonsense_shows_the_page_as_it_is_without(translators, query):
    assert_shows(open_page(**query), translators[MODEL].compare(SOURCE, REFERENCE))


def test_the_switches_ask_the_model_anew(translators):
    app = open_page()
    app.slider(key="ratio").set_value(0.5)
    app = run(app)
    app.number_input(key="seed").set_value(11)
    app = run(app)
    assert_shows(app, translators[MODEL].compare(SOURCE, REFERENCE, ratio=0.5, seed=11))
    assert EN("tracks.note_mixed", percent="50", seed=11) in json.dumps(tracks(app))
    assert linked(app)["ratio"] == ["0.5"]


def test_without_a_coin_to_throw_the_seed_cannot_be_set():
    app = open_page()
    assert app.number_input(key="seed").disabled
    app.slider(key="ratio").set_value(0.5)
    assert not run(app).number_input(key="seed").disabled


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_word_fed_by_hand_is_told_with_what_it_did(translators, language):
    app = open_page(lang=language, inject="4", word="hippopotamus")
    both = translators[MODEL].compare(SOURCE, REFERENCE, injection=Injection(4, "hippopotamus"))
    say, effect = SAY[language], both.effects[0]
    known = table(FIRST, GLOSSES)[language]
    for name in ("forced", "free", "difference"):
        numbers = panels(app)[name]["numbers"]
        said_of = dict(zip(numbers["source"], numbers["meanings"], strict=True))
        assert all(said_of[word] == known[word.lower()] for word in said_of if word.isalpha())
    fed = [
        shown_piece(p.text)
        for p, by in zip(both.forced.fed, both.forced.forcing, strict=True)
        if by == "injected"
    ]
    values = {"step": 4, "word": "hippopotamus", "count": len(fed), "pieces": " ".join(fed)}
    assert say("forcing.fed_pieces", **values) in said(app)
    changed, rows = sum(effect.changed), len(effect.kl)
    assert say("forcing.effect", track=say("regimes.forced"), changed=changed, rows=rows) in said(app)
    if effect.recovered is not None:
        assert say("forcing.recovered", steps=effect.recovered, limit=0.1) in said(app)
    app.button(key="undo_injection").click()
    assert tracks(run(app))["injection"] is None
    assert linked(app)["inject"] == []


def test_what_the_model_would_have_said_without_the_word_stands_under_what_it_says(translators):
    app = open_page(inject="4", word="hippopotamus")
    both = translators[MODEL].compare(SOURCE, REFERENCE, injection=Injection(4, "hippopotamus"))
    for track, before, trace, effect in zip(
        tracks(app)["tracks"], both.before, (both.forced, both.free), both.effects, strict=True
    ):
        for row, changed in enumerate(effect.changed):
            step = effect.start + row
            other = before.candidates[step + len(before.fed) - len(trace.fed)][0].text
            assert track["cells"][step]["was"] == (shown_piece(other) if changed else None)


def test_a_step_that_no_run_has_is_told():
    app = open_page(inject="90", word="dog")
    assert EN("forcing.not_reached", step=90, word="dog") in said(app)


def test_a_word_offered_to_be_fed_is_the_very_piece(translators):
    """Every candidate of the tracks that can be fed leads to its own piece."""
    target = translators[MODEL]._checkpoint.target
    for track in tracks(open_page())["tracks"]:
        for cell in track["cells"]:
            for one in cell["top"]:
                if one["word"]:
                    assert [word_of(piece.text) for piece in target.encode_word(one["word"])] == [one["word"]]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_reference_or_word_that_is_too_long_is_said_and_left_out(language):
    say = SAY[language]
    app = write(open_page(lang=language), "why " * 300)
    assert say("forcing.left_out_reference", reason="")[:12] in said(app)
    assert tracks(app)["first"] is None
    app = open_page(lang=language, inject="3", word="incomprehensible" * 60)
    assert say("forcing.left_out_word", reason="")[:12] in said(app)
    assert tracks(app)["injection"] is None


def test_a_reference_in_another_script_is_fed_byte_by_byte():
    app = write(open_page(), "학교")
    assert EN("forcing.unknown", words="")[:20] not in said(app)
    assert not app.exception


def test_a_reference_beyond_the_limit_of_the_field_is_cut_with_a_notice():
    app = write(open_page(), "a " * LIMIT)
    assert EN("sentence.cut_characters", limit=f"{LIMIT:,}") in said(app)


@pytest.mark.parametrize("text", ODD)
def test_any_sentence_reference_and_word_get_an_answer_or_a_sentence(text):
    app = type_in(open_page(), text)
    app = keep(app, View, inject=2, word=text.strip() or "a")
    app = write(app, text)
    if normalise(text).text:
        assert tracks(app)["tracks"]
    else:
        assert EN("forcing.empty") in said(app)


def test_an_empty_field_says_what_to_do():
    assert EN("forcing.empty") in said(type_in(open_page(), " "))


def test_a_model_that_cannot_be_used_says_so(monkeypatch):
    error = CheckpointError("part_missing", path="weights.safetensors")
    monkeypatch.setitem(shelf()._errors, MODEL, error)
    app = type_in(open_page(lang="ko"), "Une phrase que nul n'a encore comparée.")
    assert SAY["ko"].error(error) in said(app)


def test_while_the_models_load_the_page_says_so(monkeypatch):
    monkeypatch.setattr(Shelf, "has", lambda self, names: False)
    assert EN("forcing.loading") in said(open_page())


def test_both_heatmaps_have_one_scale_and_the_difference_is_centred_on_zero(translators):
    both = translators[MODEL].compare(SOURCE, REFERENCE)
    forced, free, apart, curves = cards(open_page())
    scales = [json.loads(card["figure"])["data"][0] for card in (forced, free, apart)]
    assert [(s["zmin"], s["zmax"]) for s in scales] == [(0, 1), (0, 1), (-1, 1)]
    one, other = (run.alignment("words", target_level="pieces").weights for run in (both.forced, both.free))
    assert apart["numbers"]["cells"][0]["values"] is None, "they are sent once, in the figure"
    shown = np.frombuffer(base64.b64decode(scales[2]["z"]["bdata"]), dtype="<f4")
    expected = one[: both.steps] - other[: both.steps]
    np.testing.assert_allclose(shown.reshape(expected.shape), expected, atol=1e-6)
    assert len(forced["numbers"]["target"]) == len(both.forced.fed)
    assert forced["numbers"]["target_keys"][: both.steps] == apart["numbers"]["target_keys"]
    told = {series["name"]: series["values"] for series in curves["numbers"]["series"]}
    kl = told[EN("forcing.plot_kl")]
    assert [float(value) for value in kl[: both.steps]] == pytest.approx(
        both.divergence.kl.tolist(), abs=1e-3
    )


def test_without_attention_the_page_says_so_and_draws_the_curves():
    app = open_page(model="fr-en-none")
    assert [card["name"] for card in cards(app)] == ["curves"]
    assert EN("live.no_attention") in said(app)


def test_nothing_typed_is_sent_as_markup():
    typed = "<img src=x onerror=alert(1)> **gras** $x$"
    app = write(type_in(open_page(), typed), typed)
    for card in cards(app):
        assert "<img" not in (card["figure"] or "")
    assert not any("gras" in markdown.value for markdown in app.markdown)


@pytest.mark.parametrize("model", ["fr-en-dot", "fr-en-none"])
def test_the_gap_below_is_that_of_the_model_above(model):
    app = open_page(model=model)
    name = SAY["en"](f"scorer.{model.rpartition('-')[2]}")
    assert SAY["en"]("gap.curves", model=name) in [part.value for part in app.header]


@pytest.mark.parametrize("piece", ["</s>", "<0xE2>", "▁·", "▁·e"])
def test_a_piece_that_cannot_be_written_as_a_word_is_not_offered(piece):
    assert word_of(piece) == ""
