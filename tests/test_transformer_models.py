"""A Transformer behind the doors that recurrent models have: translator, engine, wire, cache, commands."""

import io
import json
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from s2s import catalog
from s2s.cli import main
from s2s.comparing import compare_many
from s2s.config import LEARNED, ConfigError, DecodeConfig, ModelConfig, TransformerConfig
from s2s.data.corpora import Pair
from s2s.engine.cache import MEGABYTE, Cache, size_of
from s2s.engine.local import Local
from s2s.engine.questions import Compare, Explain, Request, Translate, Work
from s2s.engine.threads import Threads
from s2s.engine.wire import pack, unpack
from s2s.errors import CheckpointError, DataError
from s2s.evaluate.divergence import Injection
from s2s.traces import Trace
from s2s.translator import Translator
from tests.conftest import HIDDEN
from tests.engine.engines import assert_same
from tests.sentences import PAIRS, PHRASES
from tests.translators import ROUNDING, assert_whole

SOURCES = [PAIRS[0].source, PAIRS[4].source, "je dors", "", "l'enfant dort chez moi"]
REACH = 12


@pytest.fixture(scope="module")
def heads(transformer_folder: Path) -> Translator:
    return Translator.load(str(transformer_folder))


@pytest.fixture(scope="module")
def short(transformer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Translator:
    """One that learned the places of a few pieces."""
    folder = tmp_path_factory.mktemp("short") / "short"
    shutil.copytree(transformer_folder, folder)
    changed(folder, positions=LEARNED, longest=REACH)
    table = np.random.default_rng(1).normal(size=(REACH, HIDDEN)).astype(np.float16)
    tables = {f"{side}.positions.table.weight": table for side in ("encoder", "decoder")}
    save_file(load_file(folder / catalog.WEIGHTS) | tables, folder / catalog.WEIGHTS)
    return Translator.load(str(folder))


def changed(folder: Path, **values: Any) -> Path:
    record = json.loads((folder / catalog.CONFIG).read_text(encoding="utf-8"))
    record["model"].update(values)
    (folder / catalog.CONFIG).write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_its_traces_are_whole_and_carry_all_looks(heads: Translator):
    for trace in (heads.translate(SOURCES[0]), heads.align(*PAIRS[1]), heads.compare(SOURCES[2]).free):
        assert_whole(trace)
        steps, pieces = len(trace.target_pieces), len(trace.source_pieces)
        assert trace.cross_looks is not None
        assert trace.decoder_looks is not None
        assert trace.encoder_looks is not None
        assert trace.cross_looks.shape == (2, 4, steps, pieces)
        for looks in (trace.cross_looks, trace.decoder_looks, trace.encoder_looks):
            np.testing.assert_allclose(looks.sum(axis=-1), 1, atol=1e-5)
        assert (np.triu(trace.decoder_looks, 1) == 0).all()
        np.testing.assert_array_equal(trace.weights, trace.cross_looks[-1, 0])  # of the head that was taught
        assert trace.cross_fetched is not None
        assert trace.cross_fetched.shape == (2, 4, pieces)
        assert (trace.cross_fetched > 0).all()
        assert Trace.from_json(trace.to_json()).to_json() == trace.to_json()


def test_sentences_translated_together_with_guesses_are_as_if_alone(heads: Translator):
    alone = [heads.translate(source) for source in SOURCES]
    guesses = [alone[0].target, "the", "", "nonsense", alone[4].target[:5]]
    for found, trace in zip(heads.translate_all(SOURCES, guesses=guesses), alone, strict=True):
        assert found.target == trace.target
        assert_same(found, trace, within=ROUNDING)
    assert heads.translations(SOURCES) == [trace.target for trace in alone]


def test_what_follows_recurrent_states_is_refused_in_one_sentence(heads: Translator):
    asked: list[Callable[[], object]] = [
        lambda: heads.workings("je dors"),
        lambda: heads.parameters,
        lambda: heads.gradients("je dors", step=0),
        lambda: heads.flow("je dors"),
        lambda: heads.update("je dors", rate=0.1),
        lambda: heads.untrained(cell="gru", attention="none", seed=1),
        lambda: heads.scaled(2.0),
    ]
    for ask in asked:
        with pytest.raises(ConfigError) as told:
            ask()
        assert told.value.key == "asked_of_recurrent"


def test_an_engine_answers_for_both_families_at_once(heads: Translator, translator: Translator):
    known = {"heads": heads, "chain": translator}
    local = Local(Threads(known.__getitem__), cache=Cache(100 * MEGABYTE))
    requests = [Request(name, Translate(source)) for source in SOURCES for name in known]
    with ThreadPoolExecutor(4) as people:
        answered = [*people.map(lambda request: local.ask(request.model, request.question), requests)]
    for request, trace in zip(requests, answered, strict=True):
        assert trace.target == known[request.model].translate(request.question.text).target
    found = local.ask_all([Request("heads", Work("je dors")), Request("chain", Translate("je dors"))])
    assert isinstance(found[0].answer, ConfigError)
    assert isinstance(found[1].answer, Trace)


def test_answers_travel_as_they_are(heads: Translator):
    injected = Compare(PAIRS[2].source, PAIRS[2].target, 0.5, 7, Injection(2, "dog"))
    for question in (Translate(SOURCES[0]), Explain(*PAIRS[1]), injected):
        answer: Any = question.of(heads)
        assert_same(unpack(pack(answer), type(answer)), answer)
    trace = heads.translate(SOURCES[0])
    assert_same(Trace.from_json(trace.to_json()), trace)


def test_the_looks_of_all_heads_count_in_the_cache(heads: Translator):
    trace = heads.translate(SOURCES[0])
    looks = [trace.encoder_looks, trace.decoder_looks, trace.cross_looks]
    bare = size_of(trace) - size_of(tuple(looks))
    assert size_of(trace) - bare >= sum(look.nbytes for look in looks if look is not None) > 0


def test_a_sentence_is_read_and_written_as_far_as_positions_reach(short: Translator, heads: Translator):
    text = "je dors chez moi et l'enfant dort chez toi"
    trace, whole = short.translate(text), heads.translate(text)
    assert (trace.source_cut, whole.source_cut) == (True, False)
    assert len(trace.source_pieces) <= REACH
    assert len(trace.target_pieces) <= REACH
    assert_whole(trace)
    for source in (text, "je", ""):
        assert len(short.translate_plain([source])[0].target_pieces) <= REACH
    with pytest.raises(DataError) as told:
        short.align("je", "a " * 30)
    assert (told.value.key, told.value.values["limit"]) == ("length_over_limit", REACH)
    both = short.compare(text, injection=Injection(REACH, "dog dog"))
    assert len(both.free.target_pieces) <= REACH
    pairs = [Pair(text, "the dog"), Pair("je", "a " * 30)]
    checkpoint = short._checkpoint
    (found,) = compare_many(checkpoint, pairs)
    assert found[0] is not None
    assert found[1] is None  # longer than it could write


def test_limits_are_those_of_the_model_where_they_end_before():
    limits = DecodeConfig(source_limit=20, target_most=30)
    assert limits.within(ModelConfig()) == limits
    assert limits.within(TransformerConfig(longest=8)) == limits  # sines and cosines have no end
    cut = limits.within(TransformerConfig(positions=LEARNED, longest=25))
    assert (cut.source_limit, cut.target_most, cut.target_limit(20)) == (20, 25, 25)


@pytest.mark.parametrize(
    ("values", "told"),
    [({"heads": 3}, "heads 3"), ({"positions": "spiral"}, "spiral"), ({"cell": "gru"}, "cell")],
)
def test_a_folder_whose_settings_cannot_be_is_one_sentence(
    transformer_folder: Path, tmp_path: Path, values: dict[str, Any], told: str
):
    folder = tmp_path / "odd"
    shutil.copytree(transformer_folder, folder)
    changed(folder, **values)
    with pytest.raises(CheckpointError, match=told):
        Translator.load(str(folder))


def run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: list[str], text: str = ""
) -> list[str]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(words) == 0
    return capfd.readouterr().out.splitlines()


