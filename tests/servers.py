"""The app in a process of its own, watched: what it opens, whom it asks, and sockets that knock at it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.server import HOST, free_port, wait

ROOT = Path(__file__).resolve().parents[1]
# Put into Python before the app: writes down every name that is looked up and every address that is called.
WATCH = """
import os, sys

def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"):
        told = f"{event} {arguments[1] if event in ('socket.connect', 'socket.sendto') else arguments[0]}\\n"
        file = os.open(os.environ["WATCHED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, told.encode())
        os.close(file)

sys.addaudithook(watch)
"""


class Watched(NamedTuple):
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def asked(self) -> list[str]:
        """Whom it called or looked up."""
        path = self.folder / "asked"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    @property
    def log(self) -> str:
        """What it said."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def files(self) -> int:
        """How many files it has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@contextmanager
def watched(
    folder: Path, *options: str, before: str = "", files: int = 0, **environment: str
) -> Iterator[Watched]:
    """Start the app with options of `streamlit run`, on a free port of this machine. `before` is code that
    runs first, `files` how many may be open."""
    port = free_port()
    (folder / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    code = f"{before}\nimport sys\nfrom streamlit.web.cli import main\nsys.argv[0] = 'streamlit'\nmain()"
    command = [sys.executable, "-c", code, "run", "app.py", "--server.headless=true",
               f"--server.port={port}", *(options or (f"--server.address={HOST}",))]  # fmt: skip
    if files:
        command = ["sh", "-c", f'ulimit -n {files}; exec "$0" "$@"', *command]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(folder), "WATCHED": str(folder / "asked")} | environment,
        )  # fmt: skip
    try:
        wait(process, port)
        yield Watched(port, process, folder)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def outside(server: Watched) -> list[str]:
    """Whom the server asked beyond this machine."""
    return [line for line in server.asked if HOST not in line and "localhost" not in line]


class Answer(NamedTuple):
    """What came back to a request, and the connection it came by."""

    status: int
    headers: dict[str, str]
    body: str
    connection: socket.socket


def ask(port: int, path: str = "/", *, method: str = "GET", **headers: str) -> Answer:
    """Ask for something; `headers` are written as Python names, `accept_language`."""
    asked = {"host": f"{HOST}:{port}", "connection": "close"} | headers
    answer = _exchange(port, f"{method} {path}", asked, until_closed=True)
    answer.connection.close()
    return answer


def knock(port: int, **headers: str) -> Answer:
    """Open a socket as a page does, and leave it open: 101 lets in."""
    upgrade = {
        "host": f"{HOST}:{port}",
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec_websocket_version": "13",
        "sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    return _exchange(port, "GET /_stcore/stream", upgrade | headers, until_closed=False)


def leave(answers: Sequence[Answer]) -> None:
    for answer in answers:
        answer.connection.close()


def _exchange(port: int, request: str, headers: dict[str, str], *, until_closed: bool) -> Answer:
    written = (f"{name.replace('_', '-')}: {value}" for name, value in headers.items())
    lines = [f"{request} HTTP/1.1", *written]
    connection = socket.create_connection((HOST, port), timeout=30)
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    told = b""
    while b"\r\n\r\n" not in told or until_closed:
        part = connection.recv(65536)
        if not part:
            break
        told += part
    head, _, body = told.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    found = {name.lower(): value for name, value in (line.split(": ", 1) for line in rest)}
    return Answer(int(first.split()[1]), found, body.decode("utf-8", "replace"), connection)
