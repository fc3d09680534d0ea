import dataclasses
import json
import math
from pathlib import Path

import pytest

from s2s.errors import DataError
from s2s.evaluate.evaluation import Evaluation, Score
from s2s.evaluate.probe import ProbeScore, ReadWord, probed_chain
from s2s.evaluate.report import Repetition, Report, Spread, aer, bleu, markdown, read_report
from s2s.evaluate.table import gap_table, typed_table
from s2s.traces import Unit
from tests.evaluate.evaluations import EVALUATION, TYPED, WITHOUT_ATTENTION, WITHOUT_GAP, WITHOUT_TYPED
from tests.evaluate.gaps import GAP, GAP_WITHOUT_ATTENTION


def scored(attention: str, value: float) -> Evaluation:
    return dataclasses.replace(
        EVALUATION,
        setup=dataclasses.replace(EVALUATION.setup, attention=attention),
        bleu=Score(value=value, signature=EVALUATION.bleu.signature),
    )


def report(**values: list[float]) -> Report:
    """A report with the given BLEU of each scorer's repetitions, a seed each."""
    repetitions = [
        Repetition(seed=seed, updates=100, evaluation=scored(attention, value))
        for attention, found in values.items()
        for seed, value in enumerate(found, start=1)
    ]
    return Report(shipped=(WITHOUT_ATTENTION, EVALUATION), repetitions=tuple(repetitions))


def test_a_file_gives_a_report_back_as_it_was(tmp_path: Path):
    path = tmp_path / "report.json"
    written = report(dot=[40.0, 41.0], concat=[42.0, 43.5])
    path.write_text(written.to_json(), encoding="utf-8")
    assert read_report(path) == written


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "shipped": [1]}', "nul"])
def test_a_damaged_report_is_refused_with_its_name(tmp_path: Path, text: str):
    path = tmp_path / "report.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"report\.json"):
        read_report(path)


def changed(record: dict, path: str, value: object) -> str:
    """A report as JSON with another value at a place."""
    *inside, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = record
    for part in inside:
        place = place[part]
    place[last] = value
    return json.dumps(record)


@pytest.mark.parametrize(
    ("path", "value"),
    [("shipped.1.bleu.value", "x"), ("shipped.1.bleu.value", math.nan), ("shipped.1.chrf", None),
     ("shipped.1.setup.parameters", 1.5), ("shipped.1.by_length", []), ("shipped.1.gap.positions", []),
     ("shipped.1.gap.pairs", 0), ("shipped.1.gap.firsts", ["x"]), ("shipped.1.typed.styles", []),
     ("repetitions.0.seed", None), ("repetitions", 5), ("probes", [{}]), ("shipped.1.gold", 7),
     ("shipped.1.chains", [{"sentences": 2}])],
)  # fmt: skip
def test_a_report_with_a_value_that_no_page_can_show_is_refused(tmp_path: Path, path: str, value: object):
    record = json.loads(report(dot=[40.0, 41.0], concat=[42.0, 43.5]).to_json())
    place = tmp_path / "report.json"
    place.write_text(changed(record, path, value), encoding="utf-8")
    with pytest.raises(DataError, match=r"report\.json") as caught:
        read_report(place)
    assert caught.value.key == "evaluation_damaged"


def test_a_device_in_place_of_a_report_is_not_read(tmp_path: Path):
    (tmp_path / "report.json").symlink_to("/dev/zero")
    with pytest.raises(DataError, match="not a regular file"):
        read_report(tmp_path / "report.json")


def test_a_report_of_another_format_or_none_at_all_is_told_as_such(tmp_path: Path):
    path = tmp_path / "report.json"
    with pytest.raises(DataError) as missing:
        read_report(path)
    path.write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(DataError) as foreign:
        read_report(path)
    assert (missing.value.key, foreign.value.key) == ("file_missing", "format_foreign")


def test_the_spread_is_mean_lowest_and_highest_over_seeds():
    spreads = report(dot=[40.0, 41.0, 45.0]).spread(bleu)
    assert spreads == {"dot": Spread(mean=42.0, low=40.0, high=45.0)}
    assert spreads["dot"].width == 5


def test_what_some_models_lack_is_left_out_of_the_spread():
    without = Repetition(seed=1, updates=100, evaluation=WITHOUT_ATTENTION)
    whole = dataclasses.replace(report(dot=[40.0]), repetitions=(without, *report(dot=[40.0]).repetitions))
    assert set(whole.spread(aer)) == {"dot"}
    assert set(whole.spread(bleu)) == {"none", "dot"}


