"""What the main page says of the models' quality and of what they saw of a sentence, through AppTest."""

import dataclasses

import pytest

from pages.kit import report as page
from pages.kit.examples import pairs
from pages.kit.translators import answer
from s2s.catalog import SUCCESSOR, tasks
from s2s.evaluate.reading import broken_words
from s2s.evaluate.report import bleu, read_report
from s2s.languages import parts_stems
from s2s.stems import stem_length
from s2s.text import GLUE
from tests.apps import SAY, open_app, said, type_in

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """A function that puts another report, or none, in the place of the shipped one."""

    def put(text: str | None) -> None:
        path = tmp_path / "report.json"
        if text is not None:
            path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(page, "REPORT", path)
        page.shipped_report.cache_clear()
        page.usual_surprisals.cache_clear()

    yield put
    page.shipped_report.cache_clear()
    page.usual_surprisals.cache_clear()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_table_has_the_numbers_of_the_report(language):
    say, report = SAY[language], read_report(page.REPORT)
    shipped = [*report.scorers, *(e for e in report.shipped if e.setup.model == SUCCESSOR.model())]
    app = open_app(lang=language)
    table, seeds = (one.value for one in app.table[-2:])
    names = [say(f"scorer.{e.setup.attention}") for e in report.scorers]
    assert list(table.columns) == [*names, say("kinds.transformer")]
    assert list(table.loc[say("scores.bleu")]) == [f"{bleu(e):.1f}" for e in shipped]
    explained = [e.gold.explains if e.gold else None for e in shipped]
    errors = [f"{100 * gold.aer:.1f}" if gold else "–" for gold in explained]
    assert list(table.loc[say("scores.aer")]) == errors
    assert errors.count("–") == 2, "without attention, and where heads are many"
    drawn = ["–" if e.gold is None else f"{100 * e.gold.predicts.aer:.1f}" for e in shipped]
    rows = list(table.index)
    assert list(table.loc[say("scores.aer_weights")]) == drawn
    assert rows.index(say("scores.aer_weights")) < rows.index(say("scores.aer")), "what is drawn comes first"
    # What seeds did in short trainings stands apart: nobody takes it for the models above.
    found = read_report(page.REPORT).spread(bleu)
    assert list(seeds.columns) == [say(f"scorer.{attention}") for attention in found]
    spreads = [f"{spread.low:.1f}–{spread.high:.1f}" for spread in found.values()]
    assert list(seeds.loc[say("scores.bleu_seeds")]) == spreads
    assert set(table.index).isdisjoint(seeds.index)


@pytest.mark.parametrize("is_told_apart", [True, False])
def test_one_sentence_says_whether_scorers_differ_more_than_seeds(report, is_told_apart):
    whole = read_report(page.REPORT)
    first, *_ = whole.repetitions

    def repeated(attention, seed, value):
        evaluation = first.evaluation
        setup = dataclasses.replace(evaluation.setup, attention=attention)
        score = dataclasses.replace(evaluation.bleu, value=value)
        changed = dataclasses.replace(evaluation, setup=setup, bleu=score)
        return dataclasses.replace(first, seed=seed, evaluation=changed)

    other = 45.0 if is_told_apart else 40.5
    made = [repeated("dot", 1, 40.0), repeated("dot", 2, 41.0), repeated("concat", 1, other)]
    report(dataclasses.replace(whole, repetitions=tuple(made)).to_json())
    key = "told_apart" if is_told_apart else "not_told_apart"
    between = f"{other - 40.5:.1f}"
    values = {"between": between, "within": "1.0", "seeds": "2"}
    assert SAY["en"](f"scores.{key}", **values) in said(open_app())


@pytest.mark.parametrize("text", [None, "", '{"format": 1}'])
def test_without_a_usable_report_the_page_says_so_and_goes_on(report, text):
    report(text)
    app = open_app()
    assert not app.table
    assert "report.json" in said(app)
    assert SAY["en"]("reading.unusual", found="", limit="")[:30] not in said(type_in(app, "zxqw vbnk"))


def test_words_that_are_no_piece_of_the_vocabulary_are_shown_as_the_models_saw_them():
    app = type_in(open_app(), "Le désoxyribonucléique dort 학교.")
    spoken = said(app)
    assert "학 ·교" in spoken, "each of its letters was read as bytes"
    (notice,) = [line for line in spoken.splitlines() if "continues the word before it" in line]
    pieces = notice.split(": ")[1].split(", ")[0].split(" ")
    assert len(pieces) > 2
    assert all(piece.startswith(GLUE) for piece in pieces[1:])
    assert "".join(pieces).replace(GLUE, "") == "désoxyribonucléique"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_sentence_far_from_what_was_learned_is_told_and_an_everyday_one_is_not(language):
    app = open_app(lang=language)
    opening = SAY[language]("reading.unusual", found="", limit="")[:20]
    assert opening not in said(app)
    assert opening in said(type_in(app, "My friends would like to know what you think."))
    assert opening not in said(type_in(app, "Mes amis aimeraient savoir ce que tu penses."))


@pytest.mark.parametrize("text", ["Where is the hospital?", "😀😀 ㄴㅐㅇㅣㄹ"])
@pytest.mark.parametrize("task", tasks()[1:], ids=lambda task: task.name)
def test_what_no_korean_model_has_learned_is_told_and_what_people_ask_of_it_is_not(task, text):
    app = open_app(lang="ko", task=task.name)
    opening = SAY["ko"].about([task.languages])("reading.unusual", found="", limit="")[:20]
    assert opening not in said(app)
    assert opening in said(type_in(app, text))
    assert opening not in said(type_in(app, "내일 서울 날씨 알려줘"))


@pytest.mark.parametrize(
    "task", [t for t in tasks() if parts_stems(t.languages.source)], ids=lambda t: t.name
)
def test_a_word_that_is_read_as_stem_and_particle_is_not_called_broken(task):
    """Most Korean words are; those that are read in other parts are named."""
    say = SAY["en"].about([task.languages])
    opening, closing = say("reading.pieces", words="|", sign=GLUE).split("|")
    parted = broken = 0
    for text in list(pairs(task.languages))[:6]:
        told = [line for line in said(open_app(lang="en", task=task.name, text=text)).splitlines()
                if line.startswith(opening)]  # fmt: skip
        named = told[0].removeprefix(opening).removesuffix(closing).split(", ") if told else []
        for word in broken_words(answer(task.main[0], text).trace):
            cut = stem_length(word.word.text)
            is_parted = word.parts == (word.word.text[:cut], word.word.text[cut:])
            assert (f" {GLUE}".join(word.parts) in named) != is_parted
            parted, broken = parted + is_parted, broken + (not is_parted)
    assert parted or broken
