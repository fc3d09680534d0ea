"""The gap on its page, through AppTest: the report's numbers, what was published, a file measured anew."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import experiment
from pages.kit import report as reports
from pages.kit.jobs import MINUTES, Jobs
from pages.kit.strings import load
from pages.kit.translators import MODELS
from pages.labs.gap import upload as section
from pages.labs.gap import view
from s2s import catalog
from s2s.evaluate.gap import labels
from s2s.evaluate.report import read_report
from tests.apps import panels
from tests.evaluate.gaps import GAP

SAY = {language: load(language) for language in ("en", "ko")}
REPORT = read_report(reports.REPORT)
SHIPPED = {e.setup.model: e for e in REPORT.scorers}
(SUCCESSOR,) = (e for e in REPORT.shipped if e.setup.model == catalog.SUCCESSOR.model())
LIMIT = 5  # MB, see .streamlit/config.toml
PAIRS = b"Il fait froid.\tIt is cold.\nJ'ai faim.\tI am hungry.\n"

# Instead of the command: tells of progress, waits for a file of that name, and gives the gap of the tests.
WORKER = f"""
import json, pathlib, sys, time
def say(**event): print(json.dumps(event), flush=True)
data = sys.stdin.buffer.read().decode("utf-8")
say(event="progress", done=1, total=2)
while not pathlib.Path(GATE).exists():
    time.sleep(0.01)
if "error" in data:
    say(event="error", key="nothing_to_compare", values={{"pairs": 2}})
    sys.exit(1)
if "crash" in data:
    raise MemoryError("no room")
say(event="result", gap=json.loads('{json.dumps(GAP.to_dict())}'))
"""


def script(language: str) -> None:
    from pages.kit.frame import Frame
    from pages.kit.strings import load
    from pages.labs.gap.lab import draw
    from s2s.figures.palette import LIGHT

    draw(Frame(load(language), LIGHT, False))


def open_section(model: str = "fr-en-general", language: str = "en") -> AppTest:
    app = AppTest.from_function(script, default_timeout=60, kwargs={"language": language})
    app.query_params["model"] = model  # as the switch of the page, or a link, leaves it
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All running text of the section."""
    return "\n".join(part.value for part in (*app.markdown, *app.text, *app.caption, *app.header))


def pictures(app: AppTest) -> list[dict]:
    """What is drawn, in the order of the page."""
    sent = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    drawn = [panel["figure"] for message in sent for panel in message.get("panels", ())]
    return [json.loads(figure) for figure in drawn if figure]


def until(app: AppTest, condition: Callable[[], object]) -> None:
    """Look again and again, as the page does once a second."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, said(app)
        time.sleep(0.02)
        run(app)


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    return tmp_path / "gate"


@pytest.fixture(autouse=True)
def background(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gate: Path) -> Iterator[Jobs]:
    """Jobs of a server of the test's own, with a worker of its own, and no corpus at hand."""
    made = Jobs((sys.executable, "-c", WORKER.replace("GATE", repr(str(gate)))), at_once=1)
    monkeypatch.setattr(experiment, "jobs", lambda: made)
    monkeypatch.setattr(view, "FOLDER", tmp_path / "no corpus")
    yield made
    made.stop_all()


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader(key="gap-upload").set_value((name, data, "text/plain"))
    return run(app)


def start(app: AppTest) -> AppTest:
    app.button(key="gap-start").click()
    return run(app)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_table_has_the_numbers_of_the_report(language: str):
    say, table = SAY[language], open_section(language=language).table[0].value
    shown = [*SHIPPED.values(), SUCCESSOR]
    names = [say(f"scorer.{e.setup.attention}") for e in SHIPPED.values()]
    assert list(table.columns) == [*names, say("kinds.transformer")]
    gaps = [e.gap for e in shown]
    assert list(table.loc[say("gap.diverged")]) == [f"{100 * gap.diverged:.1f}" for gap in gaps]
    both = [f"{100 * g.overall.forced.accuracy:.1f} / {100 * g.overall.free.accuracy:.1f}" for g in gaps]
    assert list(table.loc[say("gap.accuracy")]) == both
    assert list(table.loc[say("gap.bleu")]) == [f"{g.forced.bleu:.1f} / {g.free.bleu:.1f}" for g in gaps]
    assert table.loc[say("gap.entropy"), say("scorer.none")] == "–"


