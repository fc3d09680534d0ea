"""The gradients page through AppTest: what it computes and says."""

import json
import sys
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import experiment
from pages.kit.curves import number
from pages.kit.examples import EXAMPLES
from pages.kit.frame import Frame
from pages.kit.jobs import Jobs
from pages.kit.translators import answer
from pages.labs.gradients.distance import distance_panels
from pages.labs.gradients.distance import flow as flow_of
from pages.labs.gradients.starts import Start, present
from s2s import catalog
from s2s.config import CELLS
from s2s.figures.labels import shown_piece
from s2s.figures.palette import LIGHT
from s2s.paths import Flow
from s2s.translator import Translator
from tests.apps import ODD, SAY, ended, linked, open_app, panels, run, started, type_in, working

pytestmark = pytest.mark.usefixtures("loaded")

MODEL = "fr-en-general"
SOURCE = EXAMPLES[0]
EN = SAY["en"]


@pytest.fixture(scope="module")
def general() -> Translator:
    return Translator.load(MODEL)


open_page = partial(open_app, "gradients")


def lines(app: AppTest, panel: str) -> dict[str, list[float | None]]:
    """What a picture draws, by the name of its first lines."""
    traces = json.loads(panels(app)[panel]["figure"])["data"]
    return {trace["name"]: trace["y"] for trace in reversed(traces)}


def facts(app: AppTest, panel: str) -> dict[str, str]:
    return {fact["label"]: fact["value"] for fact in panels(app)[panel]["facts"]}


def told(app: AppTest) -> str:
    """What the page says, without the marks that keep it from being markup."""
    parts = [part.value for part in (*app.text, *app.markdown, *app.caption)]
    parts += [unescape(html.proto.body) for html in app.get("html")]
    return "\n".join(part.replace("\\", "") for part in parts)


@pytest.mark.parametrize("model", list(present()))
def test_the_picture_is_the_models_own_gradient_split_by_its_ways(model):
    app = open_page(back=model, piece="2")
    found = Translator.load(model).gradients(SOURCE, step=2)
    drawn = lines(app, "paths")
    for way in ("attention", "chain", "earlier"):
        np.testing.assert_allclose(drawn[EN(f"gradients.way_{way}")], found.parts(way), atol=1e-6)
    np.testing.assert_allclose(drawn[EN("gradients.whole")], found.norms(), atol=1e-6)
    layout = json.loads(panels(app)["paths"]["figure"])["layout"]
    assert layout["xaxis"]["ticktext"][0] == shown_piece(found.source_pieces[0].text)
    assert facts(app, "paths")[EN("gradients.gap")] == number(found.gap)
    assert found.gap < 1e-5
    assert app.segmented_control(key="piece").value == 2


def test_the_finding_says_which_way_most_of_it_came(general):
    found = general.gradients(SOURCE, step=0)
    text = told(open_page(piece="0"))
    most = int(found.norms().argmax())
    assert f"{number(found.norms()[most])}; " in text
    assert shown_piece(found.source_pieces[most].text) in text
    share = f"{100 * found.share('attention'):.0f}%"
    assert share in text
    assert EN("gradients.no_feeding") in text
    without = told(open_page(back="fr-en-none"))
    assert "Without attention, all of the gradient" in without


def test_a_word_that_is_not_there_any_more_gives_way_to_another_one():
    app = open_page(text="Je ne comprends pas pourquoi elle est partie.", piece="8")
    assert linked(app)["piece"] == ["8"]
    app = type_in(app, "Oui.")
    assert int(app.segmented_control(key="piece").value) < 4
    assert "paths" in panels(app)


