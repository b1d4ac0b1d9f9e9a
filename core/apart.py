"""Work that may take too much, apart: in a process of its own, with limits of memory and time, and without our secrets.

`python -m core.apart MODULE MEMORY SECONDS WALL FILE` is that process: it reads its input whole, calls
`MODULE.work(bytes) -> bytes` and writes the answer. Whatever becomes of it, the process that asked goes on.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import msgspec

from core.errors import Invalid

AT_ONCE = 2
"""How many such processes one of ours has at a time: what they may use together stays below what a small machine has."""

REFUSED, DONE, USED_UP = b"-", b"+", 75
_LINUX = sys.platform.startswith("linux")
_FIRST_TO_GO = "1000"
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


class _Refusal(msgspec.Struct, array_like=True):
    sentence: str
    code: str


async def apart(module: str, given: bytes, limits: Limits) -> bytes:
    """The answer of `module.work(given)`. Raises what it refuses (Invalid), Exhausted beyond `limits`; waits for its turn."""
    async with _room:
        process = await _started(module, limits)
        try:
            async with asyncio.timeout(limits.wall):
                answer = await _answer(process, given, limits.answer)
                code = await process.wait()
        except TimeoutError:
            raise Exhausted(f"{module}: {limits.wall} s") from None
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if code < 0 or code == USED_UP:
        raise Exhausted(f"{module}: ended by {code}")
    if code:
        raise RuntimeError(f"{module}: failed with {code}")
    if answer[:1] == REFUSED:
        refusal = msgspec.msgpack.decode(answer[1:], type=_Refusal)
        raise Invalid(refusal.sentence, code=refusal.code)
    return answer[1:]


async def _started(module: str, limits: Limits) -> Process:
    words = [module, *map(str, (limits.memory, limits.seconds, limits.wall, limits.file))]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DANGWU_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-B", "-m", "core.apart", *words, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=ours
    )  # fmt: skip


async def _answer(process: Process, given: bytes, most: int) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    # It may end before it has read all: then its exit code says why.
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(given)
        await process.stdin.drain()
        process.stdin.close()
    answer = bytearray()
    while part := await process.stdout.read(1 << 16):
        answer += part
        if len(answer) > most:
            raise Exhausted(f"an answer of more than {most} bytes")
    return bytes(answer)


def _confine(memory: int, seconds: int, wall: int, file: int) -> None:
    """No more than this for the process we are. Others come before it, and if memory runs short, it is the first to go."""
    os.nice(_COURTESY)
    for which, most in (
        (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, file),
        *([(resource.RLIMIT_AS, memory)] if _LINUX else []),
    ):  # fmt: skip
        resource.setrlimit(which, (most, most))
    signal.alarm(wall)


def main(module: str, *limits: str) -> int:
    """What the process does; its exit code."""
    if _LINUX:
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO)
    _confine(*map(int, limits))
    try:
        answer = DONE + import_module(module).work(sys.stdin.buffer.read())
    except Invalid as refused:
        answer = REFUSED + msgspec.msgpack.encode(_Refusal(refused.sentence, refused.code))
    except MemoryError:
        return USED_UP
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
