"""The forms of pushed messages, read from forms.yaml, and a message put into one. Pure: the moment is a parameter."""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import httpx
import msgspec

_SLOT = re.compile(r"\{(text|title|id|timestamp|secret|body|sign)\}")


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed, under which key."""

    key: str
    text: str


Body = dict[str, "str | dict[str, str]"]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of address; `answer` empty: any answer of success will do."""

    title: str
    cite: str
    body: Body
    clock: Literal["seconds", "milliseconds"] = "seconds"
    sign: Sign | None = None
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    answer: dict[str, int] = {}

    def taken(self, content: bytes) -> bool:
        """Whether an answer says that the message was taken: these robots answer 200 to what they refuse."""
        if not self.answer:
            return True
        try:
            said = msgspec.json.decode(content, type=dict[str, object])
        except msgspec.DecodeError:
            return False
        return all(said.get(name) == value for name, value in self.answer.items())


FORMS: dict[str, Form] = msgspec.yaml.decode(
    Path(__file__).with_name("forms.yaml").read_bytes(), type=dict[str, Form]
)


class Message(msgspec.Struct, frozen=True):
    """What is pushed; `id` stays when it is tried again."""

    id: str
    title: str
    text: str


class Call(msgspec.Struct, frozen=True):
    """What goes over the wire."""

    url: str
    headers: dict[str, str]
    content: bytes


def call(form: Form, url: str, secret: str, message: Message, now: datetime) -> Call:
    """A message as a form has it, signed at this moment."""
    units = 1000 if form.clock == "milliseconds" else 1
    values = {
        **msgspec.structs.asdict(message),
        "secret": secret,
        "timestamp": str(int(now.timestamp() * units)),
    }
    signs_body = form.sign is not None and "{body}" in form.sign.text
    if signs_body:
        values["body"] = msgspec.json.encode(_filled(form.body, values)).decode()
    if form.sign is not None:
        key, text = (_put(one, values).encode() for one in (form.sign.key, form.sign.text))
        values["sign"] = b64encode(hmac.digest(key, text, "sha256")).decode()
    content = values["body"].encode() if signs_body else msgspec.json.encode(_filled(form.body, values))
    headers = {name: _put(value, values) for name, value in form.headers.items()}
    query = {name: _put(value, values) for name, value in form.query.items()}
    address = httpx.URL(url).copy_merge_params(query) if query else httpx.URL(url)
    return Call(str(address), {"content-type": "application/json", **headers}, content)


def _filled(body: Body, values: Mapping[str, str]) -> dict[str, object]:
    return {
        name: _put(part, values)
        if isinstance(part, str)
        else {key: _put(one, values) for key, one in part.items()}
        for name, part in body.items()
    }


def _put(text: str, values: Mapping[str, str]) -> str:
    """Once: what is put in is not looked through for further slots."""
    return _SLOT.sub(lambda found: values[found[1]], text)