def test_every_cell_is_measured_trained_and_not_on_the_same_translation(general):
    app = open_page()
    target = answer(MODEL, SOURCE).trace.target
    drawn = lines(app, "untrained")
    assert len(drawn) == 2 * len(CELLS)
    for cell in CELLS:
        flow = general.untrained(cell=cell, attention="none", seed=1).flow(SOURCE, target)
        np.testing.assert_allclose(drawn[cell.upper()], flow.whole, rtol=1e-4)
        assert facts(app, "untrained")[cell.upper()] == f"×{flow.slope.factor:.3f}"
    trained = lines(app, "trained")
    compared = [c for c in present().values() if c.attention in ("none", "general") and c.direction == "both"]
    shipped = [k for k in catalog.SHAPES if k.attention in ("none", "general") and k.direction == "both"]
    assert len(trained) == len(compared) == len(shipped)
    np.testing.assert_allclose(
        trained[EN("kinds.with_attention", cell="LSTM")], general.flow(SOURCE, target).whole, rtol=1e-4
    )


def test_the_page_says_over_how_many_steps_how_much_is_left_and_sentences_can_be_added():
    short, long = open_page(text="Il fait froid."), open_page(text="Il fait froid.", more="5")
    assert EN("distance.held") in told(short)
    assert "over so few steps the loss does not show yet" in told(short)
    steps = [len(lines(app, "untrained")["RNN"]) for app in (short, long)]
    for app, count in zip((short, long), steps, strict=True):
        assert f"Over the {count - 1} steps of this sentence, the trained LSTM without attention" in told(app)
    assert steps[1] > 3 * steps[0]
    assert linked(long)["more"] == ["5"]


def test_a_scaled_matrix_explodes_and_clipping_shortens_the_update(general):
    app = open_page(scaled="rnn", scale="8")
    target = answer(MODEL, SOURCE).trace.target
    rnn = general.untrained(cell="rnn", attention="none", seed=1)
    flow, update = rnn.scaled(8).flow(SOURCE, target), rnn.scaled(8).update(SOURCE, target, rate=0.1)
    drawn = lines(app, "scaling")
    np.testing.assert_allclose(drawn[EN("scaling.after")], flow.whole, rtol=1e-3)
    np.testing.assert_allclose(drawn[EN("scaling.before")], rnn.flow(SOURCE, target).whole, rtol=1e-4)
    shown = facts(app, "scaling")
    assert shown[EN("scaling.largest")] == f"{flow.largest:.2f}"
    assert shown[EN("scaling.norm")] == number(update.norm)
    assert shown[EN("scaling.norm_clipped")] == "1.00"
    assert "It explodes." in told(app)
    held = update.loss_free > update.loss_clipped
    assert EN("scaling.held" if held else "scaling.not_held") in told(app)
    assert "It does not explode." in told(open_page(scaled="rnn", scale="0.5"))


def test_a_link_restores_every_choice():
    chosen = {
        "back": "fr-en-dot",
        "piece": "3",
        "more": "2",
        "scaled": "lstm",
        "scale": "2.5",
        "memory_seed": "7",
    }
    app = open_page(text="Où est l'hôpital ?", **chosen)
    assert {key: linked(app)[key] for key in chosen} == {key: [value] for key, value in chosen.items()}
    assert app.session_state["text"] == "Où est l'hôpital ?"
    assert app.number_input(key="more").value == 2
    assert app.slider(key="scale").value == 2.5


@pytest.mark.parametrize(
    "query", [{"back": "x"}, {"piece": "99"}, {"more": "-1"}, {"scale": "1e9"}, {"scaled": ""}]
)
def test_a_link_with_nonsense_opens_the_page_as_it_begins(query):
    assert {"paths", "trained", "untrained", "scaling"} <= panels(open_page(**query)).keys()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_any_input_has_an_answer_or_a_sentence_in_both_languages(language):
    app = open_page(lang=language)
    for text in ODD[:-1]:  # the next test has a longer one
        app = type_in(app, text)
        assert "paths" in panels(app) or SAY[language]("gradients.empty") in told(app)
    assert SAY[language]("gradients.claim") in told(app)


