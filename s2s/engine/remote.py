"""Models elsewhere: questions go to `s2s serve` over HTTP, and what comes back is checked before it is used.

The address is ray://HOST:PORT, or https://HOST:PORT behind a server that encrypts. Ray's own client is not
used: both of its ends unpickle what the other sends, and a process can have one cluster. Here an answer is
read as `s2s.engine.wire` says, and neither Ray nor torch is needed.
"""

from __future__ import annotations

import queue
import re
import selectors
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from s2s import __version__, catalog
from s2s.data.fingerprint import weights_of
from s2s.engine.questions import Question, Request
from s2s.engine.service import ABOUT, ASK
from s2s.engine.wire import (
    ANSWER_LIMIT,
    VERSION,
    Learned,
    learned_of,
    pack_request,
    unpack_answer,
)
from s2s.errors import CheckpointError, EngineError
from s2s.records import check, parse_json

Found = TypeVar("Found")

ENGINE: Final = "S2S_ENGINE"  # in the environment: the address of an engine
_SCHEMES: Final = {"ray": HTTPConnection, "http": HTTPConnection, "https": HTTPSConnection}
_HOST: Final = re.compile(r"[\w.:%-]+", re.ASCII)
_ABOUT_LIMIT: Final = 1 << 20  # bytes
_PART: Final = 1 << 20  # bytes that are read at a time
_TRIES: Final = 6
_PAUSE: Final = 0.1  # seconds before the second try, twice as long before each other
_SHOWN: Final = 80  # characters of what went wrong in an error
_DIGITS: Final = 12  # of a checksum in an error


class _LostError(Exception):
    """The connection was cut, or a replica failed: the question is worth another try."""


