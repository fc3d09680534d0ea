"""The words on screen: both languages say the same things, and nothing on screen lacks them."""

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from string import Formatter

import pytest

from pages.kit.strings import FOLDER, LANGUAGES, Strings, load, particle, without_folders
from pages.labs import LABS
from s2s.errors import MESSAGES, CheckpointError, DataError
from s2s.languages import FIRST, Languages
from s2s.languages import LANGUAGES as MODEL_LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_language_has_the_same_keys_and_placeholders(language):
    english, other = load("en"), load(language)
    assert english.keys == other.keys
    for key in english.keys:
        assert placeholders(english(key)) == placeholders(other(key)), key
        assert other(key).strip(), key


def test_korean_is_korean():
    """Names of methods and units stay as they are; every sentence has Hangul in it."""
    english, korean = load("en"), load("ko")
    same = {key for key in english.keys if english(key) == korean(key)}
    allowed = re.compile(
        r"[\W\d]|dot|general|concat|ms|nats|BLEU|model|entropy|milliseconds|target|looks|source"
    )
    for key in same:
        bare = re.sub(r"\{\w+\}", "", english(key))
        assert not allowed.sub("", bare), key


def test_every_error_of_the_library_can_be_said_in_both_languages():
    for language in LANGUAGES:
        say = load(language)
        spoken = {key.removeprefix("errors.") for key in say.keys if key.startswith("errors.")}
        assert spoken == MESSAGES.keys()
        for key, message in MESSAGES.items():
            assert placeholders(say(f"errors.{key}")) == placeholders(message), key


def test_an_error_says_of_a_path_its_end_alone():
    path = Path("/home/somebody/lab/models/fr-en-dot/weights.safetensors")
    said = load("en").error(CheckpointError("part_damaged", path=path, reason="x"))
    assert said.startswith("fr-en-dot/weights.safetensors cannot be read (x)")
    assert "standard input, line 7" in load("en").error(
        DataError("line_columns", path="standard input", line=7, found=3)
    )


def test_an_error_is_said_with_its_values():
    error = DataError("line_columns", path="a.tsv", line=7, found=3)
    assert "a.tsv" in load("ko").error(error)
    assert load("en").error(error) == str(error)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Path("/home/some one/models/mine/config.json"), "mine/config.json"),
        ("/srv/app/assets/models/fr-en-dot", "models/fr-en-dot"),
        ("C:\\Users\\me\\mine\\config.json", "mine/config.json"),
        ("[Errno 2] No such file: '/home/some one/a/b.tsv'", "[Errno 2] No such file: 'a/b.tsv'"),
        ("cannot read /tmp/x/y/z.gz, or it is gone", "cannot read y/z.gz, or it is gone"),
        (
            "https://example.org/a/b/c and 3/4 of it, and/or /",
            "https://example.org/a/b/c and 3/4 of it, and/or /",
        ),
        ("models/mine/config.json", "models/mine/config.json"),
        (7, 7),
    ],
)
def test_an_error_names_a_file_without_the_folders_it_is_in(value, shown):
    assert without_folders(value) == shown
    if isinstance(value, str):
        error = DataError("file_unreadable", path="a.tsv", reason=value)
        assert shown in load("en").error(error)


@pytest.mark.parametrize(
    ("word", "of_subject", "of_way"),
    [
        ("학교", "는", "로"), ("집", "은", "으로"), ("길", "은", "로"), ("“밥”", "은", "으로"),
        ("3", "은", "으로"), ("7", "은", "로"), ("2.5", "는", "로"), ("10", "은", "으로"), ("5%", "는", "로"),
        ("LSTM", "은", "으로"), ("GRU", "는", "로"), ("general", "은", "로"), ("concat", "는", "로"),
        ("(6, 7)", "은", "로"), ("", "는", "로"),
    ],
)  # fmt: skip
def test_a_particle_follows_the_sound_of_the_word_before_it(word, of_subject, of_way):
    assert particle(word, "은", "는") == of_subject
    assert particle(word, "으로", "로") == of_way


def test_a_string_asks_for_a_particle_behind_what_is_filled_in_and_behind_what_closes_it():
    say = Strings("ko", {"one": "“{word:”을/를} 봅니다. {count}개", "two": "{count:이/가} 남습니다."})
    assert say("one", word="chaise", count=3) == "“chaise”를 봅니다. 3개"
    assert say("one", word="집", count=3) == "“집”을 봅니다. 3개"
    assert say("two", count=6) == "6이 남습니다."


