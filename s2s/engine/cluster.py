"""`Service` on many processes and machines: replicas of it behind one address, by Ray Serve.

A cluster of its own is on this machine, answers to nobody else, and ends with the block. Ray is imported in
the functions alone: it reads some of its settings when it is imported.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import secrets
import socket
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from s2s import __version__
from s2s.engine.questions import Request, Translate
from s2s.engine.remote import Remote
from s2s.engine.service import Reply, Service
from s2s.engine.wire import REQUEST_LIMIT, VERSION
from s2s.errors import EngineError

if TYPE_CHECKING:
    from starlette.requests import Request as HttpRequest
    from starlette.responses import Response

NAME: Final = "s2s"  # of the application, where a cluster has others
LOOPBACK: Final = "127.0.0.1"
_STORE: Final = 200 << 20  # bytes that answers on their way take at most
_QUIET: Final = {"log_level": "ERROR", "enable_access_log": False}
_PATIENCE: Final = 5.0  # seconds until a cluster must be reached
# Ray speaks gRPC, and so HTTP/2 (RFC 9113): both sides begin with their settings.
_HELLO: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
_HEADER: Final = 9  # bytes before each frame, the fourth of them its type
_SETTINGS: Final = 4
_QUEUE: Final = 100  # questions that wait for each replica; more are refused, for whoever asked had left
_LATEST: Final = 60.0  # seconds after which a question is given up


class Scale(NamedTuple):
    """How many replicas there are, and what each takes at once."""

    fewest: int = 1
    most: int = 1  # more than the fewest: as many as the questions in progress ask for
    load: int = 4  # questions in progress for each replica that more of them are started for
    batch: int = 8  # translations that are one call at most
    wait: float = 0.002  # seconds that a translation waits for others to come


class Place(NamedTuple):
    """Where something listens."""

    host: str
    port: int

    @classmethod
    def of(cls, address: str) -> Place:
        """HOST:PORT. Raises EngineError."""
        found = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\]:(\d{1,5})|([\w.-]+):(\d{1,5})", address, re.ASCII)
        if found:
            host, port = found[1] or found[3], int(found[2] or found[4])
            if 1 <= port < 1 << 16:
                return cls(host, port)
        raise EngineError("address_form", address=address[:80])

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


Cluster = Place | Literal["auto"]  # one that runs: elsewhere, or on this machine


def cluster_of(address: str) -> Cluster:
    """What an option says of a cluster that runs. Raises EngineError."""
    return "auto" if address == "auto" else Place.of(address)


class Replica:
    """One process with all models, for Ray Serve."""

    def __init__(self, models: Sequence[str], scale: Scale, *, is_local: bool) -> None:
        import torch
        from ray import serve

        if is_local:
            _listen_here_only()
        torch.set_num_threads(1)  # the other cores have replicas of their own
        self._service = Service.load(models)
        self._computing = ThreadPoolExecutor(1)  # beside the loop, which goes on taking questions in

        async def together(requests: list[Request]) -> list[bytes]:
            return await self._answer(requests)

        batched = serve.batch(max_batch_size=scale.batch, batch_wait_timeout_s=scale.wait)
        self._translate = batched(together)

    async def __call__(self, asked: HttpRequest) -> Response:
        """The answer to one HTTP request."""
        from starlette.responses import Response

        reply = await self._reply(asked)
        kind = "application/octet-stream"
        return Response(reply.body, reply.status, {VERSION: __version__}, media_type=kind)

    async def check_health(self) -> None:
        """Raises where the models answer no more: the replica is then replaced."""
        await asyncio.wait_for(self._answer([]), timeout=_LATEST)

    async def _reply(self, asked: HttpRequest) -> Reply:
        body = bytearray()
        async for part in asked.stream():
            body += part
            if len(body) > REQUEST_LIMIT:
                break
        request = self._service.receive(asked.method, asked.url.path, asked.headers, bytes(body))
        if isinstance(request, Reply):
            return request
        if isinstance(request.question, Translate):
            return Reply(200, await self._translate(request))
        return Reply(200, (await self._answer([request]))[0])

    async def _answer(self, requests: list[Request]) -> list[bytes]:
        return await asyncio.get_running_loop().run_in_executor(
            self._computing, self._service.answer, requests
        )


@contextmanager
def deployed(
    models: Sequence[str], scale: Scale, place: Place, *, cluster: Cluster | None = None
) -> Iterator[None]:
    """The models answer at a place until the block is left: in a cluster of their own, or in one that runs
    already, elsewhere or ("auto") on this machine. Raises EngineError, CheckpointError."""
    if find_spec("ray") is None:
        raise EngineError("cluster_not_installed")
    _check_free(place)
    if isinstance(cluster, Place):
        _check_there(cluster)
    Service.load(models)  # or a replica would say what is wrong with one, after tracebacks of Ray's
    _prepare(is_local=cluster is None)
    import ray
    from ray import serve

    with tempfile.TemporaryDirectory(prefix="s2s-", ignore_cleanup_errors=True) as folder:
        try:
            _start(models, scale, place, None if cluster is None else str(cluster), folder)
            yield
        finally:
            if cluster is not None and ray.is_initialized():
                serve.delete(NAME)
            ray.shutdown()


@contextmanager
def joined(cluster: Cluster) -> Iterator[None]:
    """This process is one of a cluster that runs, and may give it tasks, until the block is left. This
    machine is one of the cluster's. Raises EngineError."""
    if find_spec("ray") is None:
        raise EngineError("cluster_not_installed")
    if isinstance(cluster, Place):
        _check_there(cluster)
    _prepare(is_local=False)
    import ray

    try:
        with told():
            ray.init(str(cluster), logging_level="error", log_to_driver=False)
        yield
    finally:
        ray.shutdown()


