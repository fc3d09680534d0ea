"""The examples in the docstrings of the library are true."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "s2s").rglob("*.py"))
    if ">>>" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str):
    found = doctest.testmod(import_module(name))
    assert found.attempted
    assert not found.failed


def test_the_door_shows_what_it_does():
    assert "s2s.translator" in MODULES
