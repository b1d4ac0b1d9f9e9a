"""The form of a plugin's page: what it shows at first, and the change that it asks for once it is filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from dangwu import TAGS, TERMS, Blank, Policy, Share
from tenants.policies.changes import Activation, Adjust, Adopt, Change, Choice, End
from tenants.policies.check import LONGEST_TEXT
from tenants.policies.shelf import everything, read
from tenants.policies.updates import carried
from web.kit.forms import Form
from web.policies.plugin.reading import Reading

ADOPT, ADJUST, END = "adopt", "adjust", "end"
_SEPARATORS = re.compile(r"[\n、，,；;]+")

HINTS = {
    "text": "填文字，不超过 500 字。",
    "number": "只填数字，例如 15。",
    "share": "填比例：“>1/2”表示超过一半，“>=2/3”表示不少于三分之二。",
    "list": "每行一项，或用顿号分开，写中文名称，例如：公开栏、党员大会通报。",
}


Value = str | int | float | list[str]
"""What a blank can be filled with."""


def field_of(blank: str) -> str:
    """The name of a blank's input."""
    return f"fill-{blank}"


def first_form(shown: Reading, activation: Activation | None, today: date) -> Form:
    """The form as it opens: the present setting (as it reads by a newer text), or for a new adoption the defaults."""
    policy, choice = shown.policy, activation.choice if activation else Choice()
    if shown.instead_of is not None:
        choice = carried(choice, shown.instead_of, policy)
    values: dict[str, object] = {
        "act": ADJUST if activation else ADOPT,
        "activation": activation.id if activation else None,
        "text": shown.text if shown.newer else None,
        "day": max(activation.since, today) if activation else today,
        "until": activation.until if activation else None,
        "rule": sorted(rules_on(policy, choice)),
        "basis": choice.basis,
    }
    for name in policy.blanks:
        values[field_of(name)] = _as_text(choice.fill.get(name))
    return Form.blank(**values)


def rules_on(policy: Policy, choice: Choice) -> frozenset[str]:
    """The ids of the rules that are switched on."""
    return frozenset(
        rule.id
        for rule in policy.rules
        if rule.id not in choice.without and (not rule.off or rule.id in choice.also)
    )


def read_change(shown: Reading, form: Form) -> Change:
    """The change that the form asks for. Raises Invalid with a sentence for each field that is wrong."""
    policy = shown.policy
    act = form.choice("act", "要办的事", (ADOPT, ADJUST, END))
    day = form.date("day", "日期")
    activation = form.uuid("activation", "启用记录", required=act != ADOPT)
    if act == END:
        basis = form.text("basis", "依据", required=False)
        form.check()
        assert day is not None
        assert activation is not None
        return End(activation_id=activation, day=day, basis=basis)
    until = form.date("until", "停用日期", required=False)
    choice = read_choice(policy, form)
    form.check()
    assert day is not None
    if act == ADOPT or activation is None:
        return Adopt(plugin=policy.id, since=day, until=until, choice=choice)
    text = shown.text if shown.newer else ""
    return Adjust(activation_id=activation, day=day, until=until, choice=choice, text=text)


def read_choice(policy: Policy, form: Form) -> Choice:
    """Rules and blanks as they were ticked and filled; what is wrong is refused on the form."""
    ticked = set(form.many("rule"))
    normal = {rule.id for rule in policy.rules if not rule.off}
    fill = {
        name: value
        for name, blank in policy.blanks.items()
        if (value := read_fill(form, field_of(name), blank)) is not None
    }
    return Choice(
        without=frozenset(normal - ticked),
        also=frozenset(rule.id for rule in policy.rules if rule.off and rule.id in ticked),
        fill=fill,
        basis=form.text("basis", "依据", required=False),
    )


def read_fill(form: Form, name: str, blank: Blank) -> Value | None:
    """A blank's value in its own type; None where nothing was filled in, or where it was refused."""
    text = form.text(name, blank.title, required=False, longest=LONGEST_TEXT)
    if not text:
        return None
    if blank.type == "number":
        return _number(form, name, blank.title, text)
    if blank.type == "share":
        return _share(form, name, blank.title, text)
    if blank.type == "list":
        return [_word_of(part.strip()) for part in _SEPARATORS.split(text) if part.strip()]
    return text


@lru_cache(maxsize=64)
def _titles(state: object) -> dict[str, str]:
    """Every known word's Chinese title: the shared ones, the floor's and those of all plugins."""
    found: dict[str, str] = {}
    for policy in everything():
        for word, title in (*policy.terms.items(), *policy.tags.items()):
            found.setdefault(word, title)
    return found | TERMS | TAGS


@lru_cache(maxsize=64)
def _words(state: object) -> dict[str, str]:
    return {title: word for word, title in reversed(_titles(state).items())}


def _word_of(text: str) -> str:
    """The word that a clerk means by its Chinese title, so that it meets the others' word; else what he wrote."""
    return _words(read()).get(text, text)


def _number(form: Form, name: str, title: str, text: str) -> int | float | None:
    plain = text.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    if not re.fullmatch(r"\d+(\.\d+)?", plain):
        form.refuse(name, f"“{title}”填的是“{text}”，不是一个数。请只填数字，例如 15。")
        return None
    return float(plain) if "." in plain else int(plain)


def _share(form: Form, name: str, title: str, text: str) -> str | None:
    try:
        return str(Share(text))
    except ValueError:
        form.refuse(
            name, f"“{title}”填的是“{text}”，不是比例。请写成 >1/2（超过一半）或 >=2/3（不少于三分之二）。"
        )
        return None


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    return (
        "、".join(_titles(read()).get(str(one), str(one)) for one in value)
        if isinstance(value, list)
        else str(value)
    )


def shown_fill(blank: Blank, value: object) -> str:
    """A filled value as pages say it."""
    if blank.type == "share" and isinstance(value, str):
        return Share(value).words
    return _as_text(value) or ""


def hidden_fields(form: Form) -> list[tuple[str, str]]:
    """All that was filled in, to be carried through the preview."""
    return [(name, value) for name in form.names() if not name.startswith("_") for value in form.values(name)]


def fill_of(policy: Policy, form: Form) -> Mapping[str, object]:
    """The values that can be read, for showing what the rules require with them; refuses nothing."""
    silent = Form({name: form.values(name) for name in form.names()})
    return read_choice(policy, silent).fill


def editable(mine: Sequence[Activation], today: date) -> list[Activation]:
    """The unit's own activations that can still be adjusted, the one that runs today first."""
    left = [item for item in mine if not item.never and (item.until is None or today < item.until)]
    return sorted(left, key=lambda item: (not item.runs_on(today), item.since))
