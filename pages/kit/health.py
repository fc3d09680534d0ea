"""How the server is doing: as JSON at /health, and a line in the log for each minute with answers."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from pages.kit.seats import Seats
from pages.kit.translators import MODELS, shelf

_MINUTE: Final = 60.0
_LOG: Final = logging.getLogger("s2s.health")


def health(seats: Seats) -> dict[str, Any]:
    """Sessions, whether the models are loaded, how the engine is doing, and the memory of this process."""
    engines = shelf().engines
    figures = engines.local.figures()._asdict()
    return {
        "loaded": shelf().has(MODELS),
        "sessions": seats.open,
        "seats": seats.count,
        "engine_failure": None if engines.failure is None else engines.failure.key,
        **{name: round(value, 3) for name, value in figures.items()},
        "megabytes": megabytes(),
        "megabytes_of_models": [megabytes(process) for process in shelf().workers.processes],
    }


def route(seats: Seats) -> Route:
    """Where it can be asked for."""

    async def answer(_: Request) -> JSONResponse:
        return JSONResponse(health(seats))

    return Route("/health", answer)


async def report(seats: Seats) -> None:
    """Write a line each minute, as long as the server lives."""
    if not _LOG.handlers:
        _LOG.addHandler(logging.StreamHandler())
        _LOG.setLevel(logging.INFO)
        _LOG.propagate = False
    before = 0
    while True:
        await asyncio.sleep(_MINUTE)
        now = health(seats)
        if now["answers"] > before:
            _LOG.info("%s", ", ".join(f"{name} {value}" for name, value in now.items()))
        before = now["answers"]


def megabytes(process: int | str = "self") -> float | None:
    """Memory of a process that is in use, where the system tells it."""
    told = Path(f"/proc/{process}/statm")
    if not told.exists():
        return None
    return int(told.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
