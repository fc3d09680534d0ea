"""Lessons: steps that each open a laboratory, with something to read and something to ask. What a lesson is,
how a file has it, and how a link does.

    format = 1
    title = "Attention"

    [[steps]]
    page = "alignments"                        # of the menu
    view = { models = ["fr-en-general"] }      # what its address says, by parameter
    title = { en = "Where it looks", ko = "어디를 보는가" }
    text = "One text for all readers, or one for each language as in the title."
    question = { kind = "looks", model = "fr-en-general" }

A question is a kind and what it is about (`pages.kit.lesson_quiz`). Its answer is in no file: it is computed
from the models, of the sentence at hand.

>>> one = Lesson({"": "Two steps"}, (Step("alignments"), Step("forcing", view={"model": ("fr-en-dot",)})))
>>> from_toml(to_toml(one), path="x") == one
True
>>> from_code(to_code(one)) == one
True
"""

from __future__ import annotations

import base64
import json
import re
import tomllib
import zlib
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from s2s.errors import DataError
from s2s.places import ASSETS
from s2s.records import check, parse_json
from s2s.text import well_formed

FORMAT: Final = 1
FOLDER: Final = ASSETS / "lessons"
LARGEST: Final = 200_000  # bytes of a file
MOST: Final = 60  # steps
MOST_IN_LINK: Final = 4_000  # characters: an address has room for a sentence beside them
_LONGEST: Final = 2_000  # characters of a text
_CODE: Final = 300  # and of a value of a view or a question
_PARAMETERS: Final = 30
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
# What a view cannot say: it belongs to the reader, or to the lesson itself.
READERS: Final = frozenset({"lang", "size", "text", "lesson", "at", "present", "theme"})

Text = Mapping[str, str]  # by language; "" for all that have none of their own
_NOTHING: Final[Text] = MappingProxyType({})


class Question(NamedTuple):
    """What is asked, of whom. What a kind has no use for stays as it is here."""

    kind: str
    model: str = ""
    models: tuple[str, ...] = ()
    word: int = 0  # of the translation, from 1; 0 is the longest
    step: int = 2  # of the decoder, from 1
    fed: str = ""  # a word that is fed by hand
    sentences: int = 1  # the reader's own, and further ones behind it
    compare: str = ""  # kinds of models that were measured, see `s2s.catalog.COMPARED`
    asks: Text = _NOTHING  # what a teacher asks in words of their own


class Step(NamedTuple):
    """A laboratory as it is opened, and what is said of it."""

    page: str
    view: Mapping[str, tuple[str, ...]] = MappingProxyType({})  # what the address says, by parameter
    sentence: str = ""  # "" keeps that of the step before
    picture: int = 1  # of the page, from 1: the one that fills a projector's screen; 0 for cards side by side
    title: Text = _NOTHING
    text: Text = _NOTHING
    notice: Text = _NOTHING  # what to see, told after the question
    group: Text = _NOTHING  # neighbours of the same group stand side by side
    question: Question | None = None


class Lesson(NamedTuple):
    """Steps in their order."""

    title: Text
    steps: tuple[Step, ...]


def said(text: Text, language: str) -> str:
    """A text in a language: for that reader, for all, or as there is one."""
    return text.get(language) or text.get("") or next(iter(text.values()), "")


@cache
def shipped() -> Mapping[str, Lesson]:
    """The lessons of the repository, by name."""
    return {path.stem: from_toml(path.read_bytes(), path=path.name) for path in sorted(FOLDER.glob("*.toml"))}


# Files


