"""The app as people start it, in a process of its own that ends with the measurement."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.request import ProxyHandler, build_opener

HOST: Final = "127.0.0.1"
ROOT: Final = Path(__file__).resolve().parent.parent
_PATIENCE: Final = 60.0  # seconds until the server must answer


class Server(NamedTuple):
    """A running server."""

    port: int
    process: int  # its number
    started: float  # when its process was started, in seconds since the epoch

    @property
    def url(self) -> str:
        """The address of the first page."""
        return f"http://{HOST}:{self.port}/"


@contextmanager
def running(port: int | None = None) -> Iterator[Server]:
    """Start a server, on a free port unless one is given, and wait until it answers; it is gone when the
    block is left."""
    port = port or free_port()
    options = ("--server.headless=true", f"--server.address={HOST}", f"--server.port={port}")
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        started = time.time()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait(process, port)
            yield Server(port, process.pid, started)
        except BaseException:
            log.seek(0)
            sys.stderr.write(f"what the server said:\n{log.read()}")
            raise
        finally:
            _stop(process)


def health(server: Server) -> dict[str, float]:
    """How it is doing, as it says itself."""
    with build_opener(ProxyHandler({})).open(f"{server.url}health") as reply:  # asks nobody else
        found: dict[str, float] = json.load(reply)
        return found


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until the server answers; raises RuntimeError when it ends or does not."""
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"the server did not answer on port {port} within {_PATIENCE:.0f} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
