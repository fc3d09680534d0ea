"""The toy model on its page, through AppTest: begun, followed, stopped, begun again, and what it shows."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.frame import Frame
from pages.kit.jobs import Jobs
from pages.labs.exposure.curves import regime_panel
from pages.labs.exposure.finding import how_soon, so_far, verdict
from pages.labs.exposure.view import Question, question_of
from s2s.config import FREE, NO_ATTENTION, PROFESSOR, SCHEDULED, TEACHER
from s2s.evaluate.regime_curves import CHANCE, EVERY, UPDATES, Point
from s2s.figures.palette import LIGHT
from tests.apps import SAY, ended, linked, panels, run, started, working

EN = SAY["en"]

# Says what the command says of the regimes it is asked for, and waits for a file to appear.
WORKER = """
import json, pathlib, sys, time
def say(**event): print(json.dumps(event), flush=True)
gate, command, events, _, regimes, *rest = sys.argv[1:]
names = ("regime", "updates", "seconds", "forced", "free", "free_error", "gap_error", "loss", "gradient_norm")
def point(*values): return dict(zip(names, values))
first, second = regimes.split(",")
points = [point(first, 0, 0.0, 0.125, 0.125, 0.01, 0.01, None, None)]
points.append(dict(points[0], regime=second))
say(event="progress", done=0, total=1200, so_far=dict(points=points))
while not pathlib.Path(gate).exists():
    time.sleep(0.01)
points.append(point(first, 600, 7.0, 0.56, 0.24, 0.01, 0.01, 1.07, 11.1))
points.append(point(second, 600, 9.5, 0.41, 0.40, 0.01, 0.01, 1.44, 0.68))
say(event="result", points=points)
"""


def script(language: str) -> None:
    from pages.kit.frame import Frame
    from pages.kit.strings import load
    from pages.labs.exposure.lab import draw
    from s2s.figures.palette import LIGHT

    draw(Frame(load(language), LIGHT, False))


def open_section(language: str = "en", **query: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=60, kwargs={"language": language})
    for key, value in query.items():
        app.query_params[key] = value
    return run(app)


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The file that lets the worker go on to its end."""
    return tmp_path / "gate"


@pytest.fixture(autouse=True)
def background(monkeypatch: pytest.MonkeyPatch, gate: Path) -> Iterator[Jobs]:
    with working(WORKER, gate, monkeypatch) as made:
        yield made


def told(app: AppTest) -> str:
    return "\n".join(part.value.replace("\\", "") for part in (*app.text, *app.markdown, *app.caption))