def test_the_command_line_asks_it_as_any_other(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    transformer_folder: Path,
    tmp_path: Path,
):
    name, (source, target) = str(transformer_folder), PAIRS[0]
    translator = Translator.load(name)
    (line,) = run(monkeypatch, capfd, ["translate", "--model", name], f"{source}\n")
    assert line == translator.translate(source).target
    (line,) = run(monkeypatch, capfd, ["align", "--model", name], f"{source}\t{target}\n")
    record = json.loads(line)
    assert record["posteriors"] is None
    for row, weights in enumerate(record["weights"]):
        most = int(np.argmax(weights))
        linked = [column for column, of in record["links"] if of == row]
        assert linked == ([most] if most < len(record["source_words"]) else [])
    (line,) = run(monkeypatch, capfd, ["trace", "--model", name], f"{source}\n")
    assert_same(Trace.from_json(line), translator.translate(source))
    lines = run(monkeypatch, capfd, ["compare", "--model", name, "--json"], f"{source}\t{target}\n")
    assert json.loads(lines[0])["forced"]["target"] == target
    data = tmp_path / "pairs.tsv"
    data.write_text("".join(f"{one.source}\t{one.target}\n" for one in PHRASES[:3]), encoding="utf-8")
    assert any(
        "runs that diverge" in line for line in run(monkeypatch, capfd, ["gap", "--model", name, str(data)])
    )
    gold = tmp_path / "gold.tsv"
    gold.write_text("le jardin\tthe garden\t0-0 1-1\tnone\n", encoding="utf-8")
    table = run(monkeypatch, capfd, ["evaluate", "--model", name, "--gold", str(gold), str(data)])
    rows = {line.split("|")[1].strip(): line.split("|")[2].strip() for line in table if line.count("|") > 2}
    assert "AER, posteriors, %" not in rows
    assert float(rows["AER, row that predicts, %"]) >= 0


def test_a_probe_is_refused_in_one_sentence(
    capfd: pytest.CaptureFixture[str], transformer_folder: Path, tmp_path: Path
):
    data = tmp_path / "pairs.tsv"
    data.write_text("".join(f"{one.source}\t{one.target}\n" for one in PHRASES[:3]), encoding="utf-8")
    words = ["probe", "--model", str(transformer_folder), "--train", str(data), "--test", str(data)]
    assert main(words) == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert "tiny-transformer is a Transformer" in line


def test_training_with_fewer_places_than_pieces_is_refused_before_it_begins(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
):
    data = tmp_path / "pairs.tsv"
    data.write_text("".join(f"{one.source}\t{one.target}\n" for one in PHRASES), encoding="utf-8")
    files = ["--train", str(data), "--dev", str(data), "--out", str(tmp_path / "model")]
    settings = ["--family", "transformer", "--positions", "learned", "--longest", "40", "--max-length", "41"]
    assert main(["train", *files, *settings]) == 1
    error = capfd.readouterr().err.splitlines()[-1]
    assert "longest is 40" in error
    assert "44 positions" in error