@contextmanager
def told() -> Iterator[None]:
    """What Ray raises, in one sentence: it has many kinds, and uses plain ones, too. Raises EngineError."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        raise EngineError("cluster_failed", reason=reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """One line of what Ray says; of what failed in a process of its own, that."""
    cause = getattr(error, "cause", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


def _start(models: Sequence[str], scale: Scale, place: Place, cluster: str | None, folder: str) -> None:
    """Raises EngineError."""
    import ray
    from ray import serve

    is_local = cluster is None
    with told():
        if is_local:
            ray.init(
                "local", num_cpus=scale.most, include_dashboard=False, _node_ip_address=LOOPBACK,
                _temp_dir=folder, object_store_memory=_STORE, logging_level="error",
            )  # fmt: skip
        else:
            ray.init(cluster, logging_level="error")
        serve.start(
            proxy_location="HeadOnly" if is_local else "EveryNode",
            http_options={"host": place.host, "port": place.port, "request_timeout_s": _LATEST},
            logging_config=_QUIET,
        )
        application = _deployment(scale).bind(list(models), scale, is_local=is_local)
        serve.run(application, name=NAME, route_prefix="/")
        with closing(Remote(f"ray://{place}")) as remote:  # where it runs already, it may listen elsewhere
            remote.check()


def _deployment(scale: Scale) -> Any:
    from ray import serve

    growing = {
        "min_replicas": scale.fewest,
        "max_replicas": scale.most,
        "target_ongoing_requests": scale.load,
    }
    count = {"num_replicas": scale.most} if scale.fewest == scale.most else {"autoscaling_config": growing}
    return serve.deployment(
        Replica,
        name="translators",
        ray_actor_options={"num_cpus": 1},
        max_queued_requests=_QUEUE * scale.most,
        max_ongoing_requests=max(2 * scale.batch, 2 * scale.load),
        health_check_period_s=5,
        health_check_timeout_s=_LATEST,
        graceful_shutdown_timeout_s=5,
        max_constructor_retry_count=2,
        logging_config=_QUIET,
        **count,
    )


def _prepare(*, is_local: bool) -> None:
    """Set what Ray reads from the environment when it is imported and started, and import it. Raises
    EngineError."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is sent to anybody
    if is_local:
        # Or it would take the address by which the network calls this machine, and listen there.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    try:
        import_module("ray.serve")
    except ImportError as error:  # a part of it is missing
        raise EngineError("cluster_not_installed") from error
    logging.getLogger("ray").setLevel(logging.ERROR)
    logging.getLogger("ray.serve").setLevel(logging.ERROR)


def _listen_here_only() -> None:
    """Keep Ray Serve's replicas from listening to each other at all addresses of the machine."""
    from ray.serve._private import replica

    add_port = replica.add_port_to_grpc_server
    replica.add_port_to_grpc_server = lambda server, _address: add_port(server, f"{LOOPBACK}:0")


def _check_there(cluster: Place) -> None:
    """Raise EngineError where nothing listens, or nothing like Ray: Ray itself would try for minutes."""
    try:
        with socket.create_connection(cluster, timeout=_PATIENCE) as probe:
            if os.environ.get("RAY_USE_TLS") == "1":
                return
            probe.sendall(_HELLO)
            frame = probe.recv(_HEADER, socket.MSG_WAITALL)
    except (OSError, UnicodeError) as error:
        raise EngineError("cluster_failed", reason=f"{cluster}: {error}") from error
    if len(frame) < _HEADER or frame[3] != _SETTINGS:
        raise EngineError("cluster_failed", reason=f"{cluster} is no cluster's")


def _check_free(place: Place) -> None:
    """Raise EngineError where nothing can listen."""
    try:
        family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
        socket.create_server(place, family=family).close()
    except (OSError, UnicodeError) as error:
        raise EngineError("address_in_use", address=place, reason=str(error)) from error