@pytest.mark.parametrize("model", MODELS)
def test_the_finding_and_the_curves_are_those_of_the_model(model: str):
    gap = SHIPPED[model].gap
    app = open_section(model)
    for number in (100 * gap.diverged, 100 * gap.overall.forced.accuracy, 100 * gap.overall.free.accuracy):
        assert f"{number:.1f}%" in said(app)
    figures = pictures(app)
    assert len(figures) == (3 if model == "fr-en-none" else 4)
    forced, free = figures[0]["data"]
    assert forced["y"] == [100 * at.forced.accuracy for at in gap.positions]
    assert free["y"] == [100 * at.free.accuracy for at in gap.positions]
    assert figures[-1]["data"][0]["y"] == [100 * first / gap.pairs for first in gap.firsts_by_position]
    assert figures[0]["layout"]["xaxis"]["ticktext"] == labels(gap.positions)
    notices = [panel["notice"] for panel in panels(app).values()]
    assert (SAY["en"]("gap.no_entropy") in notices) == (model == "fr-en-none")


def test_every_picture_has_a_sentence_and_its_numbers_as_a_table():
    app, say = open_section(), SAY["en"]
    cards, gap = panels(app), SHIPPED["fr-en-general"].gap
    for key in ("accuracy", "loss", "entropy", "parted"):
        assert cards[key]["spoken"].startswith(f"{say(f'gap.{key}')}: ")
        assert cards[key]["numbers"]["target"] == labels(gap.positions)
    forced, free, steps = cards["loss"]["numbers"]["series"]
    assert forced["values"] == [f"{at.forced.loss:.2f}" for at in gap.positions]
    assert free["values"] == [f"{at.free.loss:.2f}" for at in gap.positions]
    assert (steps["name"], steps["values"]) == (say("gap.steps"), [f"{at.steps:,}" for at in gap.positions])


def test_pictures_of_one_quantity_have_one_scale(gate: Path):
    gate.touch()
    app = start(upload(open_section(), "mine.tsv", PAIRS))
    until(app, lambda: len(pictures(app)) == 8)
    tops = [figure["layout"]["yaxis"]["range"] for figure in pictures(app)]
    assert tops[0] == tops[4]
    low, high = tops[0]
    assert low < 0 < 100 < high


def test_what_was_published_stands_beside_what_is_measured_here():
    app, gap = open_section("fr-en-dot"), SHIPPED["fr-en-dot"].gap
    [regimes] = [t.value for t in app.table if "Bengio et al. 2015" in t.value.to_numpy()]
    assert list(regimes.iloc[0])[1:3] == ["15.0", "46.0"]
    wrong = [100 * (1 - gap.overall.forced.accuracy), 100 * (1 - gap.overall.free.accuracy)]
    assert list(regimes.iloc[1])[1:3] == [f"{value:.1f}" for value in wrong]


@pytest.mark.parametrize("text", ["{", "OLD"])
def test_without_a_gap_in_the_report_the_section_still_measures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gate: Path, text: str
):
    whole = read_report(reports.REPORT)
    old = [dataclasses.replace(evaluation, gap=None) for evaluation in whole.shipped]
    path = tmp_path / "report.json"
    path.write_text(
        dataclasses.replace(whole, shipped=tuple(old)).to_json() if text == "OLD" else text, encoding="utf-8"
    )
    monkeypatch.setattr(reports, "REPORT", path)
    reports.shipped_report.cache_clear()
    try:
        gate.touch()
        app = open_section()
        assert ("report.json" in said(app)) == (text == "{")
        assert not pictures(app)
        app = start(upload(app, "mine.tsv", PAIRS))
        until(app, lambda: pictures(app))
        assert len(app.table[-1].value.columns) == 1
    finally:
        reports.shipped_report.cache_clear()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("data", "key", "values"),
    [
        (b"a\tb\nc\n", "line_columns", {"line": 2, "found": 1}),
        (b"a\tb\n\xff\tc\n", "line_not_utf8", {"line": 2}),
        (b"a\t \n", "line_empty_side", {"line": 1}),
        (b"\n", "corpus_empty", {}),
    ],
)
def test_a_wrong_file_gets_a_sentence_that_names_line_and_fault(language, data, key, values):
    app = upload(open_section(language=language), "mine.tsv", data)
    assert SAY[language](f"errors.{key}", path="mine.tsv", **values) in said(app)
    assert app.button(key="gap-start").disabled


