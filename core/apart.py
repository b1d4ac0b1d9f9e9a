"""Work that may take too much, apart: in a process of its own, with limits of memory and time, and without our secrets.

That process (core/nursery.py) takes `MODULE FUNCTION MEMORY SECONDS WALL FILE` in a line and then its input, calls
`MODULE.work(bytes) -> bytes`, or `MODULE.stream(file) -> bytes` where the input comes bit by bit, and sends a byte of what came
of it, eight of the length, and the answer. Whatever becomes of it, the process that asked goes on.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
from collections.abc import AsyncIterable
from contextlib import suppress
from importlib import import_module
from typing import Protocol

import msgspec

from core.errors import Invalid
from core.nursery import Nursery, confine

AT_ONCE = 2
"""How many such processes one of ours has at a time: what they may use together stays below what a small machine has."""

DONE, REFUSED, MISTAKEN, USED_UP = b"+", b"-", b"!", b"~"
_LENGTH = 8
_COURTESY = 10
_room = asyncio.Semaphore(AT_ONCE)


class Limits(msgspec.Struct, frozen=True):
    """Bytes of memory (Linux; address space), seconds of processor time, seconds in all, bytes of the answer, of a file."""

    memory: int
    seconds: int
    wall: int
    answer: int
    file: int = 0


class Exhausted(Exception):
    """The work has used up what it was allowed, or ended its process."""


class Readable(Protocol):
    """Where the process reads what it was given."""

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer at the end; all that is left without a size."""


class _Refusal(msgspec.Struct, array_like=True):
    sentence: str
    code: str


Given = bytes | AsyncIterable[bytes]


async def apart(module: str, given: Given, limits: Limits) -> bytes:
    """The answer of `module.work(given)`; of `module.stream(file)` where `given` comes bit by bit, which no one ever holds whole.

    Raises what it refuses (Invalid), what `given` raises, Exhausted beyond `limits`; waits for its turn."""
    async with _room:
        # Whoever stops waiting here closes the socket: a process that is told nothing ends.
        nursery, pid, connection = await asyncio.to_thread(Nursery.begun, __name__, module)
        try:
            async with asyncio.timeout(limits.wall):
                came, answer = await _answer(connection, module, given, limits)
        except TimeoutError:
            raise Exhausted(f"{module}: {limits.wall} s") from None
        except (ConnectionError, asyncio.IncompleteReadError):
            raise Exhausted(f"{module}: ended") from None
        finally:
            connection.close()
            await asyncio.to_thread(nursery.end, pid)
    if came == USED_UP:
        raise Exhausted(f"{module}: no memory is left")
    if came == MISTAKEN:
        raise RuntimeError(f"{module}: failed with {answer.decode()}")
    if came == REFUSED:
        refusal = msgspec.msgpack.decode(answer, type=_Refusal)
        raise Invalid(refusal.sentence, code=refusal.code)
    return answer


async def _answer(
    connection: socket.socket, module: str, given: Given, limits: Limits
) -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        function = "work" if isinstance(given, bytes) else "stream"
        words = (module, function, limits.memory, limits.seconds, limits.wall, limits.file)
        writer.write(" ".join(map(str, words)).encode() + b"\n")
        # It may end before it has read all: then there is no answer.
        with suppress(ConnectionError):
            await _write(writer, given)
        came = await reader.readexactly(1)
        length = int.from_bytes(await reader.readexactly(_LENGTH), "big")
        if length > limits.answer:
            raise Exhausted(f"{module}: an answer of more than {limits.answer} bytes")
        return came, await reader.readexactly(length)
    finally:
        writer.transport.abort()


async def _write(writer: asyncio.StreamWriter, given: Given) -> None:
    if isinstance(given, bytes):
        writer.write(given)
    else:
        async for part in given:
            writer.write(part)
            await writer.drain()
    writer.write_eof()
    await writer.drain()


def serve(descriptor: int) -> None:
    """What the process does."""
    with socket.socket(fileno=descriptor) as connection, connection.makefile("rwb") as file:
        module, function, *limits = file.readline().decode().split()
        _confine(*map(int, limits))
        came, answer = _worked(module, function, file)
        file.write(came + len(answer).to_bytes(_LENGTH, "big") + answer)


def _worked(module: str, function: str, given: Readable) -> tuple[bytes, bytes]:
    try:
        known = import_module(module)
        return DONE, known.work(given.read()) if function == "work" else known.stream(given)
    except Invalid as refused:
        return REFUSED, msgspec.msgpack.encode(_Refusal(refused.sentence, refused.code))
    except MemoryError:
        return USED_UP, b""
    except Exception as error:
        # Its name alone: what it says may be somebody's data.
        return MISTAKEN, type(error).__name__.encode()


def _confine(memory: int, seconds: int, wall: int, file: int) -> None:
    """No more than this for the process we are; and others come before it."""
    os.nice(_COURTESY)
    confine(memory, file)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.alarm(wall)