def test_no_string_leaves_the_choice_of_a_particle_to_the_reader():
    both = re.compile(r"[은을이과]\([는를가와]\)|[는를가와]\([은을이과]\)|\(으\)로|\(이\)")
    say = load("ko")
    assert [key for key in say.keys if both.search(say(key))] == []


def keys_in(scripts: Iterable[Path]) -> tuple[set[str], list[re.Pattern[str]]]:
    """The keys that `say("...")` asks for: whole ones, and patterns for those with a part filled in."""
    whole: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for script in scripts:
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called not in ("say", "self") or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                whole.add(first.value)
            elif isinstance(first, ast.JoinedStr):
                parts = [
                    re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in first.values
                ]
                patterns.append(re.compile("".join(parts)))
            elif isinstance(first, ast.IfExp):
                whole |= {n.value for n in (first.body, first.orelse) if isinstance(n, ast.Constant)}
    return whole, patterns


def test_every_key_asked_for_exists_and_every_key_that_exists_is_asked_for():
    whole, patterns = keys_in(SCRIPTS)
    keys = load("en").keys
    assert whole
    assert whole <= keys, whole - keys
    unused = {key for key in keys - whole if not any(p.fullmatch(key) for p in patterns)}
    # What `Strings` fills in by itself.
    assert {key for key in unused if not key.startswith(("languages.", "tasks."))} == set()


def test_every_language_of_a_model_has_its_names_in_the_readers_language():
    for language in LANGUAGES:
        found = {key for key in load(language).keys if re.fullmatch(r"languages\.\w+\.\w+", key)}
        assert found == {f"languages.{code}.{form}" for code in MODEL_LANGUAGES for form in ("name", "one")}
        names = [load(language)(f"languages.{code}.name") for code in MODEL_LANGUAGES]
        assert len(set(names)) == len(names)


def test_no_string_names_a_language_of_a_model_by_itself():
    """What is told of others' work, of files and of recordings is not about a model's languages."""
    told = {"ways.tatoeba", "errors.line_columns_tatoeba", "speech.own_how", "speech.voice_nicolas"}
    for language in LANGUAGES:
        names = [load(language)(f"languages.{code}.name") for code in FIRST.codes]
        nobody = load(language).about([Languages("xx", "yy")])
        for key in nobody.keys - told:
            if not key.startswith("languages."):
                assert not any(name in nobody(key) for name in names), key


def test_strings_name_the_languages_of_the_models_that_they_are_about():
    say = load("en")
    italian = say.about([Languages("it", "de")])
    assert say("sentence.label") == "A French sentence"
    assert italian("sentence.label") == "An Italian sentence"
    assert italian("reference.placeholder").startswith("A German translation.")
    both = say.about([Languages("it", "de"), FIRST, Languages("it", "en")])
    assert both("sentence.placeholder") == "Type an Italian or French sentence"
    assert both("alignments.how_to_read_lines").startswith(
        "Italian or French above, German or English below."
    )
    assert load("ko").about(both.languages)("sentence.label") == "이탈리아어 또는 프랑스어 문장"
    assert say.about([]) is say


def test_every_word_stands_in_one_place():
    for language in LANGUAGES:
        files = sorted((FOLDER / language).glob("*.toml"))
        assert {path.stem for path in files} == {
            "kit",
            "errors",
            "languages",
            "tasks",
            *(lab.name for lab in LABS),
        }
        tables = [name for path in files for name in tomllib.loads(path.read_text(encoding="utf-8"))]
        assert len(tables) == len(set(tables))


def words_of(file: str) -> dict[str, dict[str, str]]:
    """The English words of a laboratory, of the kit or of errors, by table."""
    return tomllib.loads((FOLDER / "en" / f"{file}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lab", [lab.name for lab in LABS])
def test_a_laboratory_asks_for_its_own_words_and_for_those_of_the_kit(lab):
    own = {
        f"{table}.{name}"
        for file in (lab, "kit")
        for table, words in words_of(file).items()
        for name in words
    }
    whole, patterns = keys_in((ROOT / "pages" / "labs" / lab).glob("*.py"))
    assert whole <= own, whole - own
    assert all(any(pattern.fullmatch(key) for key in own) for pattern in patterns)