class Remote:
    """An engine at an address. Threads may ask at the same time. Nothing is asked before the first question.

    A question is asked again while a replica that had it has died, `deadline` seconds in all: it has the same
    answer whoever computes it. Errors are EngineErrors where the engine is at fault, or another is wanted.
    """

    def __init__(self, address: str, *, deadline: float = 20.0, patience: float = 3.0) -> None:
        """`patience` is how many seconds connecting may take. Raises EngineError for what is no address."""
        self.address = address
        self._deadline, self._patience = deadline, patience
        self._connect, self._host, self._port = _parsed(address)
        self._idle: queue.LifoQueue[HTTPConnection] = queue.LifoQueue()
        self._models: Mapping[str, str] | None = (
            None  # SHA-256 of the weights by name; None: ask what is there
        )
        self._agreed: dict[str, str] = {}  # SHA-256 by name of models that are no others than this machine's
        self._parameters: dict[str, Learned] = {}  # by the SHA-256 of the weights

    def check(self) -> None:
        """Ask anew what is there. Raises EngineError."""
        until = time.monotonic() + self._deadline
        body = self._exchange("GET", ABOUT, b"", limit=_ABOUT_LIMIT, until=until)
        try:
            record = parse_json(body)
            check(record["models"], Mapping[str, str], "models")
            self._models, self._agreed = record["models"], {}
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            raise self._garbled(error) from error

    def models(self) -> tuple[str, ...]:
        """The models that it has. Raises EngineError."""
        return tuple(self._known())

    def close(self) -> None:
        """Close the connections that are kept for the next questions."""
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def ask(self, model: str, question: Question[Found], *, guess: str = "") -> Found:
        """The answer of a model. Raises EngineError, or the S2SError that the question deserves."""
        weights = self._weights(model)
        parameters = None
        if (learned := learned_of(question)) is not None:
            if weights not in self._parameters:
                self._parameters[weights] = self._answer(Request(model, learned, ""), weights)
            parameters = self._parameters[weights]
        return cast(Found, self._answer(Request(model, question, guess), weights, parameters))

    def _answer(self, request: Request, weights: str, parameters: Learned | None = None) -> Any:
        until = time.monotonic() + self._deadline
        body = self._exchange("POST", ASK, pack_request(request), limit=ANSWER_LIMIT, until=until)
        try:
            return unpack_answer(body, request, weights, parameters)
        except ValueError as error:
            raise self._garbled(error) from error

    def _known(self) -> Mapping[str, str]:
        models = self._models
        if models is None:
            self.check()
            return self._known()
        return models

    def _weights(self, model: str) -> str:
        """The SHA-256 of a model's weights. Raises EngineError where this machine has others of that name."""
        models = self._known()
        if model not in models:
            self._models = None  # it may have more the next time
            known = ", ".join(models) or "-"
            raise EngineError("engine_without_model", address=self.address, name=model, known=known)
        found = models[model]
        if self._agreed.get(model) != found:
            with suppress(CheckpointError):  # one that is not on this machine
                expected = weights_of(catalog.offered(model))
                if found != expected:
                    self._models = None
                    raise EngineError(
                        "engine_other_weights", address=self.address, name=model,
                        found=found[:_DIGITS], expected=expected[:_DIGITS],
                    )  # fmt: skip
            self._agreed[model] = found
        return found

    def _exchange(self, method: str, path: str, body: bytes, *, limit: int, until: float) -> bytes:
        """The body of the reply to a request, which is sent again where that may help."""
        lost = ""
        for turn in range(_TRIES):
            if turn:
                time.sleep(_PAUSE * 2 ** (turn - 1))
            if time.monotonic() >= until:
                break
            try:
                return self._try(method, path, body, limit=limit, until=until)
            except _LostError as error:
                lost = str(error)[:_SHOWN]
        self._models = None
        raise EngineError("engine_failed", address=self.address, reason=lost)

    def _try(self, method: str, path: str, body: bytes, *, limit: int, until: float) -> bytes:
        connection = self._connected()
        connection.sock.settimeout(max(until - time.monotonic(), _PAUSE))
        # A limit on each read would let one who sends a byte now and then go on for ever.
        limiter = threading.Timer(max(until - time.monotonic(), 0), _hang_up, [connection.sock])
        limiter.daemon = True
        limiter.start()
        try:
            connection.request(method, path, body or None, {"Content-Type": "application/json"})
            response = connection.getresponse()
            found = _read(response, limit)
            if time.monotonic() >= until:  # the end of it is our own doing
                raise TimeoutError
        except (OSError, HTTPException) as error:
            connection.close()
            if time.monotonic() >= until:
                raise EngineError("engine_late", address=self.address, seconds=self._deadline) from error
            if isinstance(error, OSError | IncompleteRead):
                raise _LostError(_reason(error)) from error
            raise self._garbled(error) from error
        finally:
            limiter.cancel()
        if response.will_close or found is None:
            connection.close()
        else:
            self._idle.put(connection)
        self._check_reply(response, found)
        return found or b""

    def _connected(self) -> HTTPConnection:
        """A connection that is open: one that was left, or a new one."""
        with suppress(queue.Empty):
            while connection := self._idle.get_nowait():
                if not _can_be_read(connection.sock):  # what can be read now is its end
                    return connection
                connection.close()
        connection = self._connect(self._host, self._port, timeout=self._patience)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise EngineError("engine_unreachable", address=self.address, reason=_reason(error)) from error
        return connection

    def _check_reply(self, response: HTTPResponse, found: bytes | None) -> None:
        """Raise EngineError, or _LostError, unless this is an answer of this version."""
        version, status = response.headers.get(VERSION), response.status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _LostError(f"HTTP {status}")
        if version is None:
            raise self._garbled(f"HTTP {status} without {VERSION}")
        if version != __version__:
            self._models = None
            raise EngineError(
                "engine_version", address=self.address, found=version[:_SHOWN], expected=__version__
            )
        if found is None:
            raise self._garbled("it is too long")
        if status != HTTPStatus.OK:
            self._models = None
            raise EngineError("engine_failed", address=self.address, reason=f"HTTP {status}")

    def _garbled(self, reason: object) -> EngineError:
        self._models = None
        return EngineError("engine_garbled", address=self.address, reason=str(reason)[:_SHOWN])


def _parsed(address: str) -> tuple[type[HTTPConnection], str, int]:
    """How to connect, and to where. Raises EngineError."""
    try:
        parts = urlsplit(address)
        host, port, connect = parts.hostname, parts.port, _SCHEMES[parts.scheme]
    except (ValueError, LookupError) as error:
        raise EngineError("engine_address", address=address[:_SHOWN]) from error
    rest = (parts.path.rstrip("/"), parts.query, parts.fragment, parts.username)
    if not address.isprintable() or not host or port is None or any(rest) or not _HOST.fullmatch(host):
        raise EngineError("engine_address", address=address[:_SHOWN])
    return connect, host, port


def _read(response: HTTPResponse, limit: int) -> bytes | None:
    """The whole body; None for one that is longer than the limit."""
    parts, size = [], 0
    while part := response.read(_PART):
        parts.append(part)
        size += len(part)
        if size > limit:
            return None
    return b"".join(parts)


def _can_be_read(connection: socket.socket) -> bool:
    """Also where a server has more than 1024 files open, which `select` cannot tell apart."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(0))


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        connection.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:_SHOWN]
