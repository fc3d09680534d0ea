import dataclasses
import json

import numpy as np
import pytest
from safetensors.numpy import save

from s2s.errors import CheckpointError
from s2s.evaluate import probe as probes
from s2s.evaluate.probe import PARTS, Probe, ProbeScore, ReadWord, probed_chain, read_words
from s2s.traces import Unit
from s2s.translator import Translator
from tests.conftest import VOCAB

SOURCE = "le jardin est grand"


def probe_that_names(ids: set[int], width: int, common: set[int] = frozenset()) -> Probe:
    """One that looks at nothing: these pieces are likelier than all others."""
    scores, frequency = (
        np.array([float(i in chosen) for i in range(VOCAB)], dtype=np.float32) for chosen in (ids, common)
    )
    return Probe(weights=np.zeros((VOCAB, width), np.float32), bias=scores, frequency=frequency)


def word(read: bool, *, common: bool = False, repeated: bool = False) -> ReadWord:
    return ReadWord(Unit("a", 0, 1, is_end=False), read, common, repeated)


def test_words_whose_pieces_are_all_named_are_read_and_no_others(translator: Translator):
    trace = translator.translate(SOURCE)
    width = trace.initial_state.size
    ids = [piece.id for piece in trace.source_pieces[:-1]]
    assert all(one.is_read for one in read_words(probe_that_names(set(ids), width), trace))
    rest = set(range(VOCAB)) - set(ids)
    assert not any(one.is_read for one in read_words(probe_that_names(rest, width), trace))
    missing = read_words(probe_that_names(set(ids[1:]), width), trace)
    kept = set(ids[1:]) | set(sorted(rest)[:1])  # as many names, one of them wrong
    wrong = read_words(probe_that_names(kept, width), trace)
    assert not missing[0].is_read or ids.count(ids[0]) > 1 or 0 in ids
    assert [one.unit.text for one in wrong] == SOURCE.split()


def test_a_state_is_read_by_the_logits_of_its_own_numbers(translator: Translator):
    trace = translator.translate(SOURCE)
    state = trace.initial_state.ravel()
    random = np.random.default_rng(1)
    weights = random.normal(size=(VOCAB, state.size)).astype(np.float32)
    probe = Probe(weights=weights, bias=np.zeros(VOCAB, np.float32), frequency=np.zeros(VOCAB, np.float32))
    ids = [piece.id for piece in trace.source_pieces[:-1]]
    named = set(np.argsort(-(weights @ state))[: len(set(ids))].tolist())
    words = read_words(probe, trace)
    single = [one for one in words if one.unit.text == "le"]
    assert all(one.is_read == named.issuperset(_pieces(trace, one.unit)) for one in words)
    assert single


def _pieces(trace, unit):
    return [p.id for p in trace.source_pieces[:-1] if unit.start <= max(p.start, p.end - 1) < unit.end]


def test_a_word_that_stands_twice_is_marked_as_such(translator: Translator):
    trace = translator.translate("le jardin le")
    found = read_words(probe_that_names(set(), trace.initial_state.size), trace)
    assert [one.is_repeated for one in found if one.unit.text == "le"] == [True, True]


def test_a_probe_goes_to_its_folder_and_back(tmp_path):
    random = np.random.default_rng(2)
    made = Probe(
        weights=random.normal(size=(6, 4)).astype(np.float32),
        bias=random.normal(size=6).astype(np.float32),
        frequency=random.normal(size=6).astype(np.float32),
    )
    probes.save(made, tmp_path)
    found = probes.load(tmp_path)
    np.testing.assert_allclose(found.weights, made.weights, atol=5e-3)
    for name in ("bias", "frequency"):
        np.testing.assert_array_equal(getattr(found, name), getattr(made, name).astype(np.float16))
    assert {getattr(found, name).dtype for name in ("weights", "bias", "frequency")} == {np.dtype(np.float32)}


def test_a_probe_written_with_its_weights_in_one_piece_is_read_too(tmp_path):
    arrays = {name: np.full(shape, 0.5, np.float16) for name, shape in (("weights", (6, 4)), ("bias", 6))}
    (tmp_path / "probe.safetensors").write_bytes(save(arrays | {"frequency": arrays["bias"]}))
    np.testing.assert_array_equal(probes.load(tmp_path).weights, np.full((6, 4), 0.5, np.float32))