def test_a_damaged_archive_and_one_that_unpacks_to_too_much_get_a_sentence(monkeypatch: pytest.MonkeyPatch):
    app, say = open_section(), SAY["en"]
    upload(app, "mine.tsv.gz", b"no archive")
    assert "mine.tsv.gz cannot be read" in said(app)
    upload(app, "large.tsv.gz", gzip.compress(b"a\tb\n" * 2_000_000))
    assert say("gap.too_large", name="large.tsv.gz", limit=LIMIT) in said(app)
    upload(app, "large.tsv", b"a\tb\n" * 1_400_000)
    assert say("gap.too_large", name="large.tsv", limit=LIMIT) in said(app)
    assert app.button(key="gap-start").disabled
    upload(app, "mine.tsv.gz", gzip.compress(PAIRS))
    assert say("gap.ready", name="mine.tsv.gz", pairs="2") in said(app)
    assert not app.button(key="gap-start").disabled


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_file_is_measured_in_the_background_and_shown_beside_the_report(gate: Path, language: str):
    say, app = SAY[language], start(upload(open_section(language=language), "mine.tsv", PAIRS))
    progress = say("jobs.running", percent=50)
    until(app, lambda: progress in [bar.proto.text for bar in app.get("progress")])
    assert app.button(key="gap-start").disabled
    gate.touch()
    until(app, lambda: not app.get("progress"))
    assert say("gap.measured", model="general", name="mine.tsv") in said(app)
    table = next(t.value for t in app.table if say("gap.column_new") in t.value.columns)
    assert list(table.columns) == [say("gap.column_report"), say("gap.column_new")]
    reported = SHIPPED["fr-en-general"].gap.overall
    both = f"{100 * reported.forced.accuracy:.1f} / {100 * reported.free.accuracy:.1f}"
    assert list(table.loc[say("gap.accuracy")]) == [both, "75.0 / 50.0"]
    assert len(pictures(app)) == 8
    assert not app.button(key="gap-start").disabled


@pytest.mark.parametrize("has_file", [True, False])
def test_a_window_that_comes_back_to_another_server_measures_again_where_its_file_is(
    background: Jobs, has_file: bool
):
    first = start(upload(open_section(), "mine.tsv", PAIRS))
    asked = json.dumps([first.session_state["asked.gap"].ticket, True])
    background.stop_all()
    background._jobs.clear()
    app = open_section()
    if has_file:
        upload(app, "mine.tsv", PAIRS)
    app.session_state["gap-asked"] = {"asked": asked}
    run(app)
    assert len(background._jobs) == has_file
    assert (SAY["en"]("jobs.lost") in said(app)) != has_file


def test_the_page_answers_while_a_measurement_never_ends_and_stop_ends_it(background: Jobs):
    app = start(upload(open_section(), "mine.tsv", PAIRS))
    half = SAY["en"]("jobs.running", percent=50)
    until(app, lambda: half in [bar.proto.text for bar in app.get("progress")])
    for _ in range(3):
        run(app)
    (job,) = background._jobs.values()
    app.button(key="gap-stop").click()
    run(app)
    until(app, lambda: not app.get("progress"))
    assert SAY["en"]("jobs.stopped") in said(app)
    assert job.process is not None
    assert job.process.returncode is not None


def test_a_second_reader_waits_in_line_is_told_so_and_is_not_stopped_with_the_first(gate: Path):
    say = SAY["en"]
    first = start(upload(open_section(), "mine.tsv", PAIRS))
    before = upload(open_section(), "other.tsv", PAIRS + b"a\tb\n")
    line = say("jobs.one", kind=say("jobs.kind_gap"), percent=50)
    full = say("jobs.line_full", running=line, waiting=0, place=1, minutes=MINUTES)
    until(before, lambda: full in said(before))
    second = start(before)
    waiting = say("jobs.waiting", ahead=0, running=1)
    assert waiting in [bar.proto.text for bar in second.get("progress")]
    first.button(key="gap-stop").click()
    run(first)
    gate.touch()
    until(second, lambda: len(pictures(second)) == 8)


def test_the_same_question_is_answered_from_memory(gate: Path, background: Jobs):
    gate.touch()
    first = start(upload(open_section(), "mine.tsv", PAIRS))
    until(first, lambda: len(pictures(first)) == 8)
    again = start(upload(open_section(), "named-otherwise.tsv", PAIRS))
    assert len(pictures(again)) == 8
    assert SAY["en"]("gap.measured", model="general", name="named-otherwise.tsv") in said(again)
    assert len(background._jobs) == 1


