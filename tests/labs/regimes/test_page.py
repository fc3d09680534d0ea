"""What each way of training gives, through AppTest: the record's numbers, what they decide, and none."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, median

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.family import trained
from pages.labs.regimes import record
from pages.labs.regimes.pictures import thinned
from pages.labs.regimes.quantities import QUANTITIES, banded
from pages.labs.regimes.verdicts import LECTURE
from pages.labs.regimes.view import View
from s2s.claims.regimes import TEXTS, claims
from s2s.evaluate import regimes as kept
from s2s.evaluate.evaluation import Band
from s2s.evaluate.gap import labels
from s2s.evaluate.regimes import Regimes
from tests.apps import SAY, keep, linked, open_app, panels, run
from tests.evaluate.regime_records import REGIMES, repetition
from tests.labs.test_notebook import assert_same

EN = SAY["en"]
THREE = dataclasses.replace(
    REGIMES,
    repetitions=(
        *REGIMES.repetitions,
        repetition("teacher", 3, 4.5, 3.5, norm=1.5),
        repetition("professor", 3, 5.25, 3.75, norm=2.5),
    ),
)


def script(language: str) -> None:
    from pages.kit.frame import Frame
    from pages.kit.strings import load
    from pages.labs.regimes.lab import draw
    from s2s.figures.palette import LIGHT

    draw(Frame(load(language), LIGHT, False))


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Where the page, and whoever takes its lines along, reads the record."""
    path = tmp_path / "regimes.json"
    for module in (record, kept):
        monkeypatch.setattr(module, "RECORD", path)
    record.measured.cache_clear()
    yield path
    record.measured.cache_clear()


@pytest.fixture
def found(path: Path) -> Regimes:
    """The record that is read."""
    path.write_text(THREE.to_json(), encoding="utf-8")
    return THREE


def open_section(language: str = "en", **query: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=60, kwargs={"language": language})
    for name, value in query.items():
        app.query_params[name.replace("_", "-")] = value
    return run(app)


def said(app: AppTest) -> str:
    return "\n".join(part.value for part in (*app.markdown, *app.text, *app.caption, *app.header))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_table_has_the_numbers_of_the_record_on_the_chosen_text(found: Regimes, language: str, text: str):
    say = SAY[language]
    table = open_section(language, ways_text=text).table[0].value
    assert list(table.columns) == [say("trained.teacher"), say("trained.professor")]
    for column, one in zip(table.columns, found.trained, strict=True):
        its = getattr(one, text)
        assert table.loc[say("ways.accuracy_free"), column] == banded(its.accuracy.free, 1, factor=100)
        assert table.loc[say("ways.bleu"), column] == banded(its.bleu.free, 1)
        assert table.loc[say("ways.told"), column] == banded(one.telling.accuracy, 1, factor=100)
        assert table.loc[say("ways.minutes"), column] == f"{one.seconds / 60:.1f}"


def test_a_number_is_written_with_its_band_and_no_minus_is_taken_for_a_dash():
    assert banded(Band(value=0.5, low=0.25, high=0.75), 2) == "0.50 (0.25–0.75)"
    assert banded(Band(value=-0.5, low=-0.75, high=0.25), 2) == "−0.50 (−0.75…0.25)"
    assert banded(Band(value=0.5, low=0.5, high=0.5), 1, factor=100) == "50.0"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_claim_of_the_lecture_is_told_with_what_decides_it(found: Regimes, language: str, text: str):
    say, shown = SAY[language], said(open_section(language, ways_text=text))
    for name in LECTURE:
        assert f"**{say(f'verdicts.{name}')}" in shown.replace("“", "")
    groups = {True: "yes", None: "untold", False: "no"}
    told = {check.key for checks in LECTURE.values() for check in checks}
    for about in claims(found):
        key = about.claim.key.removeprefix("regimes.")
        if about.regime == "teacher" or about.text not in ("", text) or key not in told - {"leaves_gap"}:
            continue
        [line] = [line for line in shown.splitlines() if _asks(say(f"verdicts.check_{key}"), line)]
        name = say("trained.professor")
        assert say(f"verdicts.group_{groups[about.claim.holds]}", items=name).rstrip(".") in line


def _asks(check: str, line: str) -> bool:
    """Whether a line asks what this string asks; the number in the question aside."""
    return all(part in line for part in check.replace("{groups}", "").replace("}", "{").split("{")[::2])


def test_what_the_bands_do_not_decide_is_told_as_undecided(path: Path):
    """On everyday text the gap is narrower beyond its band, on general text it is within it."""
    path.write_text(THREE.to_json(), encoding="utf-8")
    question = EN("verdicts.check_narrows_gap", groups="")
    for text, group in (("everyday", "yes"), ("general", "untold")):
        [line] = [one for one in said(open_section(ways_text=text)).splitlines() if question in one]
        assert EN(f"verdicts.group_{group}", items="Professor forcing")[:-1] in line


