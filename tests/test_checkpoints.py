import dataclasses
import json
import math
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from s2s import catalog
from s2s.catalog import CARD, CONFIG, FORMAT, SOURCE_TOKENIZER, TARGET_TOKENIZER, WEIGHTS, Card
from s2s.checkpoints import Checkpoint, load, save
from s2s.config import ATTENTIONS, CELLS
from s2s.data.tokenizer import Tokenizer
from s2s.errors import CheckpointError
from s2s.model.families import parameter_count
from s2s.traces import END
from s2s.translator import Translator
from tests.conftest import BuildTiny
from tests.sentences import PHRASES

PARTS = (CONFIG, WEIGHTS, SOURCE_TOKENIZER, TARGET_TOKENIZER)


@pytest.fixture
def folder(trained_folder: Path, tmp_path: Path) -> Path:
    """A model folder that a test may damage."""
    return Path(shutil.copytree(trained_folder, tmp_path / "fr-en-tiny"))


def _refused(folder: Path, part: str) -> CheckpointError:
    with pytest.raises(CheckpointError) as caught:
        load(folder)
    assert caught.value.values["path"] == folder / part
    assert str(folder / part) in str(caught.value)
    return caught.value


def _change_config(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    record = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    change(record)
    (folder / CONFIG).write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_model_comes_back_as_its_float16_rounding(
    build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer], tmp_path: Path, attention: str, cell: str
) -> None:
    model = build_tiny(attention, cell, 2)
    save(Checkpoint(model, *tokenizers), tmp_path / "model", card=Card())
    loaded = load(tmp_path / "model")
    assert loaded.model.config == model.config
    assert not loaded.model.training
    weights, expected = loaded.model.state_dict(), model.state_dict()
    assert weights.keys() == expected.keys()
    for name, value in weights.items():
        assert value.dtype == torch.float32
        assert torch.equal(value, expected[name].to(torch.float16).to(torch.float32))
    for tokenizer, kept in zip(tokenizers, (loaded.source, loaded.target), strict=True):
        assert kept.serialized == tokenizer.serialized


def test_saving_what_was_loaded_writes_the_same_bytes(trained_folder: Path, tmp_path: Path) -> None:
    _, card = catalog.read_config(trained_folder)
    copy = tmp_path / trained_folder.name
    save(load(trained_folder), copy, card=card)
    for part in (*PARTS, CARD):
        assert (copy / part).read_bytes() == (trained_folder / part).read_bytes()


def test_a_folder_holds_its_parts_a_format_number_and_a_card(trained_folder: Path) -> None:
    assert all((trained_folder / part).is_file() for part in (*PARTS, CARD))
    record = json.loads((trained_folder / CONFIG).read_text(encoding="utf-8"))
    assert record["format"] == FORMAT
    card = (trained_folder / CARD).read_text(encoding="utf-8")
    assert trained_folder.name in card
    assert "sentences of the tests" in card
    assert all(value.dtype == torch.float16 for value in load_file(trained_folder / WEIGHTS).values())


def test_a_card_says_how_the_model_came_to_be(trained_folder: Path) -> None:
    config, card = catalog.read_config(trained_folder)
    assert config == load(trained_folder).model.config
    assert card.updates == card.train["updates"] == card.history[-1]["updates"]
    assert card.parameters == parameter_count(load(trained_folder).model)
    assert card.data == "sentences of the tests"


def test_the_card_in_words_tells_how_it_was_trained_and_on_what(
    build_tiny: BuildTiny, tokenizers: tuple[Tokenizer, Tokenizer], tmp_path: Path
) -> None:
    card = Card(
        data="twelve letters home, in the public domain",
        fingerprint="5eed" * 16,
        train={"seed": 71},
        updates=600,
        seconds=1500.0,
        tokens=2_500_000,
        versions={"python": "3.90", "torch": "4.2"},
        device="Abacus 9",
        processes=3,
        precision="bfloat16",
    )
    save(Checkpoint(build_tiny("dot"), *tokenizers), tmp_path / "model", card=card)
    text = (tmp_path / "model" / CARD).read_text(encoding="utf-8")
    for said in (
        "600 updates", "2.5 M target pieces", "25 minutes", "seed 71", "twelve letters home", "5eed" * 16,
        "Abacus 9 by 3 processes in bfloat16", "python 3.90, torch 4.2",
    ):  # fmt: skip
        assert said in text
    read = dataclasses.asdict(catalog.read_config(tmp_path / "model")[1])
    for name in ("fingerprint", "versions", "device", "processes", "precision"):
        assert read[name] == getattr(card, name)


def test_a_folder_that_does_not_say_its_languages_is_french_and_english(folder: Path) -> None:
    def forget(record: dict[str, Any]) -> None:
        del record["model"]["source_language"], record["model"]["target_language"]

    _change_config(folder, forget)
    assert catalog.read_config(folder)[0].languages.codes == ("fr", "en")
    assert Translator.load(str(folder)).translate("l'enfant").languages.codes == ("fr", "en")


