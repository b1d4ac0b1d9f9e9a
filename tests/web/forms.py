"""The forms of a page as a browser reads them, and what is wrong with how a page takes what cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import msgspec

CHOSEN = ("radio", "checkbox", "select")
TYPED = ("text", "search", "textarea", "email", "tel", "number")

Sent = dict[str, list[str]]
"""What is sent: name → values."""


def shown(page: str) -> str:
    """What the button of a preview says, which makes what was shown (`keep`)."""
    found = re.search(r'name="keep" value="(\w+)"', page)
    assert found, "nothing can be confirmed"
    return found[1]


class Field(msgspec.Struct):
    """A field; of a box or a choice: the values that can be had, and those that are chosen."""

    name: str
    kind: str
    longest: int = 0
    value: str = ""
    offered: list[str] = []
    chosen: list[str] = []

    def sent(self) -> list[str]:
        """What a browser sends of it as it stands."""
        return self.chosen if self.kind in CHOSEN else [self.value]


class Form(msgspec.Struct):
    """A form that is sent by POST."""

    action: str
    fields: dict[str, Field] = {}

    def of(self, *kinds: str) -> list[Field]:
        """Its fields of these kinds."""
        return [one for one in self.fields.values() if one.kind in kinds]

    def sent(self, **otherwise: list[str]) -> Sent:
        """What a browser sends of it, but for some fields."""
        return {one.name: one.sent() for one in self.fields.values() if one.kind != "file"} | otherwise


class Read(HTMLParser):
    """A page: its forms, the ids on it, where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.folded: set[str] = set()
        """The ids in what is not open."""
        self._open: list[bool] = []
        self._form: Form | None = None
        self._field: Field | None = None
        self.feed(html)

    def form(self, action: str) -> Form | None:
        """The one that is sent there."""
        return next((one for one in self.forms if one.action == action), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Of a form, a field, a choice, a link."""
        given = {name: value or "" for name, value in attrs}
        if tag == "details":
            self._open.append("open" in given)
        if "id" in given:
            self.ids.append(given["id"])
            self.folded |= {given["id"]} if not all(self._open) else set()
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", "").partition("#")[0])
            if given.get("method", "").lower() == "post":
                self.forms.append(self._form)
        elif tag == "option" and self._field is not None:
            self._field.offered.append(given.get("value", ""))
            if "selected" in given:
                self._field.chosen = [given.get("value", "")]
        elif tag in ("input", "select", "textarea") and self._form is not None and "name" in given:
            self._begun(self._form, tag, given)

    def _begun(self, form: Form, tag: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        longest = int(given.get("maxlength") or given.get("data-longest") or 0)
        field = form.fields.setdefault(given["name"], Field(given["name"], kind, longest))
        if kind in ("radio", "checkbox"):
            field.offered.append(given.get("value", "on"))
            field.chosen += [given.get("value", "on")] if "checked" in given else []
        elif tag == "input":
            field.value = given.get("value", "")
        else:
            self._field = field

    def handle_endtag(self, tag: str) -> None:
        """The first choice is chosen where none is."""
        if tag == "details":
            self._open.pop()
        if tag == "form":
            self._form = None
        if tag in ("select", "textarea"):
            if tag == "select" and self._field is not None and not self._field.chosen:
                self._field.chosen = self._field.offered[:1]
            self._field = None

    def handle_data(self, data: str) -> None:
        """What stands in a large field."""
        if self._field is not None and self._field.kind == "textarea":
            self._field.value += data


def wrong(form: Form) -> Iterator[tuple[str, Sent]]:
    """What no form takes, by a name: nothing at all, what is none of the choices and no day, texts that are too long."""
    yield "nothing", form.sent(**{one.name: [""] for one in form.of(*TYPED, "date")}, **_unchosen(form))
    if form.of("date", *CHOSEN):
        strange = {one.name: ["9999-99-99"] for one in form.of("date")}
        yield "strange", form.sent(**strange, **{one.name: ["no-such"] for one in form.of(*CHOSEN)})
    if any(one.longest for one in form.of(*TYPED)):
        yield "long", form.sent(**{one.name: ["长" * 9_000] for one in form.of(*TYPED)})


def _unchosen(form: Form) -> Sent:
    return {one.name: [""] if one.kind == "select" else [] for one in form.of(*CHOSEN)}


def held_against(before: Read, form: Form, typed: Sent, html: str) -> Iterator[str]:
    """What is wrong with a page that refuses what was typed into a form of the page `before`: no sentence says why, a link leads
    to no field, another form is sent elsewhere, something that was typed is gone."""
    page = Read(html)
    for other in before.forms:
        if page.form(other.action) is None and other.action != "/drafts/discard":
            yield f"no form is sent to {other.action} any more"
    if not re.search(r"data-problem>\s*<h2>[^<]*[一-鿿][^<]*。</h2>", html):
        yield "no sentence says why"
    for link in page.links:
        if link.startswith("#f-") and page.ids.count(link[1:]) != 1:
            yield f"{link} leads to {page.ids.count(link[1:])} fields"
        if link[1:] in page.folded:
            yield f"{link} leads to what is folded"
    for name, said in re.findall(r'class="wrong" id="e-([^"]+)">([^<]*)<', html):
        if not re.search("[一-鿿].*。$", said) or len(said) > 400:
            yield f"“{said[:60]}” is no sentence for a person"
        if said.startswith("请填写") and name in form.fields and form.fields[name].kind in CHOSEN:
            yield f"“{said}” of what is chosen"
    again = page.form(form.action)
    if again is None:
        return
    for field in form.of(*TYPED, "date", *CHOSEN):
        now = again.fields.get(field.name)
        kept = [one for one in typed.get(field.name, []) if field.kind not in CHOSEN or one in field.offered]
        if now is None:
            yield f"{field.name} is gone"
        elif [one.strip() for one in now.sent()] != [one.strip() for one in kept] and any(kept):
            yield f"{field.name}: “{kept[0][:20]}” was typed, now there is “{''.join(now.sent())[:20]}”"
