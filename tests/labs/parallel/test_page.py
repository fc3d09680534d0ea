"""Parallel against sequential through AppTest: what is counted, followed, shuffled and measured."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import experiment
from pages.kit.examples import EXAMPLES
from pages.kit.frame import Frame
from pages.kit.wire import figure_text
from pages.labs.parallel.counted import counts, written_bytes
from pages.labs.parallel.growth import memory_panel, time_panel
from pages.labs.parallel.many import many_finding
from s2s import catalog, reading_costs
from s2s.claims.parallel import distance_costs_less
from s2s.counts import score_bytes
from s2s.evaluate.evaluation import Band
from s2s.evaluate.reordered import Reordered, likeness, shuffle
from s2s.figures.labels import shown_piece
from s2s.figures.palette import LIGHT
from s2s.paths import Travel
from s2s.reading_costs import measure_reading
from s2s.translator import Translator
from s2s.travel import travel, unplaced
from tests.apps import ODD, SAY, ended, linked, open_app, panels, run, started, type_in, working
from tests.labs.test_notebook import assert_same, numbers

pytestmark = pytest.mark.usefixtures("loaded")

GENERAL, SUCCESSOR = catalog.ATTENDING.model(), catalog.SUCCESSOR.model()
FOLLOWED = ("fr-en-none-rnn", "fr-en-none", GENERAL, SUCCESSOR)
SOURCE, EN = EXAMPLES[0], SAY["en"]
open_page = partial(open_app, "transformer", text=SOURCE)


@pytest.fixture(scope="module")
def app() -> AppTest:
    """The page as it begins; for tests that only look."""
    return open_page()


@pytest.fixture(scope="module")
def target() -> str:
    return Translator.load(GENERAL).translate(SOURCE).target


def told(app: AppTest) -> str:
    parts = [part.value for part in (*app.text, *app.markdown, *app.caption, *app.header, *app.subheader)]
    return "\n".join(parts)


def drawn(app: AppTest, panel: str) -> dict[str, list[float | None]]:
    """What a picture draws, by the name of its first lines."""
    traces = json.loads(panels(app)[panel]["figure"])["data"]
    return {trace["name"]: trace["y"] for trace in reversed(traces)}


def named(model: str) -> str:
    return {
        "fr-en-none-rnn": EN("kinds.none_rnn"), "fr-en-none": EN("kinds.none_lstm"),
        GENERAL: EN("kinds.general"), SUCCESSOR: EN("kinds.transformer"),
    }[model]  # fmt: skip


# Counted


def test_the_sentence_is_counted_for_each_model(app: AppTest):
    (table,) = (one.value for one in app.table if EN("kinds.transformer") in one.value.columns)
    trace = Translator.load(GENERAL).translate(SOURCE)
    read, written = len(trace.source_pieces), len(trace.target_pieces)
    config, _ = catalog.read_config(catalog.locate(SUCCESSOR))
    column = table[EN("kinds.transformer")]
    assert column[EN("parallel.to_read", pieces=read)] == str(config.layers)
    assert column[EN("parallel.between")] == "1"
    scores = score_bytes(config, read, written)
    assert column[EN("parallel.scores_source")] == written_bytes(scores.source)
    recurrent = table[EN("kinds.general")]
    assert recurrent[EN("parallel.to_read", pieces=read)] == str(read)
    assert recurrent[EN("parallel.to_write", pieces=written)] == str(written)
    assert recurrent[EN("parallel.between")] == str(read - 1)
    assert dict(recurrent) == counts(catalog.read_config(catalog.locate(GENERAL))[0], read, written, EN)


def test_bytes_have_a_unit():
    found = [written_bytes(n) for n in (0, 360, 999, 5184, 26_214_400, 640_000_000, 3e12)]
    assert found == ["0 B", "360 B", "999 B", "5.2 kB", "26.2 MB", "640 MB", "3000.0 GB"]


# Gradients


def followed(target: str, step: int) -> dict[str, Travel]:
    return {name: travel(Translator.load(name), SOURCE, target, step=step) for name in FOLLOWED}


def test_the_pictures_are_the_gradients_of_each_model_and_the_finding_follows_from_them(target: str):
    app = open_page(follow="2")
    found = followed(target, 2)
    for name, one in found.items():
        np.testing.assert_allclose(drawn(app, "travel_words")[named(name)], one.shares, atol=1e-6)
        np.testing.assert_allclose(drawn(app, "travel_distances")[named(name)], one.by_distance, rtol=1e-4)
    facts = {fact["label"]: fact["value"] for fact in panels(app)["travel_distances"]["facts"]}
    assert facts == {named(name): f"×{one.slope.factor:.3f}" for name, one in found.items()}
    slopes = {name: one.slope for name, one in found.items()}
    claim = distance_costs_less(slopes.pop(SUCCESSOR), slopes)
    verdict = {True: "held", False: "not_held", None: "undecided"}[claim.holds]
    recurrent = "; ".join(f"{named(name)} ×{slope.factor:.2f}" for name, slope in slopes.items())
    expected = EN(
        f"travels.{verdict}", transformer=f"{found[SUCCESSOR].slope.factor:.2f}", recurrent=recurrent
    )
    assert f"**{expected}**" in told(app)


def test_the_text_alternative_says_where_most_arrives(target: str):
    app = open_page(follow="2")
    spoken = panels(app)["travel_words"]["spoken"]
    for name, one in followed(target, 2).items():
        place = int(one.words.argmax())
        source, percent = shown_piece(one.source_pieces[place].text), f"{100 * one.shares[place]:.0f}"
        assert EN("travels.most", model=named(name), source=source, percent=percent) in spoken


def test_a_link_restores_every_choice_and_a_wrong_one_opens_the_page_as_it_begins():
    chosen = {"follow": "3", "order": "7", "own": "dort chat", "equal": "width"}
    app = open_page(**chosen)
    assert {key: linked(app)[key] for key in chosen} == {key: [value] for key, value in chosen.items()}
    app = open_page(follow="999", order="0", equal="x")
    assert not any(linked(app)[key] for key in ("order", "own", "equal"))
    assert {"travel_words", "travel_distances"} <= panels(app).keys()


# Word order


def test_the_drawn_order_is_translated_by_three_and_each_is_held_against_itself():
    app = open_page(order="5")
    moved = shuffle(SOURCE, 5)
    assert EN("order.read", text=moved) in told(app)
    successor = Translator.load(SUCCESSOR)
    readers = {
        f"order-{SUCCESSOR}": successor,
        f"order-{SUCCESSOR}-unplaced": unplaced(successor),
        f"order-{GENERAL}": Translator.load(GENERAL),
    }
    for name, translator in readers.items():
        card, whole, found = panels(app)[name], translator.translate(SOURCE), translator.translate(moved)
        [heat] = [trace for trace in json.loads(card["figure"])["data"] if trace["type"] == "heatmap"]
        np.testing.assert_allclose(numbers(heat["z"]), found.alignment().weights, atol=1e-5)
        facts = {fact["label"]: fact["value"] for fact in card["facts"]}
        same = found.target == whole.target
        like = EN("order.same") if same else f"{likeness(found.target, whole.target):.0f}"
        assert facts[EN("order.like")] == like
    facts = panels(app)[f"order-{SUCCESSOR}-unplaced"]["facts"]
    assert facts[0]["value"] == EN("order.same"), "without positions every order is the same"


def test_a_button_draws_another_order_and_an_order_that_is_typed_gives_way_to_it():
    app = open_page(own="dort Le chat noir sur la chaise.", order="3")
    assert EN("order.read", text="dort Le chat noir sur la chaise.") in told(app)
    app.button(key="another-order").click()
    run(app)
    assert EN("order.read", text=shuffle(SOURCE, 4)) in told(app)
    assert (linked(app)["order"], linked(app)["own"]) == (["4"], [])


def test_other_words_than_those_of_the_sentence_are_no_order_of_it():
    app = open_page(own="dort Le chien noir sur la chaise.")
    assert EN("order.other_words") in told(app)
    assert EN("order.read", text=shuffle(SOURCE, 1)) in told(app)
    app = type_in(app, "Oui.")
    assert EN("order.too_short") in told(app)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_any_input_has_an_answer_or_a_sentence_in_both_languages(language: str):
    app = open_page(lang=language)
    for text in (ODD[4], ODD[9]):
        app = type_in(app, text)
        assert "travel_words" in panels(app) or SAY[language]("parallel.empty") in told(app)
    assert SAY[language]("order.claim") not in told(type_in(app, ""))


def test_another_task_has_no_transformer_and_nothing_of_it_is_shown():
    app = open_app("transformer", task="ko-en")
    assert EN("parallel.title") not in told(app)
    assert "travel_words" not in panels(app)


def test_the_lines_of_every_picture_of_the_sentence_make_it(app: AppTest):
    ours = [panel for name, panel in panels(app).items() if name.startswith(("travel", "order-"))]
    assert len(ours) == 5
    for panel in ours:
        assert_same(panel["figure"], panel["origin"]["code"])


# What is measured, with a worker that says what a real one says, and waits for a file to appear.
WORKER = """
import json, pathlib, sys, time
def say(**event): print(json.dumps(event), flush=True)
name, gate = sys.argv[2], pathlib.Path(sys.argv[1])
times = {("parameters", "transformer"): (0, 4), ("width", "transformer"): (3, 1)}
def cost(n, equal, reader):
    first, each = times.get((equal, reader), (0, 2))
    of = n * n * 256 if reader == "transformer" else 0
    return dict(equal=equal, reader=reader, width=8, parameters=1000, length=n, peak=1000 * n, scores=of,
                milliseconds=float(first + each * n), steps=2 if of else n)
