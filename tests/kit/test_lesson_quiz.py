"""What lessons ask: the answers are those of the models, computed here once more and otherwise."""

import numpy as np
import pytest

from pages.kit import lesson as lessons
from pages.kit.examples import EXAMPLES, REFERENCES, lengthened
from pages.kit.lesson import Question
from pages.kit.lesson_quiz import KINDS, NEEDS, quiz
from pages.kit.quiz.asked import Quiz
from pages.kit.report import shipped_report
from s2s.evaluate.lost import judge_trace
from s2s.translator import Translator
from tests.apps import SAY

EN = SAY["en"]
OWN = "Ma voisine chante une vieille chanson."
CROSSING = EXAMPLES[0]


def asked(kind: str, text: str = CROSSING, **about: object) -> Quiz:
    found = quiz(Question(kind, **about), text, REFERENCES.get(text, ""), EN)  # type: ignore[arg-type]
    assert not found.reason
    return found


@pytest.fixture(scope="module")
def general() -> Translator:
    return Translator.load("fr-en-general")


def test_every_kind_says_what_it_is_about():
    assert NEEDS.keys() == KINDS.keys()
    assert all(set(fields) <= set(Question._fields) for fields in NEEDS.values())


@pytest.mark.parametrize("language", SAY)
@pytest.mark.parametrize("text", [CROSSING, OWN])
def test_every_question_of_the_shipped_lesson_is_answered_of_any_sentence(text: str, language: str):
    [lecture] = lessons.shipped().values()
    for step in lecture.steps:
        found = quiz(
            step.question, text, REFERENCES.get(text, "My neighbor sings an old song."), SAY[language]
        )
        assert not found.reason, step.title
        assert found.asks
        assert "{" not in found.asks + found.told
        if step.question.kind != "open":
            assert found.right
            assert found.told
        if found.form == "choose":
            assert set(found.right) <= set(found.options)
            assert len(set(found.options)) == len(found.options) > 1


@pytest.mark.parametrize("text", ["a", "한국어 문장입니다.", "<b>gras</b> $x$", "…"])
def test_a_sentence_that_is_none_leaves_a_reason_or_a_question(text: str):
    for kind in KINDS:
        found = quiz(Question(kind, fed="Nobody", compare="attention"), text, "", EN)
        assert bool(found.reason) != bool(found.asks), kind


def test_what_is_not_there_is_said():
    for question in (
        Question("riddle"), Question("looks", model="../../x"), Question("looks", word=999),
        Question("looks", model="fr-en-none"), Question("measured", compare="nothing"),
        Question("loses_more", models=("fr-en-none",)), Question("next", step=900),
    ):  # fmt: skip
        assert quiz(question, CROSSING, "", EN).reason, question
    assert quiz(Question("looks"), " ", "", EN).reason == EN("quiz.no_sentence")
    assert quiz(Question("parts"), OWN, "", EN).reason == EN("quiz.no_reference")


def test_where_it_looks_is_the_strongest_weight_of_the_row(general: Translator):
    alignment = general.translate(CROSSING).alignment()
    rows = {unit.text: row for row, unit in enumerate(alignment.target_units)}
    for number, word in enumerate(("The", "black", "cat"), start=1):
        most = alignment.source_units[int(alignment.weights[rows[word]].argmax())].text
        found = asked("looks", word=number)
        assert found.right == (most,)
        assert word in found.asks
        assert found.points
        assert found.hides == "cells"
    assert "sleeping" in asked("looks").asks, "the longest"
    assert float(asked("total", word=2).right[0]) == pytest.approx(1, abs=1e-3)


def test_what_comes_next_is_what_the_model_says(general: Translator):
    run = general.compare(CROSSING)
    assert asked("next", step=2).right == (run.forced.target_pieces[1].text.lstrip("▁"),)
    from s2s.evaluate.divergence import Injection

    fed = general.compare(CROSSING, injection=Injection(2, "Nobody")).free
    assert asked("feeds", step=2, fed="Nobody").right[0] in fed.target
    assert "The" in asked("feeds", step=2, fed="Nobody").asks, "what it wrote by itself"


def test_the_runs_part_where_the_page_says_so(general: Translator):
    both = general.compare(CROSSING, REFERENCES[CROSSING])
    first = both.divergence.first
    assert first is not None
    piece = both.forced.target_pieces[first]
    [right] = asked("parts").right
    assert both.forced.target[piece.start : piece.end].strip() in right


def test_lost_words_are_counted_by_the_judge(general: Translator):
    whole = lengthened(CROSSING, 3)
    lost = {}
    for name in ("fr-en-none", "fr-en-general"):
        target = Translator.load(name).translate(whole).target
        words = judge_trace(general.explain(whole, target))
        lost[name] = sum(word.is_lost for word in words)
    found = asked("lost", model="fr-en-none", sentences=3)
    assert found.right == (str(lost["fr-en-none"]),)
    more = asked("loses_more", models=("fr-en-none", "fr-en-general"), sentences=3)
    assert lost["fr-en-none"] > lost["fr-en-general"]
    assert more.right == (EN("kinds.none"),)


def test_what_was_measured_is_read_from_the_report():
    chains = {one.setup.model: one.chains for one in shipped_report().shipped}
    bleus = [max(chains[name], key=lambda c: c.words * (c.sentences <= 3)).bleu.value
             for name in ("fr-en-none-forward", "fr-en-none-backward")]  # fmt: skip
    found = asked("measured", compare="direction")
    assert found.right == (found.options[int(np.argmax(bleus))],)
    for bleu in bleus:
        assert f"{bleu:.1f}" in found.told


def test_the_state_that_is_handed_over_does_not_grow_and_concat_learns_most():
    assert asked("handed", model="fr-en-none").right == (EN("quiz.stays"),)
    assert asked("learns_most").right == ("concat",)


def test_steps_that_wait_are_pieces_of_a_chain_and_layers_of_a_transformer(general: Translator):
    pieces = len(general.translate(CROSSING).source_pieces)
    found = asked("waits", models=("fr-en-general", "fr-en-transformer"))
    names = [EN("kinds.general"), EN("kinds.transformer")]
    assert found.right == (f"{names[0]} {pieces} · {names[1]} 2",)
    assert len(set(found.options)) == 4
    turned = asked("waits", models=("fr-en-transformer", "fr-en-general"))
    assert turned.right == (f"{names[1]} 2 · {names[0]} {pieces}",)
    alike = asked("waits", models=("fr-en-dot", "fr-en-general"))
    assert alike.right == (f"dot {pieces} · general {pieces}",)


def test_a_question_in_a_teachers_words_keeps_the_computed_answer():
    own = asked("looks", asks={"en": "Wohin?"})
    assert own.asks == "Wohin?"
    assert own.right == asked("looks").right
    assert own.key != asked("looks").key
    assert asked("looks").key == asked("looks", f" {CROSSING} ").key