def test_a_folder_says_its_languages_and_so_does_what_its_model_says(folder: Path) -> None:
    _change_config(folder, lambda record: record["model"].update(source_language="it", target_language="de"))
    trace = Translator.load(str(folder)).translate("l'enfant dort")
    assert trace.languages.codes == ("it", "de")
    assert [unit.text for unit in trace.read()] == ["l'enfant", "dort", END]


def test_a_language_that_has_no_row_is_one_sentence(folder: Path) -> None:
    _change_config(folder, lambda record: record["model"].update(source_language="tlh"))
    with pytest.raises(CheckpointError, match="source_language is 'tlh'"):
        load(folder)


def test_a_card_that_says_less_is_read_all_the_same(folder: Path) -> None:
    def forget(record: dict[str, Any]) -> None:
        for name in ("fingerprint", "versions", "device", "processes", "precision"):
            del record["card"][name]

    _, whole = catalog.read_config(folder)
    _change_config(folder, forget)
    _, card = catalog.read_config(folder)
    assert card == dataclasses.replace(
        whole, fingerprint="", versions={}, device="", processes=1, precision=""
    )
    save(load(folder), folder, card=card)
    text = (folder / CARD).read_text(encoding="utf-8")
    assert "Fingerprint" not in text
    assert "Computed" not in text


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_named(folder: Path, part: str) -> None:
    (folder / part).unlink()
    assert _refused(folder, part).key == "part_missing"


@pytest.mark.parametrize("part", PARTS)
def test_a_folder_in_place_of_a_part_is_named(folder: Path, part: str) -> None:
    (folder / part).unlink()
    (folder / part).mkdir()
    assert _refused(folder, part).key == "part_damaged"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("part", PARTS)
def test_a_truncated_part_is_named(folder: Path, part: str, share: float) -> None:
    data = (folder / part).read_bytes()
    (folder / part).write_bytes(data[: int(share * len(data))])
    assert _refused(folder, part).key == "part_damaged"


@pytest.mark.parametrize(
    "garbage", [b"garbage", b"\xff\xfe" * 40, b"[]", b"null", b"7", b"{}" * 9, b"\0" * 64]
)
@pytest.mark.parametrize("part", PARTS)
def test_garbage_is_named(folder: Path, part: str, garbage: bytes) -> None:
    (folder / part).write_bytes(garbage)
    assert _refused(folder, part).key == "part_damaged"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(PARTS),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=3
    ),
)
def test_a_part_with_a_few_other_bytes_loads_or_is_one_error(
    folder: Path, part: str, changes: list[tuple[float, int]]
) -> None:
    whole = (folder / part).read_bytes()
    data = bytearray(whole)
    for share, byte in changes:
        data[int(share * len(data))] = byte
    (folder / part).write_bytes(data)
    said = ""
    try:
        checkpoint = load(folder)
        checkpoint.source.encode("Je parle à 10:30 😀")
        checkpoint.target.decode(list(range(checkpoint.target.size)))
    except CheckpointError as error:
        said = str(error)
    finally:
        (folder / part).write_bytes(whole)
    assert not said or str(folder) in said


def test_a_folder_of_another_format_is_foreign(folder: Path) -> None:
    _change_config(folder, lambda record: record.update(format=FORMAT + 1))
    error = _refused(folder, CONFIG)
    assert error.key == "format_foreign"
    assert (error.values["found"], error.values["expected"]) == (FORMAT + 1, FORMAT)


def test_a_config_without_a_format_is_foreign(folder: Path) -> None:
    _change_config(folder, lambda record: record.pop("format"))
    assert _refused(folder, CONFIG).key == "format_foreign"


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.pop("model"),
        lambda record: record.pop("card"),
        lambda record: record.update(model=7),
        lambda record: record.update(card="x"),
        lambda record: record["model"].update(hidden=17),
        lambda record: record["model"].update(hidden="wide"),
        lambda record: record["model"].update(attention="all"),
        lambda record: record["model"].update(depth=3),
        lambda record: record["card"].update(author="x"),
    ],
)
def test_a_config_that_says_something_else_is_damaged(folder: Path, change: Any) -> None:
    _change_config(folder, change)
    assert _refused(folder, CONFIG).key == "part_damaged"


def test_a_config_nested_without_end_is_damaged(folder: Path) -> None:
    (folder / CONFIG).write_text("[" * 100_000, encoding="utf-8")
    assert _refused(folder, CONFIG).key == "part_damaged"


@pytest.mark.parametrize(
    ("setting", "value"),
    [("hidden", 18), ("layers", 2), ("cell", "gru"), ("attention", "dot"), ("attention", "concat"),
     ("source_vocab", 61), ("target_vocab", 59)],
)  # fmt: skip
def test_weights_of_another_shape_than_the_config_are_refused(
    folder: Path, setting: str, value: object
) -> None:
    _change_config(folder, lambda record: record["model"].update({setting: value}))
    assert _refused(folder, WEIGHTS).key == "weights_mismatch"


@pytest.mark.parametrize("part", [SOURCE_TOKENIZER, TARGET_TOKENIZER])
def test_a_tokenizer_of_another_size_is_refused(folder: Path, part: str) -> None:
    other = Tokenizer.train((pair.source for pair in PHRASES), size=30)
    (folder / part).write_bytes(other.serialized)
    assert _refused(folder, WEIGHTS).key == "weights_mismatch"


