"""The bottleneck page through AppTest: what it computes and says."""

import dataclasses
import itertools
import json
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest

from pages.kit import report as reported
from pages.kit.examples import EXAMPLES, REFERENCES
from pages.kit.family import COMPARED, model, name_of
from pages.kit.frame import Frame
from pages.kit.translators import Answer, answer, judged, judged_target, shelf
from pages.labs.bottleneck import sentence, vector
from pages.labs.bottleneck.sentence import lengthened
from pages.labs.bottleneck.view import MOST
from s2s import catalog
from s2s.catalog import TASKS
from s2s.errors import CheckpointError
from s2s.evaluate.judging import measured
from s2s.evaluate.lost import by_part, judge_trace, lost_share, told
from s2s.evaluate.probe import load, read_words
from s2s.evaluate.report import REPORT, read_report
from s2s.figures.palette import LIGHT
from s2s.languages import FIRST
from s2s.text import count_words
from s2s.translator import Translator
from tests.apps import SAY, linked, open_app, run, said, type_in
from tests.apps import panels as cards

JUDGE, SHIPPED = TASKS[0].judge, catalog.shipped_for(TASKS[0])

EN = SAY["en"]
SHOWN = [name for name in ("fr-en-none", "fr-en-none-backward", "fr-en-general") if name in SHIPPED]


@pytest.fixture(scope="module", autouse=True)
def loaded() -> Iterator[None]:
    """The whole family, loaded as the app loads it."""
    shelf().load_in_background()
    while not shelf().has(SHIPPED):
        time.sleep(0.05)
    return


open_page = partial(open_app, "bottleneck")


def crossed_out(card: dict) -> list[str]:
    return [word["text"] for word in card["source"] if word["mark"] == "lost"]


def test_the_reader_sees_three_sentences_through_the_one_vector_and_through_attention():
    app = open_page()
    assert [name for name in cards(app) if name.startswith("fr-en")] == SHOWN
    text = lengthened(EXAMPLES[0], 3)
    for name in SHOWN:
        card, trace = cards(app)[name], answer(name, text).trace
        assert "".join(w["text"] for w in card["source"]) == text.replace(" ", "")
        assert [w["text"] for w in card["words"]] == [u.text for u in trace.written().units if not u.is_end]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_words_are_marked_as_the_judge_found_them(count):
    app = open_page(sentences=str(count), text="Il neige. Le train part")
    text = lengthened("Il neige. Le train part", count)
    judge = Translator.load(JUDGE)
    for name in SHOWN:
        found = judge_trace(judge.explain(text, Translator.load(name).translate(text).target))
        card = cards(app)[name]
        marks = [(word["text"], word["mark"]) for word in card["source"] if word["mark"] != "sign"]
        assert marks == [(word.unit.text, word.verdict) for word in found]
        assert card["marked"] == sentence.spoken(found, EN)
        values = [fact["value"] for fact in card["facts"]]
        lost, unclear = (sum(word.verdict == verdict for word in found) for verdict in ("lost", "unclear"))
        assert values[0] == EN("bottleneck.of", part=lost, whole=len(found) - unclear)
        assert values[1] == EN("bottleneck.of", part=unclear, whole=len(found))


def test_what_english_says_otherwise_is_not_crossed_out_above_a_good_translation():
    app = open_page(sentences="1", text="Je ne comprends pas pourquoi elle est partie.")
    for name in SHOWN:
        assert (
            "don't understand" in answer(name, "Je ne comprends pas pourquoi elle est partie.").trace.target
        )
        assert crossed_out(cards(app)[name]) == []
        kept = {word["text"] for word in cards(app)[name]["source"] if word["mark"] == "kept"}
        assert {"Je", "ne", "comprends", "pas", "pourquoi", "elle"} <= kept
    assert "cannot be told apart" in said(app)
    assert "this is the bottleneck" not in said(app)


def test_a_word_is_not_kept_above_another_sentence_that_has_nothing_of_it(monkeypatch):
    text, target = "Ma sœur achète du pain chaque matin.", "My dog is a good cook."
    other = Translator.load(JUDGE).align(text, target)

    def tried(name: str, text: str) -> sentence.JudgedTranslation:
        return sentence.JudgedTranslation(Answer(other, None), JUDGE, judged_target(JUDGE, text, target))

    monkeypatch.setattr(sentence, "tried", tried)
    card = cards(open_page(sentences="1", text=text, columns=["fr-en-none"]))["fr-en-none"]
    assert {"sœur", "pain", "chaque", "matin"} <= set(crossed_out(card))
    assert "achète" not in {word["text"] for word in card["source"] if word["mark"] == "kept"}


def test_alone_the_sentence_stays_as_it_was_typed_and_longer_it_begins_with_it():
    assert lengthened("  il neige ", 1) == "  il neige "
    assert lengthened(" il neige ", 2).startswith("il neige. ")
    assert lengthened("Il neige !", 3).startswith("Il neige ! ")
    texts = [lengthened("Il neige.", count) for count in range(1, MOST + 1)]
    assert all(longer.startswith(shorter) for shorter, longer in itertools.pairwise(texts))
    assert len(set(texts)) == MOST


