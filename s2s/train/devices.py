"""Where training computes: a device by its name, and what that device is called."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Final

import torch
from torch import nn

from s2s.errors import ConfigError

_PROCESSORS: Final = Path("/proc/cpuinfo")  # Linux only
_ROWS: Final = 128  # positions at a time: their logits in full precision stay within a processor's cache
_ROWS_ELSEWHERE: Final = 1 << 14  # an accelerator has room, and waits for each product to be asked for


def pick(name: str, *, local_rank: int = 0) -> torch.device:
    """The device called `name`, tried out; of several of its kind the one of `local_rank`, unless the name
    has a number. Raises ConfigError.

    auto is CUDA where there is any, else the processor, and never Apple's MPS: there torch leaves the dropout
    between recurrent layers out of their gradient.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
        if device.index is None and device.type != "cpu":
            device = torch.device(device.type, local_rank)
        torch.zeros(1, device=device).item()
    except (RuntimeError, AssertionError, ImportError) as error:  # where torch was built without it
        raise ConfigError("device_missing", name=name, known=", ".join(_known())) from error
    return device


def has_bfloat16(device: torch.device) -> bool:
    """Whether recurrent layers compute in bfloat16 there: on processors without AVX-512 oneDNN refuses."""
    with torch.random.fork_rng(devices=[]):
        layer = nn.LSTM(2, 2, device=device)
    try:
        with torch.autocast(device.type, dtype=torch.bfloat16):
            layer(torch.zeros(1, 1, 2, device=device))
    except RuntimeError:
        return False
    return True


def rows_at_a_time(device: torch.device) -> int:
    """Of how many positions logits are computed at once there."""
    return _ROWS if device.type == "cpu" else _ROWS_ELSEWHERE


def called(device: torch.device) -> str:
    """The name its maker gave a device, where the system tells it, else its kind."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return processor() if device.type == "cpu" else device.type


def _known() -> list[str]:
    accelerator = torch.accelerator.current_accelerator()
    if accelerator is None:
        return ["cpu"]
    return ["cpu", *(f"{accelerator.type}:{n}" for n in range(torch.accelerator.device_count()))]


def processor() -> str:
    """The processor's own name where the system tells it (Linux), else its architecture."""
    if _PROCESSORS.is_file():
        for line in _PROCESSORS.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name" and value.strip():
                return value.strip()
    return platform.processor() or platform.machine()