@pytest.mark.parametrize("language", ["en", "ko"])
def test_of_a_long_file_the_first_lines_are_measured_and_that_is_told_beforehand(
    background: Jobs, language: str
):
    say, app = SAY[language], open_section(language=language)
    head = b"".join(b"a\tb%d\n" % number for number in range(section.LINES))
    upload(app, "long.tsv", head + b"wrong, and never looked at\n" * 7)
    lines, most = f"{section.LINES + 7:,}", f"{section.LINES:,}"
    ready = say("gap.ready_cut", name="long.tsv", lines=lines, limit=most)
    assert f"{ready} {say('gap.takes', minutes=5, limit=MINUTES)}" in said(app)
    start(app)
    (job,) = background._jobs.values()
    assert job.question[2] == hashlib.sha256(head).hexdigest()
    upload(app, "short.tsv", head)
    assert say("gap.ready", name="short.tsv", pairs=most) in said(app)


@pytest.mark.parametrize(
    "name", ["![i](http://host/x.png) [k](http://host) **b** $x$ :smile:.tsv", "a*1*_x_.tsv"]
)
def test_the_name_of_a_file_is_never_read_as_markup(gate: Path, name: str):
    """`st.text` shows what it is given; all else reads Markdown."""
    app, say = upload(open_section(), name, PAIRS), SAY["en"]
    assert say("gap.ready", name=name, pairs="2") in app.text[-1].value
    app, shown = start(app), say("gap.measured", model="general", name=name)
    assert shown in [text.value for text in app.text]
    gate.touch()
    until(app, lambda: len(pictures(app)) == 8)
    assert shown in [text.value for text in app.text]
    assert say("gap.counted", data=name, pairs="8", skipped="1") in [text.value for text in app.text]
    rest = [str(element.proto) for kind in ALL_BUT_TEXT for element in app.get(kind)]
    assert len(rest) >= 20
    assert not [words for words in rest if "x.png" in words or "*1*" in words]


# The kinds of elements on the page; the field of the file shows its name by itself, as text.
ALL_BUT_TEXT = ("markdown", "caption", "header", "table", "progress", "button", "expander", "html")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("way", ["error", "crash"])
def test_what_goes_wrong_in_the_background_is_one_sentence(gate: Path, language: str, way: str):
    gate.touch()
    say, app = SAY[language], open_section(language=language)
    start(upload(app, "mine.tsv", PAIRS + f"x\t{way}\n".encode()))
    until(app, lambda: not app.get("progress"))
    if way == "error":
        assert say("errors.nothing_to_compare", pairs=2) in said(app)
    else:
        reason = "MemoryError: no room"
        assert say("jobs.failed", reason=reason) in said(app)


def test_parts_of_the_corpus_are_offered_where_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gate: Path
):
    gate.touch()
    (tmp_path / "dev.tsv.gz").write_bytes(gzip.compress(PAIRS))
    monkeypatch.setattr(view, "FOLDER", tmp_path)
    app, say = open_section(), SAY["en"]
    assert say("gap.ready", name="dev.tsv.gz", pairs="2") in said(app)
    assert say("gap.known") in said(app)
    start(app)
    until(app, lambda: len(pictures(app)) == 8)
    assert say("gap.measured", model="general", name="dev.tsv.gz") in said(app)


def test_the_command_is_given_the_model_and_the_pairs(background: Jobs, gate: Path):
    """The worker of these tests stands in for it; tests/kit/test_jobs.py runs the command itself."""
    start(upload(open_section("fr-en-dot"), "mine.tsv", PAIRS))
    (job,) = background._jobs.values()
    assert job.question[:2] == ("gap", "fr-en-dot")
    assert job.arguments == ("gap", "--model", "fr-en-dot", "-", "--events")


def test_the_server_takes_what_the_page_reads_and_says_it_in_the_readers_language():
    """Above that the browser refuses; its English is on the pointer only."""
    app = open_section(language="ko")
    assert section.limit() == LIMIT
    assert app.file_uploader(key="gap-upload").proto.max_upload_size_mb == LIMIT
    refused = SAY["ko"]("gap.refused", limit=LIMIT)
    assert any(f'content: "{refused}"' in html.proto.body for html in app.get("html"))
    assert SAY["ko"]("gap.again_how", model="general", limit=LIMIT, lines=f"{section.LINES:,}") in said(app)
