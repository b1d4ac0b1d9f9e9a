"""Passwords: what a good one is, and argon2 hashes of them."""

from __future__ import annotations

import asyncio
import secrets
import string
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from core.errors import Invalid

LEAST_LENGTH = 10
MOST_LENGTH = 128


def _word(length: int) -> str:
    """Random bytes, as they stand in a hash."""
    return b64encode(secrets.token_bytes(length)).rstrip(b"=").decode()


_hasher = PasswordHasher()
_NOBODYS = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    f"${_word(_hasher.salt_len)}${_word(_hasher.hash_len)}"
)
"""A hash that nothing matches, of no password at all: an unknown login takes as long as a known one."""

_EASY = ("password", "qwerty", "123456", "abc123", "111111", "dangwu", "zuzhibu", "admin")
"""Never as a part; whole passwords that are common, or made of what is, are zxcvbn's to know."""

LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: some 10^8 guesses of somebody who tries common passwords, names, years, rows of keys first."""
_READ = 72
"""As much of a password as zxcvbn looks at."""


def check_password(password: str, *, login: str, name: str = "") -> None:
    """Raise Invalid, naming everything that is wrong with it at once (field `password`). Takes some ms: not on the event loop."""
    problems = _problems(password, login, name)
    if problems:
        sentence = "密码不符合要求：" + "；".join(problems) + "。请重新设置。"
        raise Invalid(sentence, code="password", fields={"password": sentence})


def _problems(password: str, login: str, name: str) -> list[str]:
    found = []
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        found.append(f"长度应为 {LEAST_LENGTH} 至 {MOST_LENGTH} 个字符")
    if _kinds_of_characters(password) < 3:
        found.append("应包含大写字母、小写字母、数字、符号（含汉字）中的至少三类")
    lower = password.lower()
    if (login and login.lower() in lower) or (name and name in password):
        found.append("不能包含登录名或姓名")
    if any(word in lower for word in _EASY) or _common(password, login, name):
        found.append("与常见密码相近、容易猜到（例如 123456、password、键盘上相邻的键、年份）")
    return found


def _common(password: str, login: str, name: str) -> bool:
    """Whether it stands on the list of common ones, or is made of what does."""
    # The lists are some megabytes, which only a process in which somebody sets a password needs.
    from zxcvbn import zxcvbn

    guessed = zxcvbn(password[:_READ], user_inputs=[word for word in (login, name) if word])
    return bool(password) and guessed["score"] < LEAST_SCORE


def _kinds_of_characters(password: str) -> int:
    return (
        any(c in string.ascii_lowercase for c in password)
        + any(c in string.ascii_uppercase for c in password)
        + any(c.isdigit() for c in password)
        + any(c not in string.ascii_letters and not c.isdigit() for c in password)
    )


FIRST_PASSWORD_HOURS = 72
"""How long a password that somebody else has seen lets its owner in."""


def first_password() -> str:
    """A password to hand over, which has to be changed at the first sign-in: no letters that are easily confused."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    parts = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(2)]
    return f"{parts[0].capitalize()}-{parts[1]}-{secrets.randbelow(9000) + 1000}"


async def hash_password(password: str) -> str:
    """The argon2id hash to store (some 50 ms, off the event loop)."""
    return await asyncio.to_thread(_hasher.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash; takes the same time when there is no hash (None)."""

    def verify() -> bool:
        try:
            return _hasher.verify(stored or _NOBODYS, password) and stored is not None
        except VerificationError:
            return False

    return await asyncio.to_thread(verify)


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's and should be made anew."""
    return _hasher.check_needs_rehash(stored)
