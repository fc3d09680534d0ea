"""Every word a reader sees, in the reader's language: `assets/strings/<language>/`, a file for each
laboratory, one for what they share, one for languages, one for errors.

What a model reads and writes is filled in by itself: `{source_language}` is "French", `{source_language.one}`
"a French" and `{source_language.first}` "A French". It is that of the shipped models until a page says of
which others it speaks: `say.about([model.languages])`.

Where models do something else than translate, `tasks.<purpose>.<key>` is said in place of `<key>`, and for
each of these purposes `tasks.any.<key>`; of a pair of languages `tasks.<source>_<target>.<key>`.

A Korean particle follows the sound of the word before it. Where that is filled in, the string has both forms
behind a colon, the one after a consonant first: `{value:은/는}`, and with what closes a quotation before it,
`“{word:”을/를}`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import PurePath
from typing import Any, Final

from s2s.errors import S2SError
from s2s.languages import FIRST, Languages
from s2s.places import ASSETS

FOLDER: Final = ASSETS / "strings"
LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "ko": "한국어"}  # each names itself
# An absolute path: in quotation marks with all that stands between them, otherwise up to a space or a mark.
_PLACE: Final = re.compile(
    r"""(?<=['"])(?:[A-Za-z]:[/\\]|/)[^'"]+(?=['"])|(?<![\w.:/\\])(?:[A-Za-z]:[/\\]|/)[^\s'"<>|,;:]+"""
)
_PARTICLE: Final = re.compile(r"(?P<closing>[^가-힣/]*)(?P<closed>[가-힣]+)/(?P<open>[가-힣]+)")
_LATIN: Final = re.compile(r"[A-Za-z]+$")
_FINALS: Final = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"  # of a syllable, a blank for none
_FINAL_OF_DIGIT: Final = ("ㅇ", "ㄹ", "", "ㅁ", "", "", "ㄱ", "ㄹ", "ㄹ", "")  # 영 일 이 삼 사 오 육 칠 팔 구
_FINAL_OF_LETTER: Final = {"L": "ㄹ", "M": "ㅁ", "N": "ㄴ", "R": "ㄹ"}  # 엘 엠 엔 알
_FINAL_OF_ENDING: Final = {"ng": "ㅇ", "le": "ㄹ", "l": "ㄹ", "ne": "ㄴ", "n": "ㄴ", "me": "ㅁ", "m": "ㅁ"}
_ANY: Final = "any"  # purpose
_NAMED: Final = re.compile(r"\{(source|target)_language(?:\.(one|first))?\}")


class Strings:
    """The words of one language, by dotted key: `say("sentence.label")`."""

    def __init__(
        self, language: str, entries: Mapping[str, str], languages: tuple[Languages, ...] = (FIRST,)
    ) -> None:
        self.language = language
        self.languages = languages
        self._entries = {key: self._named(text, entries) for key, text in self._fitting(entries).items()}

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with its placeholders filled in."""
        text = self._entries[key]
        return text.format(**{name: _Filled(value) for name, value in values.items()}) if values else text

    def about(self, languages: Iterable[Languages]) -> Strings:
        """The same words, said of models of these languages; as they are where there are none."""
        return _load(self.language, tuple(dict.fromkeys(languages)) or self.languages)

    def error(self, error: S2SError) -> str:
        """What an error of the library says, in this language, without the folders of this machine."""
        values = {name: without_folders(value) for name, value in error.values.items()}
        return self(f"errors.{error.key}", **values)

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._entries)

    def _fitting(self, entries: Mapping[str, str]) -> Mapping[str, str]:
        """The entries, those in their places that are for what these models do."""
        own: dict[str, str] = {}
        for name in _parts(self.languages):
            start = f"tasks.{name}."
            own |= {key.removeprefix(start): text for key, text in entries.items() if key.startswith(start)}
        return {**entries, **{key: text for key, text in own.items() if key in entries}}

    def _named(self, text: str, entries: Mapping[str, str]) -> str:
        """The text with the languages in it named; several as "French or Italian"."""

        def named(found: re.Match[str]) -> str:
            side, form = found[1], found[2] or "name"
            first, *others = dict.fromkeys(getattr(one, side) for one in self.languages)
            name = _name(entries, first, form)
            for other in others:
                name = entries["languages.either"].format(first=name, second=_name(entries, other, "name"))
            return name

        return _NAMED.sub(named, text)


def _parts(languages: Sequence[Languages]) -> tuple[str, ...]:
    """Of which tables of `tasks` the words are that are said of these models: of one pair of languages its
    own, of one purpose those of all purposes and its own."""
    purposes = {one.purpose for one in languages}
    if len(purposes) == 1 and purposes != {""}:
        return (_ANY, *purposes)
    return (languages[0].name.replace("-", "_"),) if len(languages) == 1 else ()


class _Filled:
    """What is filled into a string, with the particle that its place asks for."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        forms = _PARTICLE.fullmatch(spec)
        text = str(self._value)
        return f"{text}{forms['closing']}{particle(text, forms['closed'], forms['open'])}" if forms else text


def particle(word: str, closed: str, opened: str) -> str:
    """The form of a Korean particle behind a word: `closed` after a consonant, `opened` after a vowel, as
    Hangul is written, as Korean reads digits and the names of letters, or as it takes over English words. An
    English ending that it reads either way, as in "set", counts as a vowel: it mostly gets one."""
    last = next((sound for sound in map(_final, _endings(word)) if sound is not None), "")
    is_open = not last or (last == "ㄹ" and closed.startswith("으"))
    return opened if is_open else closed


def _endings(word: str) -> Iterator[str]:
    """What a word ends in, letter by letter from its end, a Latin word whole."""
    for end in range(len(word), 0, -1):
        latin = _LATIN.search(word[:end])
        yield latin[0] if latin else word[end - 1]


def _final(sound: str) -> str | None:
    """The consonant at its end, "" for a vowel; None for what has no sound."""
    last = sound[-1]
    if "가" <= last <= "힣":
        return _FINALS[(ord(last) - ord("가")) % len(_FINALS)].strip()
    if last.isdigit():
        return _FINAL_OF_DIGIT[unicodedata.digit(last)]
    if not last.isalpha():
        return "" if last == "%" else None
    if sound.isupper():
        return _FINAL_OF_LETTER.get(last, "")
    return next((final for ending, final in _FINAL_OF_ENDING.items() if sound.lower().endswith(ending)), "")


def _name(entries: Mapping[str, str], code: str, form: str) -> str:
    """A language in the reader's language; its code where the strings do not name it."""
    name = entries.get(f"languages.{code}.{'name' if form == 'name' else 'one'}", code)
    return name[:1].upper() + name[1:] if form == "first" else name


def without_folders(value: object) -> object:
    """A value to be filled in; of an absolute path, or of those in a text, the last two parts, which tell
    models and files apart: `fr-en-dot/config.json`."""
    if isinstance(value, PurePath):
        value = str(value)
    if not isinstance(value, str):
        return value
    return _ends(value) if PurePath(value).is_absolute() else _PLACE.sub(lambda found: _ends(found[0]), value)


def _ends(place: str) -> str:
    return "/".join(re.split(r"[/\\]", place)[-2:])


def load(language: str) -> Strings:
    """The words of a language, one of LANGUAGES."""
    return _load(language, (FIRST,))


@lru_cache(maxsize=64)
def _load(language: str, languages: tuple[Languages, ...]) -> Strings:
    return Strings(language, _entries(language), languages)


@cache
def _entries(language: str) -> Mapping[str, str]:
    entries: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        entries |= _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    return entries


def _flat(record: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for name, value in record.items():
        entries += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return entries