def test_an_extra_a_missing_and_a_reshaped_tensor_are_named(folder: Path) -> None:
    whole = load_file(folder / WEIGHTS)
    name = "decoder.combine.weight"
    for tensors, said in (
        (whole | {"decoder.extra": torch.zeros(2)}, "decoder.extra"),
        ({key: value for key, value in whole.items() if key != name}, name),
        (whole | {name: whole[name][:-1].contiguous()}, name),
    ):
        save_file(tensors, folder / WEIGHTS)
        error = _refused(folder, WEIGHTS)
        assert error.key == "weights_mismatch"
        assert said in str(error)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e5])
def test_weights_that_float16_does_not_have_are_refused_with_the_tensors_name(
    folder: Path, number: float
) -> None:
    tensors = {name: value.float() for name, value in load_file(folder / WEIGHTS).items()}
    tensors["encoder.bridges.0.bias"][3] = number
    save_file(tensors, folder / WEIGHTS)
    error = _refused(folder, WEIGHTS)
    assert error.key == "part_damaged"
    assert "encoder.bridges.0.bias" in str(error)


@pytest.mark.parametrize(
    ("path", "value"),
    [("parameters", "x"), ("parameters", None), ("history", [1]), ("history", [{"updates": 5}]),
     ("history", [{"updates": 5, "dev_loss": None}]), ("data", 5), ("seconds", "NaN"), ("versions", [])],
)  # fmt: skip
def test_a_card_of_other_types_is_refused_with_the_name_of_its_field(
    folder: Path, path: str, value: object
) -> None:
    _change_config(folder, lambda record: record["card"].update({path: value}))
    error = _refused(folder, CONFIG)
    assert error.key == "part_damaged"
    assert f"card.{path}" in str(error)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_config_with_a_number_that_json_does_not_have_is_damaged(folder: Path, number: str) -> None:
    text = (folder / CONFIG).read_text(encoding="utf-8")
    changed = re.sub(r'"seconds": [0-9.e-]+', f'"seconds": {number}', text)
    assert changed != text
    (folder / CONFIG).write_text(changed, encoding="utf-8")
    assert _refused(folder, CONFIG).key == "part_damaged"


def test_nothing_of_the_size_that_a_config_asks_for_is_made_before_the_weights_have_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change_config(folder, lambda record: record["model"].update(hidden=4096, layers=8))
    asked, made = [], []  # numbers of each parameter, and those of them that have memory

    def noted(cls: type, data: torch.Tensor, requires_grad: bool = True) -> torch.Tensor:
        asked.append(data.numel())
        made.append(0 if data.is_meta else data.numel())
        return torch.Tensor._make_subclass(cls, data, requires_grad)

    monkeypatch.setattr(torch.nn.Parameter, "__new__", noted)
    assert _refused(folder, WEIGHTS).key == "weights_mismatch"
    assert max(asked) > 1_000_000
    assert max(made) < 10_000


def test_a_header_is_read_up_to_a_limit_only(folder: Path) -> None:
    header = b" " * (2 << 20)
    (folder / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header)
    error = _refused(folder, WEIGHTS)
    assert error.key == "part_damaged"
    assert "2,097,152" in str(error)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_in_place_of_a_part_is_not_read(folder: Path, part: str, kind: str) -> None:
    (folder / part).unlink()
    if kind == "pipe":
        os.mkfifo(folder / part)
    else:
        (folder / part).symlink_to("/dev/zero")
    error = _refused(folder, part)
    assert error.key == "part_damaged"
    assert "not a regular file" in str(error)


@pytest.mark.parametrize("part", [CONFIG, SOURCE_TOKENIZER, TARGET_TOKENIZER])
def test_a_part_above_the_limit_is_not_read(folder: Path, part: str) -> None:
    os.truncate(folder / part, catalog.PART_LIMIT + 1)  # the rest takes no room on the disk
    assert "67,108,865 bytes" in str(_refused(folder, part))


class _Trap:
    """What makes a folder when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("how", ["pickle", "torch"])
def test_a_pickle_in_place_of_a_part_is_refused_and_never_run(
    folder: Path, tmp_path: Path, part: str, how: str
) -> None:
    mark = tmp_path / "ran"
    torch.save({"decoder.combine.weight": _Trap(mark)}, folder / part)
    if how == "pickle":  # the one inside torch's archive
        with zipfile.ZipFile(folder / part) as archive:
            [inner] = [name for name in archive.namelist() if name.endswith("data.pkl")]
            bare = archive.read(inner)
        (folder / part).write_bytes(bare)
    assert _refused(folder, part).key == "part_damaged"
    assert not mark.exists()
    if (
        how == "pickle"
    ):  # the trap itself is a good one: whoever runs what is taken apart here makes the folder
        arguments = [sys.executable, "-m", "pickletools", folder / part]
        steps = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        assert re.search(rf"GLOBAL +'(posix|nt) mkdir'.*{re.escape(str(mark))}.*\bREDUCE\b", steps, re.DOTALL)
