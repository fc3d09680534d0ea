"""A page that is open, as a raw websocket session that asks again as a browser does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

Ask = Callable[[], BackMsg]


async def followed(connection: ClientConnection, ask: Ask) -> AsyncGenerator[ForwardMsg]:
    """All that a page is sent. What it is to draw again now and then is asked for with what `ask` says of its
    fields."""
    asking: dict[str, asyncio.Task[None]] = {}
    try:
        async for raw in connection:
            assert isinstance(raw, bytes)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "auto_rerun":
                fragment, every = message.auto_rerun.fragment_id, message.auto_rerun.interval
                if fragment in asking:
                    asking.pop(fragment).cancel()
                asking[fragment] = asyncio.create_task(_again(connection, ask, fragment, every))
            elif kind == "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    if fragment in asking:
                        asking.pop(fragment).cancel()
            yield message
    finally:
        for task in asking.values():
            task.cancel()


async def _again(connection: ClientConnection, ask: Ask, fragment: str, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        request = ask()
        request.rerun_script.fragment_id, request.rerun_script.is_auto_rerun = fragment, True
        await connection.send(request.SerializeToString())
