"""python -m s2s serve: answer questions over the network, with replicas of the models."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from typing import Final

from s2s import catalog
from s2s.cli.settings import Limits, add_number
from s2s.engine.cluster import LOOPBACK, Place, Scale, cluster_of, deployed
from s2s.errors import ConfigError

_PORT: Final = 8700
_REPLICAS: Final = Limits(1, 1000)
_DEFAULT: Final = Scale()


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `serve`."""
    meaning = "answer questions over the network, for apps with S2S_ENGINE and commands with --engine"
    serve = commands.add_parser("serve", help=meaning, description=f"{meaning} (needs s2s[cluster])")
    serve.set_defaults(command=_serve)
    serve.add_argument("--models", nargs="+", metavar="NAME",
                       help="shipped models, or paths of model folders (default: all that are shipped, and "
                       f"those that {catalog.OUTSIDE} names)")  # fmt: skip
    serve.add_argument(
        "--address",
        default=f"{LOOPBACK}:{_PORT}",
        metavar="HOST:PORT",
        help="where it listens; ports 1 to 65,535 (default: %(default)s, for this machine alone)",
    )
    serve.add_argument("--cluster", metavar="HOST:PORT",
                       help="a Ray cluster that runs, or auto for the one on this machine (default: one that "
                       "is started here and ends with the command)")  # fmt: skip
    add_number(serve, "--replicas", _REPLICAS, default=_DEFAULT.fewest,
               meaning="processes that have all the models, a core each")  # fmt: skip
    serve.add_argument("--max-replicas", type=_REPLICAS, metavar="N",
                       help=f"as many while many ask, and --replicas while few do; {_REPLICAS} "
                       "(default: --replicas)")  # fmt: skip
    add_number(serve, "--load", Limits(1, 1000), default=_DEFAULT.load,
               meaning="questions in progress for a replica before another is started")  # fmt: skip
    add_number(serve, "--batch", Limits(1, 64), default=_DEFAULT.batch,
               meaning="translations that a model makes at once at most")  # fmt: skip
    add_number(serve, "--wait", Limits(0, 1000), default=round(1000 * _DEFAULT.wait),
               meaning="milliseconds that a translation waits for others")  # fmt: skip


def _serve(options: argparse.Namespace) -> None:
    models = options.models or [*catalog.shipped(), *catalog.outside().folders]
    fewest, most = options.replicas, options.max_replicas or options.replicas
    if most < fewest:
        raise ConfigError(
            "setting_out_of_range", name="--max-replicas", value=most, low=fewest, high=_REPLICAS.high
        )
    scale = Scale(fewest, most, options.load, options.batch, options.wait / 1000)
    place = Place.of(options.address)
    cluster = None if options.cluster is None else cluster_of(options.cluster)
    with deployed(models, scale, place, cluster=cluster):
        print(f"s2s: ready at ray://{place} with {', '.join(models)}; Ctrl-C ends it", file=sys.stderr)
        ended = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: ended.set())
        ended.wait()
    sys.exit(128 + signal.SIGTERM)