costs = [cost(n, equal, reader) for n in (5, 10, 20) for equal in ("parameters", "width")
         for reader in ("rnn", "lstm", "transformer")]
scores = [dict(reader=reader, sentences=90, same=same, chrf=dict(value=low + 2, low=low, high=low + 4))
          for reader, same, low in (("placed", 10, 40), ("bare", 90, 96), ("recurrent", 5, 60))]
known = {"reading": {"costs": costs}, "reorder": {"scores": scores}}[name]
some = {key: values[:7] for key, values in known.items()} if name == "reading" else {"scores": scores[:1]}
say(event="progress", done=1, total=4, so_far=some)
while not gate.exists():
    time.sleep(0.01)
say(event="result", **known)
"""


@pytest.fixture
def gate(tmp_path, monkeypatch) -> Iterator[Path]:
    """The file that lets the workers of the page go on to their end."""
    with working(WORKER, tmp_path / "gate", monkeypatch):
        yield tmp_path / "gate"


def test_reading_is_drawn_while_it_runs_and_concluded_at_its_end_for_what_is_equal(gate: Path):
    app = started(open_page(equal="width"), "reading")
    assert app.button(key="reading-start").disabled
    times = json.loads(panels(app)["growth_time"]["figure"])["data"]
    assert {trace["name"] for trace in times} == {"RNN", "LSTM", "Transformer"}
    assert EN("growth.under_way") in panels(app)["growth_time"]["spoken"]
    gate.touch()
    app = ended(app, "reading")
    values = {"shortest": 5, "longest": 20, "transformer": "2.88", "rnn": "4.00", "lstm": "4.00"}
    assert EN("growth.held", **values) in told(app)
    assert EN("growth.fastest", lengths="5, 10, 20") in told(app)
    memory = drawn(app, "growth_memory")
    assert memory[EN("growth.scores")] == [256.0 * n * n for n in (5, 10, 20)]
    app.segmented_control(key="equal").set_value("parameters")
    app = run(app)
    assert EN("growth.undecided", **values | {"transformer": "4.00"}) in told(app)
    assert EN("growth.never_fastest") in told(app)


def test_shuffling_is_a_table_with_its_finding(gate: Path):
    app = started(open_page(order="4"), "reorder")
    assert list(experiment.jobs()._jobs) == [("reorder", 4)]
    asked = app.session_state["asked.reorder"].job.arguments
    assert asked == ("reorder", "--events", "--seed", "4", "--transformer", SUCCESSOR, "--recurrent", GENERAL)
    gate.touch()
    app = ended(app, "reorder")
    for key, values in (
        ("blind_held", {"same": 90}), ("tells_held", {"changed": 80}),
        ("more", {"transformer": 42, "recurrent": 62}),
    ):  # fmt: skip
        assert EN(f"order.{key}", sentences=90, **values) in told(app)
    table = app.table[-1].value
    assert table[EN("kinds.general")][EN("order.stayed")] == "5 / 90"
    assert table[EN("kinds.transformer")][EN("order.chrf")] == "42.0 (40.0 – 44.0)"


def test_what_did_not_hold_is_said():
    def one(reader: str, same: int, low: float) -> Reordered:
        return Reordered(reader, 90, same, Band(value=low + 2, low=low, high=low + 4))

    found = {
        "placed": one("placed", 80, 70),
        "bare": one("bare", 50, 80),
        "recurrent": one("recurrent", 5, 40),
    }
    text = many_finding(found, EN)
    assert EN("order.blind_not_held", same=50, sentences=90) in text
    assert EN("order.tells_not_held", changed=10, sentences=90) in text
    assert EN("order.less", transformer=72, recurrent=42) in text
    alike = many_finding(found | {"recurrent": one("recurrent", 5, 72)}, EN)
    assert EN("order.alike", transformer=72, recurrent=74) in alike


def come_back(app: AppTest, **tickets: object) -> AppTest:
    """A window that kept what it waited for, on a server that knows nobody."""
    for name, ticket in tickets.items():
        app.session_state[f"{name}-asked"] = {"asked": json.dumps([ticket, True])}
    return run(app)


def test_a_window_that_comes_back_begins_again_what_it_waited_for_and_nothing_that_was_no_ticket(gate: Path):
    for wrong in ({"reading": "--events", "reorder": True}, {"reading": 7, "reorder": 10**9}):
        app = come_back(open_app("transformer", text="Il dort."), **wrong)
        assert told(app).count(EN("jobs.lost")) == 2
    assert not experiment.jobs()._jobs
    app = come_back(app, reading="0f" * 16, reorder=7)
    assert experiment.jobs()._jobs.keys() == {("reading", "0f" * 16), ("reorder", 7)}
    assert app.button(key="reading-start").disabled


def test_the_lines_of_what_was_measured_draw_it(monkeypatch):
    """They measure it again, which gives other times: here, what was measured."""
    costs = list(measure_reading((1, 2), repeats=1))
    frame = Frame(EN, LIGHT, large=False)
    told = [cost._asdict() for cost in costs if cost.equal == "width"]
    asked = []

    def again(lengths):
        asked.append(lengths)
        return iter(costs)

    monkeypatch.setattr(reading_costs, "measure_reading", again)
    for panel in (time_panel(told, "", frame), memory_panel(told, frame)):
        assert_same(figure_text(panel.figure), panel.origin.code)
    assert asked == [(1, 2), (1, 2)]