def test_a_long_source_is_cut_and_the_page_says_so():
    assert EN("distance.cut", limit=120) in told(open_page(text="maison " * 300))


def test_words_that_look_like_markup_are_only_words():
    app = open_page(text="**je** <b>parle</b> $x$ ![](http://a.b/c)")
    bold = [part.value for part in app.markdown]
    assert not any("![](" in text or "<b>" in text or "$x$" in text for text in bold)


def test_only_models_that_are_there_and_whole_are_offered(tmp_path, monkeypatch):
    for name in ("fr-en-none", "broken"):
        (tmp_path / name).mkdir()
    whole = (catalog.SHIPPED / "fr-en-none" / catalog.CONFIG).read_text()
    (tmp_path / "fr-en-none" / catalog.CONFIG).write_text(whole)
    (tmp_path / "broken" / catalog.CONFIG).write_text("{}")
    monkeypatch.setattr(catalog, "SHIPPED", tmp_path)
    assert list(present()) == ["fr-en-none"]


def test_a_model_that_is_not_on_the_shelf_is_loaded_when_it_is_asked_for(trained_folder):
    start = Start(str(trained_folder), "gru", "none", False)
    flow = flow_of(start, "je parle", "I speak", 2.0)
    assert (flow.cell, flow.attention) == ("gru", "none")


def test_a_readers_own_models_have_a_card_as_long_as_the_one_that_cuts_finest():
    def flow(steps: int) -> Flow:
        whole = (0.5 ** np.arange(steps)).astype(np.float32)
        return Flow(
            model="m", attention="none", cell="lstm", source="", target="", steps=1, largest=1.0,
            whole=whole, chain=whole,
        )  # fmt: skip

    flows = {
        Start(MODEL, "lstm", "general", True): flow(4),
        Start("mine", "gru", "dot", True, is_own=True): flow(3),
        Start("yours", "lstm", "none", True, is_own=True): flow(6),
        Start(MODEL, "rnn", "none", False): flow(4),
    }
    trained, own, untrained = distance_panels(flows, Frame(EN, LIGHT, large=False))
    assert [len(panel.numbers.target) for panel in (trained, own, untrained)] == [4, 6, 4]
    first, second = own.numbers.series
    assert (first.name, first.values) == ("mine", ("1.00", "0.500", "0.250", "–", "–", "–"))
    assert (second.name, second.values[-1]) == ("yours", "0.031")
    assert len({(line["line"]["dash"], line["line"]["color"]) for line in own.figure.data}) == 2


# The experiments, with a worker that says what a real one says, and waits for a file to appear.
WORKER = """
import json, pathlib, sys, time
def say(**event): print(json.dumps(event), flush=True)
name, gate = sys.argv[2], pathlib.Path(sys.argv[1])
curves, learned = {}, []
for n in (5, 10):
    for cell in ("rnn", "gru", "lstm"):
        for attention in ("none", "dot"):
            right = 1.0 if n == 5 or attention == "dot" else 0.125
            curves[f"{cell}/{attention}/{n}"] = [[10, 0.5], [20, right]]
            learned += [f"{cell}/{attention}/{n}"] * (right == 1)
costs = [dict(cell=cell, length=n, parameters=1000 * k, recurrent=100 * k, reading=0.01 * k, writing=0.5 * k)
         for n in (10, 20) for k, cell in ((1, "rnn"), (3, "gru"), (4, "lstm"))]
known = {"memory": {"curves": curves, "learned": learned}, "costs": {"costs": costs}}[name]
say(event="progress", done=1, total=4, so_far=known)
while not gate.exists():
    time.sleep(0.01)
say(event="result", **known)
"""


@pytest.fixture
def gate(tmp_path, monkeypatch) -> Iterator[Path]:
    """The file that lets the workers of the page go on to their end."""
    with working(WORKER, tmp_path / "gate", monkeypatch):
        yield tmp_path / "gate"