def test_a_probe_of_a_wide_state_takes_no_more_room_than_its_rank(tmp_path):
    random = np.random.default_rng(2)
    flat = np.zeros(600, np.float32)
    weights = random.normal(size=(600, probes.RANK)) @ random.normal(size=(probes.RANK, 500))
    made = Probe(weights=weights.astype(np.float32), bias=flat, frequency=flat)
    probes.save(made, tmp_path)
    assert (tmp_path / "probe.safetensors").stat().st_size < 2 * probes.RANK * 1100 + 2 * 2 * 600 + 1000
    np.testing.assert_allclose(probes.load(tmp_path).weights, made.weights, atol=0.1)  # of 16 on average


@pytest.mark.parametrize("data", [b"", b"nonsense"])
def test_a_damaged_probe_is_refused_with_its_name(tmp_path, data):
    (tmp_path / "probe.safetensors").write_bytes(data)
    with pytest.raises(CheckpointError, match=r"probe\.safetensors"):
        probes.load(tmp_path)


@pytest.mark.parametrize(
    "changed",
    [{"bias": np.full(6, np.nan, np.float16)}, {"inner": np.full((1, 4), np.inf, np.float16)},
     {"bias": np.zeros(5, np.float16)}, {"inner": np.zeros((2, 4), np.float16)},
     {"inner": np.zeros(4, np.float16)}, {"outer": np.zeros((), np.float16)},
     {"outer": np.zeros((20_000, 1), np.float16), "inner": np.zeros((1, 20_000), np.float16),
      "bias": np.zeros(20_000, np.float16), "frequency": np.zeros(20_000, np.float16)}],
    ids=["nan", "inf", "other bias", "no product", "a vector", "a number", "a product of 1.6 GB"],
)  # fmt: skip
def test_a_probe_of_other_numbers_or_sizes_is_refused(tmp_path, changed):
    arrays = {"outer": (6, 1), "inner": (1, 4), "bias": 6, "frequency": 6}
    arrays = {name: np.ones(shape, np.float16) for name, shape in arrays.items()}
    (tmp_path / "probe.safetensors").write_bytes(save(arrays))
    assert probes.load(tmp_path).weights.shape == (6, 4)
    (tmp_path / "probe.safetensors").write_bytes(save(arrays | changed))
    with pytest.raises(CheckpointError, match=r"probe\.safetensors"):
        probes.load(tmp_path)


def test_a_probe_of_another_model_is_refused(translator: Translator):
    trace = translator.translate(SOURCE)
    for other in (trace, dataclasses.replace(trace, initial_state=None)):
        with pytest.raises(CheckpointError) as caught:
            read_words(probe_that_names({1}, 3), other)
        assert caught.value.key == "weights_mismatch"


def test_the_score_is_the_share_by_part_with_repeated_words_left_out():
    start, end = word(True, common=True), word(False)
    inputs = [[start] * 4 + [end] * 3 + [word(True, repeated=True)]] * 5
    chain = probed_chain(inputs, sentences=2)
    assert (chain.sentences, chain.inputs, chain.whole.words) == (2, 5, 35)
    assert chain.whole.read.value == pytest.approx(4 / 7)
    assert chain.whole.common == pytest.approx(4 / 7)
    assert [part.words for part in chain.parts] == [5] * (PARTS - 1) + [0]
    assert [part.read.value for part in chain.parts] == [1, 1, 1, 1, 0, 0, 0, 0]
    # All inputs alike: drawing them again changes nothing.
    assert chain.whole.read.low == chain.whole.read.high == pytest.approx(4 / 7)


def test_the_band_holds_the_value_and_is_the_same_every_time():
    random = np.random.default_rng(3)
    inputs = [[word(bool(random.integers(2))) for _ in range(9)] for _ in range(30)]
    one, other = (probed_chain(inputs, sentences=1) for _ in range(2))
    assert one == other
    assert one.whole.read.low < one.whole.read.value < one.whole.read.high


def test_a_score_goes_to_json_and_back():
    chain = probed_chain([[word(True), word(False)]] * 3, sentences=1)
    score = ProbeScore(model="fr-en-none", probe="ab" * 32, inputs=20, chains=(chain,))
    assert ProbeScore.from_dict(json.loads(json.dumps(score.to_dict()))) == score
