"""What the judge of lost words is asked, and that what is stored of it is true."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from s2s import catalog
from s2s.cli import main
from s2s.data.senses import FILE as SENSES
from s2s.errors import DataError
from s2s.evaluate.gold import GOLD, GoldPair, read_gold
from s2s.evaluate.judging import (
    FILE,
    FORMS,
    Counts,
    FormScore,
    JudgeScore,
    Verdicts,
    counted,
    measured,
    read_score,
    scored,
    trials,
)  # fmt: skip
from s2s.evaluate.lost import Judged, judge_trace
from s2s.languages import FIRST
from s2s.pieces import Unit
from s2s.places import ASSETS
from s2s.records import to_json
from s2s.text import words
from s2s.translator import Translator

STORED = ASSETS / "pairs" / FIRST.name / FILE
PAIRS = read_gold(GOLD)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_taken_out_is_what_is_lost_and_no_word_of_the_others_goes_with_it():
    asked = list(trials(PAIRS, FIRST))
    assert Counter(trial.form for trial in asked) == dict.fromkeys(FORMS, len(PAIRS))
    for pair, trial in zip(PAIRS, [one for one in asked if one.form == "cut"], strict=True):
        said = [word.text for word in words(pair.target, FIRST.target)]
        taken = {j for i, j in pair.sure if i in trial.lost}
        assert {i for i, j in pair.possible if j in taken} <= trial.lost
        left = [text for j, text in enumerate(said) if j not in taken]
        assert [word.text for word in words(trial.target, FIRST.target)] == left
    for trial in asked:
        sources = words(trial.source, FIRST.source)
        assert all(sources[i].text.strip(".?!") for i in trial.lost | trial.left_out)
        assert not trial.lost & trial.left_out


def test_one_pair_alone_is_asked_too_and_the_same_is_asked_each_time():
    pair = GoldPair(source="Il dort.", target="He sleeps.", sure=frozenset({(0, 0), (1, 1), (2, 2)}),
                    possible=frozenset({(0, 0), (1, 1), (2, 2)}))  # fmt: skip
    asked = list(trials([pair], FIRST))
    assert asked == list(trials([pair], FIRST))
    (cut,) = [trial for trial in asked if trial.form == "cut"]
    assert (cut.target, cut.lost) in {("sleeps.", frozenset({0})), ("He .", frozenset({1}))}


def test_every_word_of_which_it_is_known_is_counted_once():
    def says_lost(source: str, target: str) -> list[Judged]:
        return [Judged(Unit(w.text, w.start, w.end, False), "lost") for w in words(source, FIRST.source)]

    asked = list(trials(PAIRS[:5], FIRST))
    found: Counts = Counter()
    for one in counted(asked, says_lost, FIRST):
        found += one
    whole = sum(len(words(trial.source, FIRST.source)) - len(trial.left_out) for trial in asked)
    assert found.total() == whole
    assert {verdict for _, _, verdict in found} == {"lost"}
    score = scored(found)
    assert sum(form.lost.words for form in score) == sum(len(trial.lost) for trial in asked)


def test_precision_and_recall_are_those_of_the_counts():
    none, forms = Verdicts(kept=0, lost=0, unclear=0), []
    for form in FORMS:
        kept = Verdicts(kept=80, lost=1, unclear=19)
        lost = none if form == "whole" else Verdicts(kept=1, lost=4, unclear=5)
        forms.append(FormScore(form=form, lost=lost, kept=kept))
    score = JudgeScore(
        model="m", weights="", senses="", gold="g", gold_fingerprint="", pairs=1, forms=tuple(forms)
    )
    assert score.precision == pytest.approx(16 / 21)
    assert score.recall == pytest.approx(0.4)
    assert score.missed == pytest.approx(0.1)
    assert score.kept_precision == pytest.approx(400 / 404)
    assert score.kept_recall == pytest.approx(0.8)
    assert score.alarms == pytest.approx(0.01)


def test_what_is_stored_is_of_the_shipped_model_and_table_and_comes_out_again():
    score = measured(FIRST)
    assert score is not None
    model = catalog.ATTENDING.model()
    assert (score.model, score.pairs) == (model, len(PAIRS))
    assert score.weights == sha256(catalog.locate(model) / catalog.WEIGHTS)
    assert score.senses == sha256(STORED.parent / SENSES), "measure again: python -m s2s judge --json FILE"
    assert score.gold_fingerprint == sha256(GOLD)
    assert json.loads(to_json(score.to_dict())) == json.loads(STORED.read_text(encoding="utf-8"))
    assert score.precision > 0.9
    asked = [trial for trial in trials(PAIRS, FIRST) if trial.form == "whole"]
    judge = Translator.load(model)
    found: Counts = Counter()
    for one in counted(asked, lambda source, target: judge_trace(judge.explain(source, target)), FIRST):
        found += one
    stored = next(form for form in score.forms if form.form == "whole").kept
    (again,) = scored(found, ["whole"])
    for verdict in ("kept", "lost", "unclear"):  # another processor may round a word over a threshold
        assert getattr(again.kept, verdict) == pytest.approx(getattr(stored, verdict), abs=3)


@pytest.mark.parametrize("change", [{"format": 2}, {"forms": []}, {"pairs": "x"}, {"forms": None}])
def test_a_damaged_score_is_refused_with_its_name(tmp_path: Path, change: dict):
    path = tmp_path / FILE
    path.write_text(json.dumps(json.loads(STORED.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(DataError, match=r"judge\.json"):
        read_score(path)


def test_the_command_prints_what_it_measured_and_stores_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    gold, out = tmp_path / "gold.tsv", tmp_path / FILE
    gold.write_text(
        "Il dort.\tHe sleeps.\t0-0 1-1 2-2\t\nTom mange.\tTom eats.\t0-0 1-1 2-2\t\n", encoding="utf-8"
    )
    assert main(["judge", "--gold", str(gold), "--json", str(out)]) == 0
    score = read_score(out)
    assert score.pairs == 2
    assert f"lost: precision {score.precision:.3f}, recall {score.recall:.3f}" in capsys.readouterr().out
    assert main(["judge", "--model", "fr-en-none", "--gold", str(gold)]) == 1


def test_the_readme_says_what_is_stored():
    score = measured(FIRST)
    assert score is not None
    whole = next(form for form in score.forms if form.form == "whole").kept
    lost = [form.lost for form in score.forms]
    rows = {
        "of translations by people": (whole.words, whole.lost, whole.kept, whole.unclear),
        "that were lost": tuple(
            sum(getattr(one, of) for one in lost) for of in ("words", "lost", "kept", "unclear")
        ),
    }
    readme = (ASSETS.parent / "README.md").read_text(encoding="utf-8")
    for name, (words_, *found) in rows.items():
        assert f"| {name} | {' | '.join(f'{100 * count / words_:.1f}' for count in found)} |" in readme
    shares = (f"{100 * share:.0f} of 100" for share in (score.precision, score.kept_precision))
    assert all(share in readme for share in shares)