def test_without_repetitions_what_needs_them_is_left_out_and_all_else_is_told(path: Path):
    bare = dataclasses.replace(REGIMES, repetitions=(), levels=())
    path.write_text(bare.to_json(), encoding="utf-8")
    app = open_section()
    assert EN("verdicts.claim", claim=EN("verdicts.stable"), verdict=EN("verdicts.unmeasured")) in said(app)
    assert "ways_training" not in panels(app)
    assert "ways_gap" in panels(app)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_both_ways_of_feeding_and_the_gap_are_drawn_by_step_with_their_bands(found: Regimes, quantity: str):
    cards = panels(open_section(ways_quantity=quantity, ways_text="general"))
    one = QUANTITIES[quantity]
    for model in found.trained:
        card = cards[f"ways_{model.regime}"]
        assert card["title"] == EN(f"trained_with.{model.regime}")
        steps = [one.of(step) for step in model.general.steps]
        shade, _, forced, free = json.loads(card["figure"])["data"]
        assert forced["y"] == pytest.approx([one.factor * its.forced.value for its in steps])
        assert free["y"] == pytest.approx([one.factor * its.free.value for its in steps])
        ends = [its.forced.low for its in steps] + [its.forced.high for its in reversed(steps)]
        assert shade["y"] == pytest.approx([one.factor * end for end in ends])
        assert card["numbers"]["target"] == labels(model.general.gap.positions)
    gaps = json.loads(cards["ways_gap"]["figure"])["data"]
    assert len(gaps) == 2 * len(found.trained)
    for model, line in zip(found.trained, gaps[2:], strict=True):
        assert line["y"] == pytest.approx([one.factor * one.of(s).gap.value for s in model.general.steps])
    tops = [
        json.loads(cards[f"ways_{m.regime}"]["figure"])["layout"]["yaxis"]["range"] for m in found.trained
    ]
    assert tops[0] == tops[1], "pictures of one quantity have one scale"


def test_where_runs_part_is_drawn_without_a_band_that_nobody_measured(found: Regimes):
    card = panels(open_section(ways_quantity="parted"))["ways_parted"]
    lines = json.loads(card["figure"])["data"]
    assert len(lines) == len(found.trained)
    gap = found.trained[0].everyday.gap
    assert lines[0]["y"] == [100 * first / gap.pairs for first in gap.firsts_by_position]


def test_models_stand_in_one_picture_as_far_as_their_steps_are_the_same(path: Path):
    """Where few runs are as long, a model puts the later steps together: its "3+" is not another's "3"."""
    professor = THREE.of("professor")
    its = professor.everyday
    pooled = [dataclasses.replace(its.gap.positions[2], last=None)]
    shorter = dataclasses.replace(
        its,
        gap=dataclasses.replace(its.gap, positions=(*its.gap.positions[:2], *pooled)),
        steps=(*its.steps[:2], dataclasses.replace(its.steps[2], last=None)),
    )
    both = (THREE.teacher, dataclasses.replace(professor, everyday=shorter))
    path.write_text(dataclasses.replace(THREE, trained=both).to_json(), encoding="utf-8")
    for quantity, name in (("accuracy", "ways_gap"), ("parted", "ways_parted")):
        card = panels(open_section(ways_quantity=quantity))[name]
        assert card["numbers"]["target"] == ["1", "2"]
        assert {len(trace["y"]) for trace in json.loads(card["figure"])["data"]} <= {2, 4}
        assert_same(card["figure"], card["origin"]["code"])
    alone = panels(open_section())["ways_professor"]
    assert alone["numbers"]["target"] == ["1", "2", "3+"]


@pytest.mark.parametrize("count", [1, 2, 17, 18, 35, 49])
def test_of_many_places_so_many_are_named_that_their_names_do_not_touch(count: int):
    names = [str(place) for place in range(count)]
    shown = thinned(names)
    assert shown[-1] == names[-1]
    assert {one for one in shown if one != " "} <= set(names)
    named = [place for place, name in enumerate(shown) if name != " "]
    assert len({b - a for a, b in itertools.pairwise(named)}) <= 1, "evenly apart"
    assert len(named) <= 17
    assert count > 17 or named == list(range(count))


def test_curves_of_training_are_means_over_seeds_between_the_lowest_and_the_highest(found: Regimes):
    card = panels(open_section())["ways_training"]
    data = json.loads(card["figure"])["data"]
    lines = [trace for trace in data if trace.get("fill") != "toself"]
    seeds = [
        [point["dev_loss"] for point in one.history] for one in found.repetitions if one.regime == "teacher"
    ]
    assert lines[0]["y"] == pytest.approx([fmean(losses) for losses in zip(*seeds, strict=True)])
    low = [min(losses) for losses in zip(*seeds, strict=True)]
    assert data[0]["y"][: len(low)] == pytest.approx(low)
    names = [series["name"] for series in card["numbers"]["series"]]
    assert names[0] == f"{EN('ways.dev_loss')}, {EN('trained.teacher')}"


