import platform
from pathlib import Path
from typing import Any

import pytest
import torch

from s2s.errors import ConfigError
from s2s.train import devices


@pytest.mark.parametrize(
    "name", ["nonsense", "", "meta", "cuda:99", "cpu and more", "hpu", "privateuseone", "xla"]
)
def test_a_device_that_is_not_there_is_one_sentence_with_those_that_are(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        devices.pick(name)
    assert caught.value.key == "device_missing"
    assert caught.value.values["name"] == name
    assert "cpu" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_processor_is_always_there() -> None:
    assert devices.pick("cpu", local_rank=3) == torch.device("cpu")


def test_auto_is_the_processor_where_there_is_no_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert devices.pick("auto") == torch.device("cpu")


@pytest.mark.parametrize(
    ("name", "local_rank", "picked"),
    [("auto", 0, "cuda:0"), ("auto", 1, "cuda:1"), ("cuda", 1, "cuda:1"), ("cuda:0", 1, "cuda:0")],
)
def test_each_process_of_a_machine_takes_a_cuda_device_of_its_own(
    monkeypatch: pytest.MonkeyPatch, name: str, local_rank: int, picked: str
) -> None:
    tried: list[torch.device] = []

    def zeros(size: int, *, device: torch.device) -> Any:
        tried.append(device)
        return torch.ones(size)

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(devices.torch, "zeros", zeros)
    assert devices.pick(name, local_rank=local_rank) == torch.device(picked)
    assert tried == [torch.device(picked)]


def test_a_processor_has_the_name_that_the_system_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("processor\t: 0\nmodel name\t: Abacus 9\nmodel name\t: Abacus 10\n", encoding="utf-8")
    monkeypatch.setattr(devices, "_PROCESSORS", told)
    assert devices.called(torch.device("cpu")) == "Abacus 9"
    told.write_text("Hardware : none\n", encoding="utf-8")
    assert devices.called(torch.device("cpu")) in (platform.processor(), platform.machine())