def test_the_first_finding_counts_what_was_just_shown():
    app = open_page()
    text = lengthened(EXAMPLES[0], 3)
    found = {name: judged(JUDGE, name, text) for name in SHOWN}
    for name, words_ in found.items():
        item = EN(
            "bottleneck.lost_item",
            model=name_of(name, EN),
            lost=sum(w.is_lost for w in words_),
            words=told(words_),
        )
        assert item in said(app)
    one, other = (found[name] for name in (SHOWN[0], SHOWN[-1]))
    pairs = [(a.verdict, b.verdict) for a, b in zip(one, other, strict=True)]
    more, fewer = pairs.count(("lost", "kept")), pairs.count(("kept", "lost"))
    assert (more >= 5, fewer) == (True, 0)
    names = {"model": name_of(SHOWN[0], EN), "other": name_of(SHOWN[-1], EN)}
    assert EN("bottleneck.lost_held", **names, more=more, fewer=fewer) in said(app)
    thirds = [f"{lost} of {whole}" for lost, whole in by_part(one, 3)]
    assert " · ".join(thirds) in [fact["value"] for fact in cards(app)[SHOWN[0]]["facts"]]


def test_how_often_the_judge_is_right_is_said_from_what_was_measured_and_with_a_persons_translation():
    app = open_page()
    found = judged_target(JUDGE, lengthened(EXAMPLES[0], 3), sentence.reference(EXAMPLES[0], 3))
    lost = [word.unit.text for word in found if word.is_lost]
    listed = ", ".join(lost) or EN("bottleneck.nothing")
    counts = {"lost": len(lost), "words": len(found), "unclear": len(found) - told(found)}
    score = measured(FIRST)
    right = EN(
        "bottleneck.judge_right",
        pairs=score.pairs,
        precision=f"{100 * score.precision:.0f}",
        kept=f"{100 * score.kept_precision:.0f}",
        recall=f"{100 * score.recall:.0f}",
        missed=f"{100 * score.missed:.0f}",
        alarms=f"{100 * score.alarms:.1f}",
    )
    captions = [caption.value for caption in app.caption]
    for told_ in (EN("bottleneck.person", listed=listed, **counts), right):
        assert any(told_ in caption for caption in captions)
    assert not any(
        "In a human translation of" in caption.value for caption in type_in(app, "Il neige.").caption
    )
    assert set(sentence.further(FIRST).values()).isdisjoint(REFERENCES.values())


def test_as_it_grows_each_length_has_its_share():
    app = open_page(sentences="3")
    figure = json.loads(cards(app)["growth"]["figure"])
    for line, name in zip(figure["data"], SHOWN, strict=True):
        shares = [lost_share(judged(JUDGE, name, lengthened(EXAMPLES[0], count))) for count in (1, 2, 3)]
        assert line["y"] == pytest.approx([100 * share for share in shares])
        assert line["name"] == name_of(name, EN)
    assert "growth" not in cards(open_page(sentences="1"))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_curves_are_those_of_the_report_with_the_readers_length_marked(language):
    app = open_page(lang=language, text="Il neige.", sentences="1")
    card = cards(app)["lengths"]
    layout = json.loads(card["figure"])["layout"]
    evaluations = {e.setup.model: e for e in read_report(REPORT).shipped}
    names = [model(kind) for kind in COMPARED["attention"]]
    curves = [trace for trace in json.loads(card["figure"])["data"] if "markers" in trace["mode"]]
    for measure, found in (("bleu", curves[: len(names)]), ("chrf", curves[len(names) :])):
        for name, curve in zip(names, found, strict=True):
            chains = evaluations[name].chains
            assert curve["y"] == [getattr(score, measure).value for score in chains]
            series = {one["name"]: one["values"] for one in card["numbers"]["series"]}
            say = SAY[language]
            band = getattr(chains[0], measure)
            written = series[f"{say(f'bottleneck.{measure}')}, {name_of(name, say)}"][0]
            assert written == f"{band.value:.1f} ({band.low:.1f}–{band.high:.1f})"
    counts = [score.words for score in evaluations[names[0]].chains]
    at = float(np.interp(count_words("Il neige.", "fr"), counts, range(len(counts))))
    assert {shape["x0"] for shape in layout["shapes"]} == {at}
    assert card["facts"][0]["value"] == SAY[language]("bottleneck.words", words=2)


def test_the_reader_may_only_compare_what_is_here():
    offered = [one.options for one in open_page().segmented_control if one.key == "compare"]
    shipped = SHIPPED
    there = [name for name, kinds in COMPARED.items() if sum(model(k) in shipped for k in kinds) > 1]
    assert there[0] == "attention"
    wanted = [EN(f"bottleneck.compare_{name}") for name in there]
    assert offered == ([wanted] if len(wanted) > 1 else [])  # one alone is nothing to choose from