def drawn(app: AppTest, regime: str) -> dict[str, list[float | None]]:
    """What a card draws, by the name of its lines."""
    return {line["name"]: line["y"] for line in json.loads(panels(app)[regime]["figure"])["data"]}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_curves_are_there_while_it_learns_and_the_verdict_at_its_end(gate: Path, language: str):
    say, app = SAY[language], started(open_section(language), "exposure")
    assert app.button(key="exposure-start").disabled
    assert list(panels(app)) == [TEACHER, SCHEDULED]
    for regime in (TEACHER, SCHEDULED):
        for line in drawn(app, regime).values():
            assert line[0] == 12.5
            assert line[1:] == [None] * (UPDATES // EVERY)
    asked = say(
        "exposure.asked", first=say("trained.teacher"), second=say("trained.scheduled"),
        attention=say("scorer.none"), length=10, seed=1,
    )  # fmt: skip
    assert asked in told(app)
    wider = say("exposure.wider_gap", regime=say("trained.teacher"), more="32", less="1")
    assert wider not in told(app)
    gate.touch()
    app = ended(app, "exposure")
    better = say("exposure.better_alone", regime=say("trained.scheduled"), more="40", less="24")
    assert f"**{wider} {better}**" in told(app)
    assert not app.button(key="exposure-start").disabled


def test_what_is_chosen_is_asked_and_the_link_says_it(background: Jobs):
    app = open_section(toy_first=SCHEDULED, toy_second=FREE, toy_length="7", toy_seed="4")
    started(app, "exposure")
    (job,) = background._jobs.values()
    assert job.arguments == (
        "exposure", "--events", "--regimes", "scheduled,free", "--attention", "none", "--length", "7",
        "--seed", "4",
    )  # fmt: skip
    codes = linked(app)
    assert (codes["toy_first"], codes["toy_second"]) == ([SCHEDULED], [FREE])
    assert (codes["toy_length"], codes["toy_seed"], codes["toy_attention"]) == (["7"], ["4"], [])


def test_a_regime_is_never_set_against_itself_nor_offered_where_it_is_impossible():
    app = open_section(toy_second=TEACHER)
    names = [EN(f"trained.{regime}") for regime in (TEACHER, SCHEDULED, FREE, PROFESSOR)]
    assert app.selectbox(key="toy_first").options == names[:3]
    assert app.selectbox(key="toy_second").options == names[1:3]
    app.selectbox(key="toy_first").set_value(FREE)
    run(app)
    assert app.selectbox(key="toy_second").options == names[:2]
    assert app.selectbox(key="toy_second").value == TEACHER
    app.segmented_control(key="toy_attention").set_value("dot")
    run(app)
    assert app.selectbox(key="toy_first").options == names
    assert app.selectbox(key="toy_first").value == FREE


def test_a_training_that_is_stopped_leaves_its_curves_and_no_verdict():
    app = started(open_section(), "exposure")
    app.button(key="exposure-stop").click()
    run(app)
    app = ended(app, "exposure")
    assert EN("jobs.stopped_so_far") in told(app)
    assert list(panels(app)) == [TEACHER, SCHEDULED]
    assert "**" not in told(app)


def test_a_window_that_comes_back_to_another_server_begins_again_what_it_waited_for(background: Jobs):
    app = open_section()
    app.session_state["exposure-asked"] = {"asked": json.dumps(["free scheduled dot 7 3", True])}
    run(app)
    assert background._jobs.keys() == {("exposure", FREE, SCHEDULED, "dot", 7, 3)}
    assert app.button(key="exposure-start").disabled


@pytest.mark.parametrize(
    "ticket",
    [
        "teacher teacher none 10 1", "teacher professor none 10 1", "teacher free none 10", "a b c d e", 7,
        "teacher free none 1000 1", "teacher free none 10 -1", "teacher free none 10 1.0", None, ["teacher"],
        "teacher free general 10 1", "teacher free --events 10 1", "teacher free none 010 1",
    ],
)  # fmt: skip
def test_what_was_never_a_ticket_of_the_section_begins_nothing(background: Jobs, ticket: object):
    assert question_of(ticket) is None
    app = open_section()
    app.session_state["exposure-asked"] = {"asked": json.dumps([ticket, True])}
    assert EN("jobs.lost") in told(run(app))
    assert not background._jobs


def test_the_ticket_of_a_question_stands_for_it():
    asked = Question(TEACHER, PROFESSOR, "dot", 14, 9999)
    assert question_of(asked.ticket) == asked


# What the numbers say


def point(regime: str, updates: int, forced: float, free: float, error: float = 0.01) -> Point:
    return Point(regime, updates, updates / 100, forced, free, error, error, 1.0, 1.0)


def curves(one: tuple[float, float], other: tuple[float, float]) -> dict[str, list[Point]]:
    starts = {regime: [point(regime, 0, CHANCE, CHANCE)] for regime in (TEACHER, FREE)}
    ends = {TEACHER: one, FREE: other}
    return {regime: [*starts[regime], point(regime, 600, *ends[regime])] for regime in starts}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_cannot_be_told_apart_is_said_to_be_so(language: str):
    say = SAY[language]
    both = verdict(curves((1.0, 0.99), (0.99, 1.0)), say)
    assert both == f"{say('exposure.no_gap')} {say('exposure.same_alone', first='99', second='100')}"
    both = verdict(curves((0.60, 0.40), (0.61, 0.42)), say)
    same = say("exposure.same_gap", first="20", second="19")
    assert both == f"{same} {say('exposure.same_alone', first='40', second='42')}"


def test_where_the_teacher_is_the_better_choice_that_is_said():
    teacher = EN("trained.teacher")
    said = verdict(curves((1.0, 1.0), (0.95, 0.90)), EN)
    assert EN("exposure.wider_gap", regime=EN("trained.free"), more="5", less="0") in said
    assert EN("exposure.better_alone", regime=teacher, more="100", less="90") in said


def test_how_soon_is_the_first_look_at_which_each_got_the_lower_of_both_ends():
    found = curves((0.9, 0.5), (0.4, 0.3))
    found[TEACHER].insert(1, point(TEACHER, 100, 0.5, 0.3))
    reached = EN("exposure.reached", regime=EN("trained.teacher"), updates=100, seconds="1.0")
    late = EN("exposure.reached", regime=EN("trained.free"), updates=600, seconds="6.0")
    assert how_soon(found, EN) == EN("exposure.how_soon", share="30", first=reached, second=late)


def test_both_are_told_at_the_same_number_of_updates():
    found = curves((0.9, 0.5), (0.4, 0.3))
    del found[FREE][1:]
    both = [EN("exposure.both", regime=EN(f"trained.{r}"), forced="12", free="12") for r in (TEACHER, FREE)]
    assert so_far(found, EN) == EN("exposure.so_far", updates=0, first=both[0], second=both[1])
    del found[FREE][:]
    assert so_far(found, EN) == EN("exposure.begun")


def test_a_card_has_every_number_of_a_point_in_its_table_and_a_sentence():
    points = curves((0.5, 0.25), (0.4, 0.3))[TEACHER][1:]
    asked = Question(TEACHER, FREE, NO_ATTENTION, 10, 1)
    panel = regime_panel(asked, TEACHER, points, Frame(EN, LIGHT, large=False))
    assert panel.numbers is not None
    assert [series.values[0] for series in panel.numbers.series] == ["50.0%", "25.0%", "1.00", "1.00", "6.0"]
    assert {value for series in panel.numbers.series for value in series.values[1:]} == {"–"}
    spoken = {"regime": EN("trained.teacher"), "updates": 600, "forced": "50", "free": "25"}
    assert panel.spoken == EN("exposure.spoken", **spoken)
    assert [fact.value for fact in panel.facts] == ["25.0 ± 2.0", "1.00", "6.0"]
    start = curves((0.5, 0.25), (0.4, 0.3))[TEACHER][0]._replace(loss=None, gradient_norm=None)
    panel = regime_panel(asked, TEACHER, [start], Frame(EN, LIGHT, large=False))
    assert [fact.value for fact in panel.facts] == ["0.0 ± 2.0", "–", "0.0"]