def test_the_memory_task_shows_its_curves_while_it_runs_and_concludes_at_its_end(gate):
    app = started(open_page(memory_seed="4"), "memory")
    assert app.button(key="memory-start").disabled
    assert len(lines(app, "memory")) == 2 * len(CELLS)
    assert "without attention: RNN 5, GRU 5, LSTM 5. With attention: RNN 10, GRU 10, LSTM 10." in told(app)
    assert EN("memory.held") not in told(app)
    gate.touch()
    app = ended(app, "memory")
    assert EN("memory.held") in told(app)
    assert experiment.jobs()._jobs.keys() == {("memory", 4)}
    assert not app.button(key="memory-start").disabled


def test_a_run_that_is_stopped_leaves_what_was_known(gate):
    app = started(open_page(), "memory")
    app.button(key="memory-stop").click()
    run(app)
    app = ended(app, "memory")
    assert EN("jobs.stopped_so_far") in told(app)
    assert "memory" in panels(app)
    assert experiment.jobs()._jobs["memory", 1].process.returncode is not None


def test_a_run_goes_on_while_another_page_is_looked_at(gate):
    app = started(open_page(), "memory")
    app.switch_page("pages/models.py")
    run(app)
    gate.touch()
    ended(app, "memory")
    app.switch_page("pages/gradients.py")
    assert EN("memory.held") in told(run(app))


def test_costs_are_a_table_with_its_sentence(gate):
    app = started(open_page(), "costs")
    table = app.table[0].value
    assert list(table.columns) == ["RNN", "GRU", "LSTM"]
    assert table["LSTM"][EN("costs.recurrent")] == "400"
    gate.touch()
    held = EN("costs.held", recurrent="4.00", reading="4.00", writing="4.00", length=20)
    assert held in told(ended(app, "costs"))


@pytest.mark.parametrize("ending", ["not held", "crash"])
def test_what_did_not_hold_or_did_not_end_is_said(ending, monkeypatch):
    code = "raise MemoryError('no room')"
    if ending == "not held":
        code = WORKER.replace('attention == "dot"', "False").replace("while not gate.exists()", "while False")
    made = Jobs((sys.executable, "-c", code, "-"))
    monkeypatch.setattr(experiment, "jobs", lambda: made)
    app = open_page()
    app.button(key="memory-start").click()
    app = ended(run(app), "memory")
    expected = EN("memory.not_held") if ending == "not held" else "MemoryError: no room"
    assert expected in told(app)


def come_back(name: str, ticket: object) -> AppTest:
    """A window that kept what it waited for, on a server that knows nobody."""
    app = open_page()
    app.session_state[f"{name}-asked"] = {"asked": json.dumps([ticket, True])}
    return run(app)


@pytest.mark.parametrize(("name", "ticket"), [("memory", 7), ("costs", "0f" * 16)])
def test_a_window_that_comes_back_to_another_server_begins_again_what_it_waited_for(gate, name, ticket):
    assert (name, ticket) not in experiment.jobs()._jobs
    app = come_back(name, ticket)
    assert (name, ticket) in experiment.jobs()._jobs
    assert app.button(key=f"{name}-start").disabled


@pytest.mark.parametrize(
    ("name", "ticket"),
    [("memory", True), ("memory", 10**9), ("memory", "7"), ("costs", "--seed"), ("costs", 7)],
)
def test_what_was_never_a_ticket_of_the_page_begins_nothing(name, ticket):
    before = set(experiment.jobs()._jobs)
    assert EN("jobs.lost") in told(come_back(name, ticket))
    assert set(experiment.jobs()._jobs) == before


def test_numbers_far_from_one_have_a_power_of_ten():
    assert [number(v) for v in (0, 0.5, 1.25, 42, 640, 1e-8, 57340.2, -0.5, 0.0123)] == [
        "0.000", "0.500", "1.25", "42.0", "640", "1.0·10⁻⁸", "5.7·10⁴", "−0.500", "0.012",
    ]  # fmt: skip