def test_a_length_without_pairs_has_a_dash_and_the_line_goes_on(found: Regimes):
    card = panels(open_section())["ways_lengths"]
    first, *_, pairs = card["numbers"]["series"]
    assert first["values"][1] == "–"
    assert pairs["values"] == [f"{one.pairs:,}" for one in found.trained[0].everyday.by_length]
    assert card["numbers"]["target"] == ["1–5", "6+"]


def test_updates_have_their_median_and_levels_their_seeds(found: Regimes):
    table = open_section().table[1].value
    [cost] = [cost for cost in found.costs if cost.regime == "professor"]
    told = table[EN("trained.professor")]
    assert told[EN("ways.milliseconds")].startswith(f"{median(cost.milliseconds):.0f} (")
    [level] = found.levels
    reached = [one.updates for one in level.reached if one.regime == "professor"]
    assert told[EN("ways.reached_all_reach", loss="4.00")].startswith(f"{fmean(reached):.0f} (")


def test_a_level_that_one_seed_never_reached_is_a_dash(path: Path):
    [level] = REGIMES.levels
    never = dataclasses.replace(level.reached[-1], updates=None, seconds=None)
    late = dataclasses.replace(
        REGIMES, levels=(dataclasses.replace(level, reached=(*level.reached[:-1], never)),)
    )
    path.write_text(late.to_json(), encoding="utf-8")
    told = open_section().table[1].value[EN("trained.professor")]
    assert told[EN("ways.reached_all_reach", loss="4.00")] == "–"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_was_published_stands_beside_ours(found: Regimes, language: str):
    say = SAY[language]
    table = open_section(language).table[-1].value
    assert list(table.loc[say("ways.captions")])[:4] == ["28.8", "30.6", "11.2", "–"]
    assert list(table.loc[say("ways.tatoeba")])[:4] == ["39.96", "38.34", "–", "–"]
    ours = table.loc[say("ways.ours", text=say("ways.text_everyday"))]
    assert ours[say("trained.teacher")] == banded(found.teacher.everyday.bleu.free, 1)
    assert ours[say("trained.scheduled")] == "–", "the record of the test has none"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("quantity", [*QUANTITIES, "parted"])
def test_every_picture_has_a_sentence_numbers_and_the_lines_that_make_it(
    found: Regimes, language: str, quantity: str
):
    cards = panels(open_section(language, ways_quantity=quantity, ways_text="general"))
    assert len(cards) == (3 if quantity == "parted" else 5)
    for card in cards.values():
        assert len(card["spoken"]) > 20
        assert card["numbers"]["series"]
        assert card["origin"]["models"]
        assert_same(card["figure"], card["origin"]["code"])


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("written", [None, "{", '{"format": 1}', '{"format": 99}'])
def test_a_record_that_is_missing_or_damaged_is_one_sentence_and_the_rest_goes_on(
    path: Path, language: str, written: str | None
):
    say = SAY[language]
    if written is not None:
        path.write_text(written, encoding="utf-8")
    app = open_section(language)
    assert len(app.text) == 1
    assert "regimes.json" in app.text[0].value
    assert not panels(app)
    assert list(app.table[0].value.loc[say("ways.captions")])[:2] == ["28.8", "30.6"]


def test_the_switches_say_in_the_link_what_is_shown(found: Regimes):
    app = open_section()
    assert "ways_parted" not in panels(app)
    app = keep(app, View, quantity="parted", text="general")
    assert "ways_parted" in panels(app)
    assert (linked(app)["ways-quantity"], linked(app)["ways-text"]) == (["parted"], ["general"])
    assert "general.tsv" in said(app)


@pytest.mark.usefixtures("loaded")
def test_the_section_stands_on_the_forcing_page_below_the_gap(found: Regimes):
    app = open_app("forcing", lang="en", **{"ways-quantity": "parted"})
    headers = [part.value for part in app.header]
    assert headers.index(EN("ways.title")) > headers.index(EN("gap.title"))
    assert {"forced", "accuracy", "ways_parted"} <= panels(app).keys()


@pytest.mark.usefixtures("loaded")
def test_without_a_record_the_forcing_page_goes_on(path: Path):
    app = open_app("forcing", lang="en")
    assert {"forced", "accuracy"} <= panels(app).keys()
    assert EN("ways.title") in [part.value for part in app.header]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_record_of_the_repository_is_told_whole(language: str, text: str):
    app = open_section(language, ways_text=text)
    shown = {f"ways_{regime}" for regime in trained()}
    assert shown | {"ways_gap", "ways_lengths", "ways_training"} == panels(app).keys()
    assert SAY[language]("verdicts.unmeasured") not in said(app)
    assert len(said(app).splitlines()) > len(LECTURE) + sum(map(len, LECTURE.values()))
