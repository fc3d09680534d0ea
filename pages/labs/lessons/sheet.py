"""A lesson on paper: one HTML file that asks for nothing, to print, with the answers or without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Final

from pages.kit.examples import pairs
from pages.kit.lesson import Lesson, Step, said
from pages.kit.quiz.asked import Quiz
from pages.kit.strings import Strings
from s2s import __version__

Ask = Callable[[Step], Quiz | None]

_STYLE: Final = """
body { font: 12pt/1.45 system-ui, "Noto Sans", "Noto Sans KR", "Malgun Gothic", sans-serif; max-width: 44rem;
  margin: 2rem auto; padding: 0 1rem; color: #1b2026; background: #fff; word-break: keep-all;
  overflow-wrap: anywhere; }
h1 { font-size: 18pt; margin: 0 0 .5rem; }
h2 { font-size: 13pt; margin: 1.2rem 0 .2rem; break-after: avoid; }
p { margin: .2rem 0; }
section { break-inside: avoid; }
.about { display: flex; gap: 2rem; margin: .6rem 0 1rem; }
.about span { flex: 1; border-bottom: 1px solid #5b6670; padding-bottom: .1rem; }
.asks { font-weight: 600; margin-top: .4rem; }
ul { list-style: none; margin: .3rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.2rem; }
li::before { content: "☐ "; }
li.right::before { content: "☑ "; }
li.right { font-weight: 600; }
.line { border-bottom: 1px solid #5b6670; height: 1.6rem; }
.told { border-left: 3px solid #0072b2; padding-left: .6rem; margin-top: .4rem; }
.made { color: #5b6670; font-size: 9pt; margin-top: 2rem; }
@page { margin: 16mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def sheet(lesson: Lesson, text: str, ask: Ask, say: Strings, *, has_answers: bool) -> str:
    """The whole file. `ask` gives the question of a step about the sentence `text`."""
    language, source = say.language, say.languages[0].source
    title = said(lesson.title, language) or say("lessons.untitled")
    known = pairs(say.languages[0]).get(text, "")
    head = [
        f"<h1>{escape(title)}</h1>",
        f"<div class='about'><span>{escape(say('lessons.sheet_name'))}</span>"
        f"<span>{escape(say('lessons.sheet_date'))}</span></div>",
        f"<p>{escape(say('lessons.sheet_sentence'))} <b lang='{source}'>{escape(text)}</b>"
        + (f" ({escape(known)})" if known and has_answers else "")
        + "</p>",
    ]
    if has_answers:
        head.append(f"<p><b>{escape(say('lessons.sheet_answers'))}</b></p>")
    steps = [
        "\n".join(["<section>", *_step(number, step, ask(step), say, has_answers=has_answers), "</section>"])
        for number, step in enumerate(lesson.steps, start=1)
    ]
    made = say("export.made", version=__version__)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f"<html lang='{language}'><head><meta charset='utf-8'>",
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            "<meta name='viewport' content='width=device-width, initial-scale=1'>",
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
            *head,
            *steps,
            f"<p class='made'>{escape(made)}</p>",
            "</body></html>",
            "",
        ]
    )


def _step(number: int, step: Step, quiz: Quiz | None, say: Strings, *, has_answers: bool) -> Iterator[str]:
    language = say.language
    group, title = said(step.group, language), said(step.title, language)
    yield f"<h2>{number}. {escape(': '.join(filter(None, (group, title))))}</h2>"
    if text := said(step.text, language):
        yield f"<p>{escape(text)}</p>"
    if quiz is not None:
        yield from _quiz(quiz, say, has_answers=has_answers)
    if has_answers and (notice := said(step.notice, language)):
        yield f"<p>{escape(say('lesson.notice'))} {escape(notice)}</p>"


def _quiz(quiz: Quiz, say: Strings, *, has_answers: bool) -> Iterator[str]:
    yield f"<p class='asks'>{escape(quiz.reason or quiz.asks)}</p>"
    if quiz.reason:
        return
    if quiz.options:
        items = []
        for option in quiz.options:
            mark = " class='right'" if has_answers and option in quiz.right else ""
            items.append(f"<li{mark}>{escape(option)}</li>")
        yield f"<ul>{''.join(items)}</ul>"
    elif not has_answers:
        yield "<div class='line'></div>"
    if has_answers and quiz.told:
        yield f"<p class='told'>{escape(quiz.told)}</p>"
