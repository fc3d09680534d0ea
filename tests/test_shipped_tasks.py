"""The models of the other tasks: what they say, what was measured of them, what their pictures show."""

import hashlib
import re

import pytest

from pages.kit.examples import STORED_MODELS
from s2s import catalog
from s2s.data.corpora import Pair
from s2s.evaluate.alignment_error import Linked, alignment_score, word_links
from s2s.evaluate.gold import GOLD, read_gold
from s2s.evaluate.memorising import RECORD as MEMORISING
from s2s.evaluate.memorising import read_judged, read_memorising
from s2s.evaluate.report import TASKS_REPORT, read_report
from s2s.evaluate.shape import shape_of
from s2s.places import ASSETS
from s2s.task_recipes import CASUAL, ENGLISH, JUDGED, POLITE, REQUESTS
from s2s.translator import Translator
from tests.matched import assert_alike

OTHERS = catalog.tasks()[1:]
PAIRS = [task for task in OTHERS if not task.languages.purpose]


@pytest.fixture(scope="module")
def translators() -> dict[str, Translator]:
    return {name: Translator.load(name) for name in STORED_MODELS}


@pytest.mark.parametrize("task", OTHERS, ids=lambda task: task.name)
def test_a_task_s_models_are_what_it_says_and_name_their_data_and_licence(task: catalog.Task):
    for name in task.models:
        config, card = catalog.read_config(catalog.locate(name))
        assert config.languages.codes == task.languages.codes
        kind = catalog.kind_of(name)
        assert kind is not None
        assert {its: getattr(config, its) for its in kind.settings} == kind.settings
        written = (catalog.locate(name) / catalog.CARD).read_text(encoding="utf-8")
        assert written.startswith(f"# {name}\n")
        assert card.data in written
        assert f"The weights are under {task.licence}" in written


def test_what_was_measured_of_the_other_tasks_is_of_the_weights_that_are_there():
    measured = {one.setup.model: one.setup.weights for one in read_report(TASKS_REPORT).shipped}
    found = {
        name: hashlib.sha256((catalog.locate(name) / catalog.WEIGHTS).read_bytes()).hexdigest()
        for task in OTHERS
        for name in task.models
    }
    assert measured == found


@pytest.mark.parametrize("task", PAIRS, ids=lambda task: task.name)
def test_models_of_another_pair_of_languages_were_trained_alike_but_for_how_they_score(task: catalog.Task):
    assert_alike(task.models)


@pytest.mark.parametrize("task", PAIRS, ids=lambda task: task.name)
def test_the_alignment_error_of_another_pair_of_languages_is_what_its_models_make(
    translators, task: catalog.Task
):
    gold = GOLD.with_name(f"{task.name}.tsv")
    measured = {one.setup.model: one for one in read_report(TASKS_REPORT).shipped}
    for name in task.shown_first:
        assert measured[name].setup.gold_fingerprint == hashlib.sha256(gold.read_bytes()).hexdigest()
        linked = []
        for pair in read_gold(gold, task.languages):
            alignment = translators[name].explain(pair.source, pair.target).alignment(row="explains")
            links = word_links(alignment, pair.source, pair.target, languages=task.languages)
            linked.append(Linked(pair, links))
        assert alignment_score(linked).aer == pytest.approx(measured[name].gold.explains.aer, abs=0.005)


@pytest.mark.parametrize("task", PAIRS, ids=lambda task: task.name)
def test_the_picture_of_a_language_with_the_verb_last_crosses(translators, task: catalog.Task):
    for name in task.shown_first:
        shape = shape_of(translators[name].translate(STORED_MODELS[name]).alignment())
        assert shape.turned > 0.2, name


def test_scores_beside_copying_are_of_these_weights_and_of_what_was_evaluated():
    report = read_report(TASKS_REPORT)
    evaluated = {one.setup.model: one for one in report.shipped}
    assert [score.model for score in report.scores] == [name for task in OTHERS for name in task.models]
    for score in report.scores:
        one = evaluated[score.model]
        assert (score.weights, score.data_fingerprint) == (one.setup.weights, one.setup.data_fingerprint)
        assert (score.inputs, score.output.exact) == (one.sentences, one.exact)
        assert score.output.chrf.value == pytest.approx(one.chrf.value)
        assert score.copying.manner.copied == 1


def test_what_was_measured_of_a_training_is_of_the_model_that_is_shipped_and_was_judged_by_hand():
    found = read_memorising(MEMORISING)
    weights = (catalog.locate(found.model) / catalog.WEIGHTS).read_bytes()
    last = next(one for one in found.stages if one.updates == found.chosen)
    assert last.weights == hashlib.sha256(weights).hexdigest()
    task = catalog.task_of(found.model)
    assert task is not None
    judged = read_judged(ASSETS / "pairs" / task.name / JUDGED)
    assert judged.questions == found.questions
    for one in found.stages:
        said = [Pair(*pair) for pair in zip(found.questions, one.answers, strict=True)]
        assert one.fitting == tuple(judged.fits[pair] for pair in said)


def test_the_chatbot_says_what_its_record_says(translators):
    found = read_memorising(MEMORISING)
    last = next(one for one in found.stages if one.updates == found.chosen)
    said = translators[found.model].translations(found.questions)
    same = sum(one == other for one, other in zip(said, last.answers, strict=True))
    assert same >= 48, "another processor rounds differently"


@pytest.mark.parametrize(
    ("purpose", "source", "expected"),
    [
        ("core", "안방에 있는 불 좀 꺼줄래", "안방 불 끄기"),
        ("core", "이번 주말에 비가 오는지 알려줘", "이번 주말 비 오는지"),
        ("casual", "지하철역에서 가장 가까운 카페가 어디인가요", "지하철역에서 가장 가까운 카페가 어디야"),
        ("casual", "빨래할 때 흰옷은 따로 빨아주세요", "빨래할 때 흰옷은 따로 빨아줘"),
        ("polite", "회의 자료 메일로 보내줘", "회의 자료를 메일로 보내 주세요"),
        ("polite", "내일 몇 시에 만날지 알려줘", "내일 몇 시에 만날지 알려주세요"),
    ],
)
def test_what_people_say_is_cut_short_and_said_in_the_other_register(translators, purpose, source, expected):
    (task,) = [task for task in OTHERS if task.languages.purpose == purpose]
    assert translators[task.judge].translate(source).target == expected


@pytest.mark.parametrize("purpose", ["casual", "polite"])
def test_what_is_copied_looks_at_its_word_and_nothing_crosses(translators, purpose):
    (task,) = [task for task in OTHERS if task.languages.purpose == purpose]
    shape = shape_of(translators[task.judge].translate(STORED_MODELS[task.judge]).alignment())
    assert shape.copied == shape.found >= 3
    assert shape.crossed == 0


def test_requests_are_said_politely_casually_and_in_english():
    lines = (ASSETS / "pairs" / REQUESTS).read_text(encoding="utf-8").splitlines()
    assert len(lines) > 10_000
    columns = [line.split("\t") for line in lines]
    assert {len(line) for line in columns} == {3}
    for column in (POLITE, CASUAL):
        assert len({line[column] for line in columns}) == len(lines), "each once"
        assert all(re.search("[가-힣]", line[column]) for line in columns)
    assert not any(re.search("[가-힣]", line[ENGLISH]) for line in columns)
    assert all(text == " ".join(text.split()) for line in columns for text in line)
