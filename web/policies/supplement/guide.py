"""The guided form: at which step, which requirement, how much; its fields come from the requirement's own parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dangwu import FACETS, in_order, is_foreign, simple
from tenants.policies.plugins import installed
from tenants.policies.words import all_words
from web.kit.forms import Form
from web.kit.procedures import procedures, step_titles
from web.policies.supplement.write import Value, Written

MOST_WORDS = 60


class Ask(NamedTuple):
    """A field of the requirement that was picked: what it is called, what is typed, the words among which to choose."""

    name: str
    title: str
    input: str
    words: list[tuple[str, str]]
    categories: tuple[str, ...]


def steps() -> list[tuple[str, list[tuple[str, str]]]]:
    """The steps of the floor, (procedure/step, title) each, under the title of their procedure."""
    floor = installed().floor
    return [
        (
            title,
            [(f"{name}/{step}", one) for step, one in step_titles(name).items() if step in floor.steps(name)],
        )
        for name, title in procedures().items()
    ]


def requirements() -> list[tuple[str, str]]:
    """The requirements that a form can ask for: those of the contract with at least one such parameter."""
    return [(name, FACETS[name].title) for name in _plain()]


def _plain() -> Iterable[str]:
    return [name for name in in_order(FACETS) if not is_foreign(name) and [*simple(FACETS[name])]]


def asks(facet: str) -> list[Ask]:
    """The fields of a requirement; none for what is none."""
    if facet not in _plain():
        return []
    return [
        Ask(one.name, one.title, one.input, _words(one.categories), one.categories)
        for one in simple(FACETS[facet])
    ]


def _words(categories: tuple[str, ...]) -> list[tuple[str, str]]:
    known = all_words().by
    found = {word: title for category in categories for word, title in known.get(category, {}).items()}
    return list(found.items())[:MOST_WORDS]


def composed(form: Form) -> Written:
    """The rule that was put together. Raises Invalid by field."""
    known = [step for _, listed in steps() for step, _ in listed]
    step = form.choice("step", "环节", known)
    facet = form.choice("facet", "要求", [name for name, _ in requirements()])
    params: dict[str, Value] = {}
    words: dict[str, list[str]] = {}
    for one in asks(facet):
        _read(form, one, params, words)
    if facet and not params and not words:
        form.refuse("facet", "没有写要求什么。请至少填一项。")
    title, source = form.text("rule-title", "规则名称", longest=60), form.text("source", "文件名称")
    clause, year = form.text("clause", "条款", longest=60), form.number("year", "年份", required=False)
    if year is not None and not 1949 <= year <= 2199:
        form.refuse("year", "年份应为 1949 至 2199。")
    form.check("这条规则没有填对，还没有加进文本。请按下面的提示改正。")
    return Written(
        step=step, title=title, facet=facet, params=params, words=words, source=source, year=year, clause=clause
    )  # fmt: skip


def _read(form: Form, one: Ask, params: dict[str, Value], words: dict[str, list[str]]) -> None:
    """One field into the parameters; new words, which are titles, apart."""
    name = f"p-{one.name}"
    if one.input == "flag":
        if form.flag(name):
            params[one.name] = True
    elif one.input == "number":
        if (found := form.number(name, one.title, required=False)) is not None:
            params[one.name] = found
    elif one.input == "share":
        if said := form.text(name, one.title, required=False, longest=20):
            params[one.name] = said
    else:
        if chosen := form.many(name, [word for word, _ in one.words]):
            params[one.name] = chosen
        if new := form.text(f"new-{one.name}", one.title, required=False, longest=60):
            _declare(form, one, new, words)


def _declare(form: Form, one: Ask, new: str, words: dict[str, list[str]]) -> None:
    """A new word, where it is none that is known."""
    if all_words().id_of(new, one.categories):
        form.refuse(f"new-{one.name}", f"“{new}”已经有了，在上面的选项中。请直接选它。")
        return
    words[f"{one.name}:{one.categories[0]}"] = [new]
