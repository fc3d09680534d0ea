import json
import math

import pytest

from s2s.cli import main
from s2s.evaluate.divergence import Injection
from s2s.translator import Translator
from tests.sentences import PAIRS
from tests.test_cli import run

SOURCE, REFERENCE = PAIRS[0]


def compared(monkeypatch, capfdbinary, folder, *options: str, text: str = SOURCE) -> list[str]:
    arguments = ["compare", "--model", str(folder), *options]
    return run(monkeypatch, capfdbinary, arguments, f"{text}\n".encode())


def test_json_tells_what_the_translator_computes(monkeypatch, capfdbinary, trained_folder):
    options = ["--reference", REFERENCE, "--ratio", "0.4", "--seed", "7", "--inject", "3", "garden", "--json"]
    (line,) = compared(monkeypatch, capfdbinary, trained_folder, *options)
    record = json.loads(line)
    both = Translator.load(str(trained_folder)).compare(
        SOURCE, REFERENCE, ratio=0.4, seed=7, injection=Injection(3, "garden")
    )
    first = both.divergence.first
    assert record["first_divergence"] == (None if first is None else first + 1)
    assert record["injection"] == {"step": 3, "word": "garden"}
    assert record["kl"] == pytest.approx(both.divergence.kl.tolist(), abs=1e-6)
    for name, trace, wanted in zip(
        ("forced", "free"), (both.forced, both.free), both.reference_log_probs, strict=True
    ):
        steps = record[name]["steps"]
        assert record[name]["target"] == trace.target
        assert [step["fed"] for step in steps] == [piece.text for piece in trace.fed]
        assert [step["forcing"] for step in steps] == list(trace.forcing)
        for step, row, candidates in zip(steps, trace.weights, trace.candidates, strict=True):
            assert step["weights"] == pytest.approx(row.tolist(), abs=1e-6)
            assert step["candidates"][0] == [
                candidates[0].text,
                pytest.approx(math.exp(candidates[0].log_prob), abs=1e-6),
            ]
        told = [step["reference_log_prob"] for step in steps if step["reference_log_prob"] is not None]
        assert told == pytest.approx([value for value in wanted.tolist() if not math.isnan(value)], abs=1e-6)


def test_a_line_may_bring_its_own_reference(monkeypatch, capfdbinary, trained_folder):
    text = f"{SOURCE}\t{PAIRS[1].target}"
    (line,) = compared(monkeypatch, capfdbinary, trained_folder, "--reference", "x", "--json", text=text)
    assert json.loads(line)["reference"] == PAIRS[1].target


def test_without_a_reference_the_models_own_translation_is_it(monkeypatch, capfdbinary, trained_folder):
    (line,) = compared(monkeypatch, capfdbinary, trained_folder, "--json")
    record = json.loads(line)
    assert record["reference_is_own"]
    assert record["first_divergence"] is None
    assert record["forced"]["target"] == record["free"]["target"]


def test_the_table_has_a_line_for_each_step(monkeypatch, capfdbinary, trained_folder):
    lines = compared(monkeypatch, capfdbinary, trained_folder, "--reference", REFERENCE)
    both = Translator.load(str(trained_folder)).compare(SOURCE, REFERENCE)
    assert lines[0] == f"forced: {REFERENCE}"
    steps = max(len(both.forced.fed), len(both.free.fed))
    assert [line.split()[0] for line in lines[4 : 4 + steps]] == [str(step + 1) for step in range(steps)]
    assert both.forced.fed[1].text in lines[5]


def test_a_bad_line_is_answered_with_its_number_and_the_next_is_compared(
    monkeypatch, capfdbinary, trained_folder
):
    text = f"a\tb\tc\n{SOURCE}\t{'speak ' * 400}\n{SOURCE}"
    first, long, good = compared(monkeypatch, capfdbinary, trained_folder, "--json", text=text)
    assert "line 1 has 3 columns" in json.loads(first)["error"]
    assert "pieces" in json.loads(long)["error"]
    assert json.loads(good)["source"] == SOURCE


@pytest.mark.parametrize(
    "options", [["--ratio", "2"], ["--inject", "1", "garden"], ["--inject", "two", "garden"]]
)
def test_a_setting_outside_its_limits_is_one_sentence(monkeypatch, capfdbinary, trained_folder, options):
    import io
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SOURCE.encode())))
    assert main(["compare", "--model", str(trained_folder), *options]) == 1
    (said,) = capfdbinary.readouterr().err.decode().splitlines()
    assert said.startswith("s2s: ")