@pytest.mark.parametrize("name", ["fr-en-none", "fr-en-general"])
def test_the_probe_cards_say_of_each_word_whether_it_can_be_read(name):
    app = open_page(sentences="2")
    text = lengthened(EXAMPLES[0], 2)
    found = read_words(load(catalog.locate(name)), Translator.load(name).translate(text))
    card = cards(app)[f"probe-{name}"]
    assert crossed_out(card) == [word.unit.text for word in found if not word.is_read]
    dotted = [word["text"] for word in card["source"] if word["mark"] == "common"]
    assert dotted == [word.unit.text for word in found if word.is_read and word.is_common]
    counts = [fact["value"] for fact in card["facts"]]
    assert counts == [
        EN("bottleneck.of", part=sum(getattr(w, field) for w in found), whole=len(found))
        for field in ("is_read", "is_common")
    ]


@pytest.mark.parametrize(("sentences", "measured"), [(1, 1), (3, 3), (5, 4), (6, 6)])
def test_the_curves_by_position_are_of_inputs_as_long_or_the_next_shorter(sentences, measured):
    names = vector.probed()
    chains = vector.probe_chains(names, sentences)
    assert list(chains) == list(names)
    assert {chain.sentences for chain in chains.values()} == {measured}
    frame = Frame(EN, LIGHT, large=False)
    panel = vector.probe_curves(chains, frame)
    lines = [trace for trace in panel.figure.data if "markers" in trace["mode"]]
    for line, chain in zip(lines, chains.values(), strict=False):
        assert list(line["y"]) == pytest.approx([100 * part.read.value for part in chain.parts])
    baseline = next(iter(chains.values())).parts
    assert list(lines[-1]["y"]) == pytest.approx([100 * part.common for part in baseline])


def test_a_link_restores_the_page():
    app = open_page(text="Il neige.", sentences="2", columns=["fr-en-general"])
    assert [name for name in cards(app) if name.startswith("fr-en")] == ["fr-en-general"]
    assert app.slider(key="sentences").value == 2
    codes = linked(app)
    assert (codes["sentences"], codes["columns"]) == (["2"], ["fr-en-general"])
    assert codes["compare"] == []
    again = linked(open_page())
    assert again["sentences"] == again["columns"] == []


@pytest.mark.parametrize(
    "query", [{"sentences": "99"}, {"sentences": "x"}, {"columns": "nobody"}, {"compare": "x"}]
)
def test_a_damaged_link_is_read_as_far_as_it_makes_sense(query):
    assert "lengths" in cards(open_page(**query))


@pytest.mark.parametrize("text", ["", "   ", "학교", "zxqw " * 300, "?!", "<b>$x$</b>"])
def test_any_input_gets_an_answer_or_one_sentence(text):
    app = type_in(open_page(sentences="1"), text)
    assert "lengths" in cards(app)
    if not text.strip():
        assert EN("bottleneck.empty") in said(app)
    else:
        assert SHOWN[0] in cards(app)


def test_without_a_model_the_curves_stay():
    app = open_page()
    app.pills(key="columns").set_value([])
    app = run(app)
    assert EN("kinds.none_chosen") in said(app)
    assert "lengths" in cards(app)


@pytest.mark.parametrize("change", [{"shipped": ()}, {"probes": ()}])
def test_what_was_not_measured_is_said_and_the_rest_goes_on(monkeypatch, tmp_path, change):
    path = tmp_path / "report.json"
    path.write_text(dataclasses.replace(read_report(REPORT), **change).to_json(), encoding="utf-8")
    monkeypatch.setattr(reported, "REPORT", path)
    reported.shipped_report.cache_clear()
    app = open_page(sentences="1")
    assert SHOWN[0] in cards(app)
    assert (EN("bottleneck.not_measured") in said(app)) == ("shipped" in change)
    assert ("positions" in cards(app)) == ("shipped" in change)
    monkeypatch.undo()
    reported.shipped_report.cache_clear()


@pytest.mark.parametrize("text", [None, "{", "[]", '{"format": 1, "shipped": [{}]}'])
def test_without_a_report_that_can_be_read_it_says_so_and_the_rest_goes_on(monkeypatch, tmp_path, text):
    path = tmp_path / "models" / "report.json"
    path.parent.mkdir()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(reported, "REPORT", path)
    reported.shipped_report.cache_clear()
    app = open_page(sentences="1", columns=[SHOWN[0]])
    assert {SHOWN[0], f"probe-{SHOWN[0]}"} <= cards(app).keys()
    assert said(app).count("models/report.json") == 2  # for the curves, and for the probes
    assert str(tmp_path) not in said(app)
    monkeypatch.undo()
    reported.shipped_report.cache_clear()


def test_without_any_model_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(catalog, "SHIPPED", tmp_path)
    app = open_page()
    assert EN("kinds.none_usable") in said(app)
    assert EN("kinds.none_chosen") in said(app)


def test_a_model_that_cannot_be_used_says_so_in_its_card(monkeypatch):
    broken = CheckpointError("part_missing", path="weights.safetensors")
    monkeypatch.setitem(shelf()._errors, "fr-en-none", broken)
    page_text = "Le lait est froid."
    app = open_page(text=page_text, sentences="1")
    assert EN.error(broken) in cards(app)["fr-en-none"]["notice"]
    assert cards(app)["fr-en-general"]["words"]