def from_toml(data: bytes | str, *, path: str, pages: Collection[str] = ()) -> Lesson:
    """The lesson in a file; with `pages`, of these alone. Raises DataError, which says what is wrong in one
    sentence."""
    if len(data) > LARGEST:
        raise DataError("lesson_too_large", path=path, limit=LARGEST)
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        record = tomllib.loads(text.replace("\r\n", "\n"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise DataError("lesson_damaged", path=path, reason=_reason(error)) from error
    return from_record(record, path=path, pages=pages)


def to_toml(lesson: Lesson) -> str:
    """The lesson as a file."""
    lines = [f"format = {FORMAT}", f"title = {_toml(_plain(lesson.title))}"]
    for step in lesson.steps:
        lines += ["", "[[steps]]"]
        lines += [f"{name} = {_toml(value)}" for name, value in _record(step).items()]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml_key(key)} = {_toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    # A string of JSON is one of TOML but for this character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_key(key: str) -> str:
    return key if _NAME.fullmatch(key) else _toml(key)


def to_record(lesson: Lesson) -> dict[str, Any]:
    """The lesson in plain values, as files have it."""
    return {"format": FORMAT, "title": _plain(lesson.title), "steps": [_record(s) for s in lesson.steps]}


def _record(step: Step) -> dict[str, Any]:
    """What of a step is not as it is anyway, in plain values."""
    found: dict[str, Any] = {}
    for name, value in step._asdict().items():
        if name == "question" and step.question is not None:
            found[name] = {
                key: _plain(part) if key == "asks" else part
                for key, part in step.question._asdict().items()
                if part != Question._field_defaults.get(key)
            }
        elif name == "view":
            found |= {name: {key: list(codes) for key, codes in value.items()}} if value else {}
        elif value != Step._field_defaults.get(name):
            found[name] = _plain(value) if isinstance(value, Mapping) else value
    return found


def _plain(text: Text) -> str | dict[str, str]:
    return text[""] if [*text] == [""] else dict(text)


# Links


def to_code(lesson: Lesson) -> str:
    """The lesson as an address holds it, behind a point that no file's name begins with."""
    text = json.dumps(to_record(lesson), ensure_ascii=False, separators=(",", ":")).encode()
    return f".{base64.urlsafe_b64encode(zlib.compress(text, 9)).decode('ascii').rstrip('=')}"


@lru_cache(maxsize=32)
def from_code(code: str) -> Lesson:
    """The lesson in an address. Raises DataError."""
    try:
        packed = base64.b64decode(code[1:] + "=" * (-len(code[1:]) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(packed, LARGEST)
        if not unpacking.eof:
            raise ValueError("it is not whole, or too large")
        record = parse_json(text)
    except (ValueError, zlib.error, RecursionError) as error:
        raise DataError("lesson_damaged", path="link", reason=_reason(error)) from error
    return from_record(record, path="link")


# What a record must be


def _reason(error: BaseException) -> str:
    return "too deeply nested" if isinstance(error, RecursionError) else str(error).splitlines()[0][:120]


def from_record(record: Any, *, path: str, pages: Collection[str] = ()) -> Lesson:
    """The lesson in plain values, whoever wrote them. Raises DataError."""
    try:
        if not isinstance(record, Mapping) or type(record.get("format")) is not int:
            raise ValueError("it has no format number")
        if record["format"] > FORMAT:
            raise DataError("lesson_newer", path=path, found=record["format"], expected=FORMAT)
        if record["format"] < 1:
            raise ValueError("its format number is below 1")
        steps = record.get("steps")
        if not isinstance(steps, list) or not 1 <= len(steps) <= MOST:
            raise ValueError(f"it needs 1 to {MOST} steps")
        _only(record, ("format", "title", "steps"), "the lesson")
        title = _text(record.get("title", ""), "title")
        return Lesson(title, tuple(_step(one, f"step {n}", pages) for n, one in enumerate(steps, start=1)))
    except (ValueError, TypeError) as error:
        raise DataError("lesson_damaged", path=path, reason=_reason(error)) from error


def _only(record: Mapping[str, Any], names: Collection[str], where: str) -> None:
    unknown = next((name for name in record if name not in names), None)
    if unknown is not None:
        raise ValueError(f"{where} has {unknown[:40]!r}, which means nothing here")


def _step(record: Any, where: str, pages: Collection[str]) -> Step:
    if not isinstance(record, Mapping):
        raise TypeError(f"{where} is no table")
    _only(record, Step._fields, where)
    values = dict(record)
    for name in ("title", "text", "notice", "group"):
        values[name] = _text(values.get(name, ""), f"{where}: {name}")
    values["view"] = _view(values.get("view", {}), where)
    if values.get("question") is not None:
        values["question"] = _question(values["question"], where)
    step = Step(**{"page": "", **values})
    check(step, Step, where)
    if not _NAME.fullmatch(step.page) or (pages and step.page not in pages):
        raise ValueError(f"{where}: there is no page {step.page[:40]!r}")
    if not 0 <= step.picture <= 99 or len(step.sentence) > _LONGEST:
        raise ValueError(f"{where}: its picture or its sentence is beyond the limits")
    return step._replace(sentence=well_formed(step.sentence))


def _text(value: Any, where: str) -> Text:
    texts = {"": value} if isinstance(value, str) else value
    if not isinstance(texts, Mapping):
        raise TypeError(f"{where} is no text")
    check(texts, Mapping[str, str], where)
    if len(texts) > 20 or any(len(key) > 20 or len(text) > _LONGEST for key, text in texts.items()):
        raise ValueError(f"{where} is too long")
    return {key: well_formed(text) for key, text in texts.items() if text}


def _view(value: Any, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping) or len(value) > _PARAMETERS:
        raise ValueError(f"{where}: its view is no table of at most {_PARAMETERS} parameters")
    found = {}
    for name, codes in value.items():
        given = [codes] if isinstance(codes, str) else codes
        check(given, tuple[str, ...], f"{where}: view.{name[:40]}")
        if not _NAME.fullmatch(name) or name in READERS:
            raise ValueError(f"{where}: view.{name[:40]} cannot be set")
        if len(given) > _PARAMETERS or any(len(code) > _CODE for code in given):
            raise ValueError(f"{where}: view.{name} is too long")
        found[name] = tuple(map(well_formed, given))
    return found


def _question(value: Any, where: str) -> Question:
    if not isinstance(value, Mapping):
        raise TypeError(f"{where}: its question is no table")
    _only(value, Question._fields, f"{where}: its question")
    values = {**value, "asks": _text(value.get("asks", ""), f"{where}: asks")}
    values["models"] = tuple(values.get("models", ()))
    question = Question(**{"kind": "", **values})
    check(question, Question, f"{where}: question")
    texts = (question.kind, question.model, question.fed, question.compare, *question.models)
    if any(len(text) > _CODE for text in texts) or len(question.models) > 10:
        raise ValueError(f"{where}: its question is too long")
    numbers = {"word": (0, 999), "step": (1, 999), "sentences": (1, 6)}
    for name, (low, high) in numbers.items():
        if not low <= getattr(question, name) <= high:
            raise ValueError(f"{where}: question.{name} must lie between {low} and {high}")
    return question._replace(fed=well_formed(question.fed))
