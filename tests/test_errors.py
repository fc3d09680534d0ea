import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import s2s
from s2s.errors import MESSAGES, DataError, S2SError

KINDS = {kind.__name__ for kind in (S2SError, *S2SError.__subclasses__())}
LIBRARY = Path(s2s.__path__[0])


def _raised() -> Iterator[tuple[str, str, set[str]]]:
    """Where, key and values of every error that the library makes, and of those that the app adds."""
    kit = LIBRARY.parent / "pages" / "kit"
    for path in [*sorted(LIBRARY.rglob("*.py")), kit / "failures.py", *sorted(kit.glob("lesson*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                key = node.args[0]
                assert isinstance(key, ast.Constant), f"{path.name}, line {node.lineno}: the key is not plain"
                values = {keyword.arg for keyword in node.keywords if keyword.arg is not None}
                yield f"{path.name}, line {node.lineno}", str(key.value), values


def _placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


RAISED = list(_raised())


@pytest.mark.parametrize(("where", "key", "values"), RAISED, ids=[where for where, _, _ in RAISED])
def test_every_error_raised_has_a_sentence_and_the_values_it_needs(
    where: str, key: str, values: set[str]
) -> None:
    assert key in MESSAGES
    assert values == _placeholders(MESSAGES[key])


def test_every_sentence_is_said_somewhere() -> None:
    assert set(MESSAGES) - {key for _, key, _ in RAISED} == set()


@pytest.mark.parametrize("key", MESSAGES)
def test_a_message_is_one_line_that_ends_with_a_full_stop(key: str) -> None:
    assert "\n" not in MESSAGES[key]
    assert MESSAGES[key].endswith(".")


def test_an_error_says_the_same_to_a_person_and_to_a_program() -> None:
    error = DataError("line_columns", path="pairs.tsv", line=7, found=3)
    assert str(error) == "pairs.tsv, line 7 has 3 columns; a pair needs 2, separated by one tab."
    assert error.key == "line_columns"
    assert error.values == {"path": "pairs.tsv", "line": 7, "found": 3}


@pytest.mark.parametrize("kind", S2SError.__subclasses__())
def test_every_kind_is_caught_as_one(kind: type[S2SError]) -> None:
    with pytest.raises(S2SError):
        raise kind("file_missing", path="x")
