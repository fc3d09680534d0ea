"""Engines to ask in tests: HTTP servers that answer well, badly or not at all, and what makes two answers the
same."""

import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from s2s import __version__
from s2s.engine.questions import (
    Compare,
    Descend,
    Differentiate,
    Explain,
    Reach,
    Translate,
    Variant,
    Work,
)
from s2s.engine.remote import Remote
from s2s.engine.service import Model, Reply, Service
from s2s.engine.wire import VERSION
from s2s.evaluate.divergence import Injection
from s2s.translator import Translator
from tests.sentences import PAIRS

WEIGHTS = "0" * 64
QUESTIONS = [
    Translate(PAIRS[0].source),
    Translate("\ud800 œuf\0"),
    Explain(PAIRS[1].source, PAIRS[1].target),
    Compare(PAIRS[2].source),
    Compare(PAIRS[2].source, PAIRS[2].target, 0.5, 7, Injection(2, "dog")),
    Work(PAIRS[3].source),
    Differentiate(PAIRS[4].source, 1),
    Reach(PAIRS[5].source, PAIRS[5].target, Variant(("gru", "none"), 2, 1.5)),
    Descend(PAIRS[6].source, PAIRS[6].target, 1e30),
]


def service_of(*translators: Translator) -> Service:
    return Service({translator.name: Model(translator, WEIGHTS) for translator in translators})


def assert_same(one: Any, other: Any, *, within: float = 0.0) -> None:
    """Down to the types; bit for bit, or arrays within a rounding."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        if within:
            np.testing.assert_allclose(one, other, rtol=0, atol=within)
        else:
            assert one.tobytes() == other.tobytes()
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b, within=within)
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name), within=within)
    else:
        assert one == other or (one != one and other != other)


def asking(address: str, *, deadline: float = 20.0) -> closing[Remote]:
    """Whom to ask, until the block is left."""
    return closing(Remote(address, deadline=deadline))


Change = Callable[[str, Reply], Reply]  # of a path and what would be replied


@contextmanager
def serving(
    service: Service, change: Change = lambda _path, reply: reply, *, version: str | None = __version__
) -> Iterator[str]:
    """The address of an engine without a cluster. `change` makes its replies worse."""

    connections: list[socket.socket] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            connections.append(self.connection)

        def do_GET(self) -> None:
            self.reply("GET")

        def do_POST(self) -> None:
            self.reply("POST")

        def reply(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            got = service.receive(method, self.path, headers, body)
            reply = got if isinstance(got, Reply) else Reply(200, service.answer([got])[0])
            reply = change(self.path, reply)
            self.send_response(reply.status)
            if version is not None:
                self.send_header(VERSION, version)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"ray://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            for connection in connections:
                with suppress(OSError):  # it has ended by itself
                    connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def listening(treat: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of something that listens, and treats whoever connects as it likes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        open_connections: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                open_connections.append(connection)
                threading.Thread(target=run, args=(connection,), daemon=True).start()

        def run(connection: socket.socket) -> None:
            with suppress(OSError):  # whoever asked has hung up
                treat(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"ray://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for connection in open_connections:
                connection.close()
            thread.join()