@pytest.mark.parametrize(
    ("dot", "concat", "between", "within", "told"),
    [([40.0, 41.0], [43.0, 43.5], 2.75, 1.0, True), ([40.0, 44.0], [41.0, 42.0], 0.5, 4.0, False)],
)
def test_scorers_are_told_apart_where_they_differ_more_than_seeds_do(dot, concat, between, within, told):
    found = report(dot=dot, concat=concat).compare(bleu)
    assert found is not None
    assert (found.between, found.within, found.is_told_apart) == (between, within, told)


@pytest.mark.parametrize(("gap", "told"), [(0.75, False), (1.25, True)])
def test_shipped_models_are_told_apart_where_they_differ_more_than_seeds_do(gap, told):
    family = report(dot=[40.0, 41.0], concat=[41.0, 41.5])
    family = dataclasses.replace(
        family, shipped=(scored("none", 9.0), scored("dot", 50.0), scored("concat", 50 + gap))
    )
    found = family.compare(bleu)
    assert found is not None
    assert (found.shipped, found.is_shipped_told_apart) == (gap, told)


def test_one_scorer_or_one_seed_leaves_nothing_to_compare():
    assert report(dot=[40.0, 41.0], none=[20.0, 21.0]).compare(bleu) is None
    assert report(dot=[40.0], concat=[41.0]).compare(bleu) is None


def test_the_page_has_the_gap_where_there_is_one():
    page = markdown(report())
    assert gap_table([("made-up-none", GAP_WITHOUT_ATTENTION), ("made-up-dot", GAP)]) in page
    assert "Teacher forcing" not in markdown(Report(shipped=(WITHOUT_GAP,), repetitions=()))


def test_the_page_has_what_was_typed_where_it_was_measured():
    page = markdown(report())
    assert typed_table([("made-up-none", TYPED), ("made-up-dot", TYPED)]) in page
    assert "As people type" not in markdown(Report(shipped=(WITHOUT_TYPED,), repetitions=()))


def test_the_page_has_the_table_the_spread_and_the_honest_sentence():
    page = markdown(report(dot=[40.0, 44.0], concat=[41.0, 42.0]))
    assert "made-up-dot" in page
    assert "| dot | 42.00 (40.00 to 44.00) |" in page
    assert (
        "not larger than the spread. Fully trained, one seed each, they differ by at most 0.00: no more than"
        in page
    )
    assert "Other seeds" not in markdown(report())


def probed(model: str) -> ProbeScore:
    words = [ReadWord(Unit("a", 0, 1, is_end=False), place < 4, place < 2, False) for place in range(8)]
    return ProbeScore(
        model=model, probe="ab" * 32, inputs=100, chains=(probed_chain([words] * 3, sentences=2),)
    )


def test_probes_are_part_of_the_report_and_of_its_page(tmp_path: Path):
    path = tmp_path / "report.json"
    written = dataclasses.replace(report(dot=[40.0]), probes=(probed("made-up-none"),))
    path.write_text(written.to_json(), encoding="utf-8")
    assert read_report(path) == written
    page = markdown(written)
    assert "| made-up-none | 2 | 50 (25) | 100 (100) |" in page
    assert "probe --model made-up-none" in page
    assert "linear probe" not in markdown(report(dot=[40.0]))


def test_a_report_from_before_probes_is_read(tmp_path: Path):
    path = tmp_path / "report.json"
    record = json.loads(report(dot=[40.0]).to_json())
    del record["probes"]
    path.write_text(json.dumps(record), encoding="utf-8")
    assert read_report(path) == report(dot=[40.0])


def test_other_cells_and_directions_are_not_compared_as_scorers():
    family = report(dot=[40.0, 41.0], concat=[41.0, 41.5])
    others = tuple(
        dataclasses.replace(one, setup=dataclasses.replace(one.setup, **{field: value}))
        for one in (scored("general", 5.0),)
        for field, value in (("cell", "rnn"), ("direction", "forward"))
    )
    shipped = (scored("dot", 50.0), scored("concat", 50.5))
    found = dataclasses.replace(family, shipped=(*shipped, *others))
    assert found.scorers == shipped
    assert found.compare(bleu).shipped == 0.5
