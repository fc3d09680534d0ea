"""Many people typing at once: raw websocket sessions on one server, a new sentence each per second.

A session does what a browser does and draws nothing: it runs the page once, then sends the sentence field's
value as a rerun of the field's fragment. Nobody waits for an answer before typing on, and a newer sentence
may replace an older one on its way, so the time of a sentence ends when its pictures, or those of a newer
one of the same session, arrive.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.report import Row, Spread, spread
from benchmarks.sentences import unlike
from benchmarks.server import HOST, Server, running
from s2s.languages import FIRST
from s2s.text import words

PEOPLE: Final = (10, 30, 60)
_AIMS: Final = {30: 500.0, 60: 2000.0}  # milliseconds that nineteen of twenty answers stay under
_PACE: Final = 1.0  # seconds between two sentences of one person
_JITTER: Final = 0.2  # seconds; people do not type in step
_LOADED_WITHIN: Final = 120.0  # seconds
_GRACE: Final = 30.0  # seconds for the last answers


class Field(NamedTuple):
    """What a session must name to send a sentence."""

    page: str  # hash of the page's script
    widget: str
    fragment: str


class Sent(NamedTuple):
    """A sentence and when it left, in seconds."""

    sentence: str
    at: float


class Arrived(NamedTuple):
    """A message and when it came, in seconds; read only after the measurement."""

    raw: bytes
    at: float


class Typed(NamedTuple):
    """What one session lived through."""

    milliseconds: list[float]  # one for each sentence, until it or a newer one was answered
    answers: int  # sentences whose own pictures came
    seconds: float  # from the first sentence to the last answer
    received: int  # bytes of all messages


def rows(*, people: Sequence[int], seconds: float) -> list[Row]:
    """How long one person waits alone, how long each in crowds of these sizes, and how many are answered."""
    sentences = unlike()
    with running() as server:
        asyncio.run(until_loaded(server))
        (alone,) = asyncio.run(type_together(server, 1, seconds, sentences))
        one = spread(alone.milliseconds)
        found = [Row("crowd", "one session, a new sentence each second", _times(one))]
        for count in people:
            found += _crowd(asyncio.run(type_together(server, count, seconds, sentences)), one, seconds)
    return found


def _crowd(typed: Sequence[Typed], one: Spread, seconds: float) -> list[Row]:
    """The rows of one crowd, beside one person alone."""
    times = spread([time for person in typed for time in person.milliseconds])
    slowest = max(spread(person.milliseconds).p50 for person in typed)
    asked, answers = (
        sum(len(person.milliseconds) for person in typed),
        sum(person.answers for person in typed),
    )
    rate = answers / max(seconds, *(person.seconds for person in typed))
    ratios = f"{times.p50 / one.p50:.1f} and {times.p95 / one.p95:.1f} times those of one"
    aim = _AIMS.get(len(typed))
    return [
        Row(
            "crowd",
            f"{len(typed)} sessions, a new sentence each per second",
            f"{_times(times)}; {ratios}",
            "" if aim is None else f"p95 under {aim:.0f} ms",
            None if aim is None else times.p95 < aim,
        ),
        Row(
            "crowd",
            f"{len(typed)} sessions: the one that waits longest",
            f"p50 {slowest:.0f} ms, {slowest / times.p50:.1f} times that of all",
            "at most twice",
            slowest <= 2 * times.p50,
        ),
        Row(
            "crowd",
            f"{len(typed)} sessions: sentences answered, the others replaced by a newer one",
            f"{answers} of {asked}, {rate:.1f} a second",
        ),
    ]


def _times(found: Spread) -> str:
    return f"p50 {found.p50:.0f} ms, p95 {found.p95:.0f} ms"


async def until_loaded(server: Server) -> None:
    """Wait for the models: the page asks for reruns by itself as long as the models load."""
    deadline = time.monotonic() + _LOADED_WITHIN
    while time.monotonic() < deadline:
        async with connected(server) as connection:
            messages = await run_page(connection)
        if not any(message.WhichOneof("type") == "auto_rerun" for message in messages):
            return
        await asyncio.sleep(0.5)
    raise RuntimeError(f"the models were not loaded within {_LOADED_WITHIN:.0f} s")


async def type_together(server: Server, people: int, seconds: float, sentences: Iterator[str]) -> list[Typed]:
    """So many people type for so many seconds, each their own of the sentences."""
    connections = [await connected(server) for _ in range(people)]
    try:
        fields = [field_of(await run_page(connection)) for connection in connections]
        count = round(seconds / _PACE)
        return await asyncio.gather(
            *(
                _type(connection, field, [next(sentences) for _ in range(count)], person / people * _PACE)
                for person, (connection, field) in enumerate(zip(connections, fields, strict=True))
            )
        )
    finally:
        for connection in connections:
            await connection.close()


async def _type(connection: ClientConnection, field: Field, sentences: list[str], offset: float) -> Typed:
    """One person: sends on time, whatever has come back."""
    arrived: list[Arrived] = []
    listening = asyncio.create_task(_listen(connection, arrived))
    pauses = random.Random(sentences[0])
    start = time.perf_counter() + offset
    sent = []
    for number, sentence in enumerate(sentences):
        due = start + number * _PACE + pauses.uniform(0, _JITTER)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        sent.append(Sent(sentence, time.perf_counter()))
        await connection.send(rerun(field, sentence).SerializeToString())
    await asyncio.sleep(2 * _PACE)  # nobody reads messages while others still type
    await _last_answer(arrived, sentences[-1], listening)
    listening.cancel()
    return _read(sent, arrived)


async def _listen(connection: ClientConnection, arrived: list[Arrived]) -> None:
    async for raw in connection:
        assert isinstance(raw, bytes)
        arrived.append(Arrived(raw, time.perf_counter()))


async def _last_answer(arrived: list[Arrived], sentence: str, listening: asyncio.Task[None]) -> None:
    deadline = time.perf_counter() + _GRACE
    seen = 0
    while time.perf_counter() < deadline and not listening.done():
        seen, new = len(arrived), arrived[seen:]
        if any(sentence_shown(message.raw) == spelled(sentence) for message in new):
            return
        await asyncio.sleep(0.05)
    gone = "the server closed the connection" if listening.done() else f"nothing came for {_GRACE:.0f} s"
    raise RuntimeError(f"no answer to {sentence!r}: {gone}")


def _read(sent: list[Sent], arrived: list[Arrived]) -> Typed:
    """When was each sentence, or a newer one, on the screen?"""
    numbers = {spelled(item.sentence): number for number, item in enumerate(sent)}
    shown: dict[int, float] = {}  # number of the sentence -> when its pictures came first
    for message in arrived:
        number = numbers.get(sentence_shown(message.raw) or ())
        if number is not None:
            shown.setdefault(number, message.at)
    waited = [
        (min(at for number, at in shown.items() if number >= mine) - item.at) * 1000
        for mine, item in enumerate(sent)
    ]
    received = sum(len(message.raw) for message in arrived)
    return Typed(waited, len(shown), max(shown.values()) - sent[0].at, received)


def sentence_shown(raw: bytes) -> tuple[str, ...] | None:
    """The source words of the pictures in a message, None if it has none."""
    return sentence_in(ForwardMsg.FromString(raw))


def sentence_in(message: ForwardMsg) -> tuple[str, ...] | None:
    """The same of a message that is read already."""
    if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
        return None
    element = message.delta.new_element
    component = element.bidi_component
    if element.WhichOneof("type") != "bidi_component" or component.component_name != "s2s.view":
        return None
    sent: dict[str, Any] = json.loads(
        component.mixed.json if component.WhichOneof("data") == "mixed" else component.json
    )
    if sent["view"] != "cards":
        return None
    panels: list[dict[str, Any]] = sent["panels"]
    found = [
        tuple(panel["numbers"]["source"][:-1]) for panel in panels if panel["numbers"]
    ]  # without the end
    if len(found) != 3 or len(set(found)) != 1:
        raise RuntimeError(f"expected three pictures of one sentence, found {found}")
    return found[0]


def spelled(sentence: str) -> tuple[str, ...]:
    """The source words that pictures of a sentence carry."""
    return tuple(word.text for word in words(sentence, FIRST.source))


def connected(server: Server) -> connect:
    """A websocket as a browser opens it."""
    address = f"ws://{HOST}:{server.port}/_stcore/stream"
    return connect(
        address, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None, proxy=None
    )


async def run_page(connection: ClientConnection, name: str = "") -> list[ForwardMsg]:
    """Run the whole first page, or the one of this name, as a new visitor; everything it sends."""
    request = BackMsg()
    request.rerun_script.query_string = ""
    request.rerun_script.page_name = name
    await connection.send(request.SerializeToString())
    messages: list[ForwardMsg] = []
    while not messages or messages[-1].WhichOneof("type") != "script_finished":
        raw = await asyncio.wait_for(connection.recv(), _LOADED_WITHIN)
        message = ForwardMsg()
        message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
        messages.append(message)
    return messages


def field_of(messages: list[ForwardMsg]) -> Field:
    """The sentence field: the page's component `typing`."""
    page = next(m.new_session.page_script_hash for m in messages if m.WhichOneof("type") == "new_session")
    for message in messages:
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.bidi_component.component_name == "s2s.typing":
                return Field(page, element.bidi_component.id, message.delta.fragment_id)
    raise RuntimeError("the page has no sentence field")


def rerun(field: Field, sentence: str) -> BackMsg:
    """What a browser sends when a sentence stands in the field."""
    request = BackMsg()
    rerun = request.rerun_script
    rerun.query_string = ""
    rerun.page_script_hash = field.page
    rerun.fragment_id = field.fragment
    widget = rerun.widget_states.widgets.add()
    widget.id = field.widget
    widget.json_value = json.dumps({"text": sentence})
    return request
