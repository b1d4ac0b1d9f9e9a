"""A plugin as a page to be printed or read aloud: what it is, its rules step by step with their sources, what is left open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

import msgspec

from dangwu.plugins.origin import Origin
from dangwu.plugins.plugins import Plugins
from dangwu.policy.blanks import bind
from dangwu.policy.note import Unwritten
from dangwu.policy.policy import Policy, Rule
from dangwu.regime.adoption import Adoption
from dangwu.regime.regime import Regime
from dangwu.say import ruling
from dangwu.say.titles import Titles, level


class Part(msgspec.Struct, frozen=True):
    """A rule: its title, what it asks for, and in small print where it comes from and when it holds."""

    title: str
    lines: tuple[str, ...]
    small: str


class Section(msgspec.Struct, frozen=True):
    """A step with its rules, or another chapter of the page."""

    title: str
    parts: tuple[Part, ...]


class Leaflet(msgspec.Struct, frozen=True):
    """The page: a title, a few lines about it, its chapters."""

    title: str
    head: tuple[str, ...]
    sections: tuple[Section, ...]


def leaflet(plugins: Plugins, policy: Policy) -> Leaflet:
    """The page of a policy, beside the floor with its own rules all on. Raises ConflictError if they cannot be combined."""
    adopted = [] if policy.floor else [Adoption(policy, also=frozenset(policy.rule_ids()))]
    return _Writer(policy, plugins.compose(adopted)).leaflet(plugins.origins.get(policy.id))


class _Writer:
    def __init__(self, policy: Policy, regime: Regime) -> None:
        self.policy, self.regime, self.known = policy, regime, Titles.of(regime)

    def leaflet(self, origin: Origin | None) -> Leaflet:
        policy = self.policy
        version = policy.version or (origin.version if origin else "")
        where = f"{policy.place}（插件 {policy.id}{f' {version}' if version else ''}）".lstrip()
        return Leaflet(
            policy.title, tuple(one for one in (where, policy.about) if one), tuple(self._sections())
        )

    def _sections(self) -> Iterator[Section]:
        for step, rules in self._by_step():
            facts = self.regime.steps.get(step)
            by = f"（{level(facts.level)}）" if facts else ""
            parts = tuple(self._part(step, rule) for rule in rules)
            yield Section(f"{self.known.title(step)}{by}" if step else "不属于某一环节的规定", parts)
        others = {
            "留给地方填写的": self._blanks(),
            "没有采用的": self._refused(),
            "只有名称、原文没有写出内容的": self._titled(self.policy.unwritten),
            "没有可以核对的内容的": self._titled(self.policy.unchecked),
            "依据": self._sources(),
        }
        for title, found in others.items():
            if listed := tuple(found):
                yield Section(title, listed)

    def _by_step(self) -> Iterator[tuple[str, Sequence[Rule]]]:
        """The steps in the order of their procedure, each with the entries that are about it."""
        order = [step.id for name in self.regime.floor.procedures for step in self.regime.plan(name).steps]
        order += [step for rule in self.policy.rules for step in rule.steps]
        for step in dict.fromkeys(order):
            if mine := [rule for rule in self.policy.rules if step in rule.steps]:
                yield step, mine
        if loose := [rule for rule in self.policy.rules if not rule.steps]:
            yield "", loose

    def _part(self, step: str, rule: Rule) -> Part:
        facets = bind(rule, {})
        opener = rule.kind == "add" and rule.steps[:1] == (step,) and not self.policy.floor
        lines = (
            *ruling.place(rule, self.known, opener=opener),
            *ruling.requires(rule, facets, self.known),
            *(f"待填：{self.policy.blanks[one].title}" for one in rule.blanks),
        )
        return Part(
            ruling.title(rule), (*lines, *([rule.note] if rule.note else [])), "；".join(self._small(rule))
        )

    def _small(self, rule: Rule) -> Iterator[str]:
        source = self.policy.sources[rule.cite.source]
        number = f"（{source.number}）" if source.number else ""
        yield f"《{source.title}》{number}{rule.cite.clause}"
        yield from ruling.bounds(rule, self.known)
        yield from ruling.marks(rule)
        yield f"规则 {rule.id}"

    def _blanks(self) -> Iterator[Part]:
        for name, one in self.policy.blanks.items():
            yield Part(one.title, (one.for_,) if one.for_ else (), f"填空 {name}")

    def _refused(self) -> Iterator[Part]:
        yield from (Part(one.id, (one.reason,), one.note) for one in self.policy.refused)

    def _titled(self, notes: Iterable[Unwritten]) -> Iterator[Part]:
        for one in notes:
            yield Part(one.title, (one.reason,) if one.reason else (), f"规则 {one.id}")

    def _sources(self) -> Iterator[Part]:
        for one in self.policy.sources.values():
            small = "；".join(str(part) for part in (one.publisher, one.year, one.number, one.url) if part)
            yield Part(f"《{one.title}》", (one.note,) if one.note else (), small)


def text(page: Leaflet) -> str:
    """The page as plain text."""
    lines = [page.title, "=" * 2 * len(page.title), *page.head]
    for section in page.sections:
        lines += ["", f"【{section.title}】"]
        for part in section.parts:
            small = [f"    （{part.small}）"] if part.small else []
            lines += [f"· {part.title}", *(f"    {line}。" for line in part.lines), *small]
    return "\n".join(lines) + "\n"


STYLE = (
    "body{font:16px/1.7 serif;max-width:46em;margin:2em auto;padding:0 1em}h2{border-bottom:1px solid;page-break-after:avoid}"
    "section div{page-break-inside:avoid}small{color:#555}ul{margin:.2em 0}@media print{body{margin:0}}"
)


def html(page: Leaflet) -> str:
    """The page as one HTML file that needs nothing else."""
    title = escape(page.title)
    body = "".join(f"<p>{escape(line)}</p>\n" for line in page.head)
    body += "".join(_section(one) for one in page.sections)
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n{body}</body></html>\n"
    )


def _section(one: Section) -> str:
    return f"<section><h2>{escape(one.title)}</h2>\n{''.join(_part(part) for part in one.parts)}</section>\n"


def _part(one: Part) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in one.lines)
    small = f"<small>{escape(one.small)}</small>" if one.small else ""
    return (
        f"<div><strong>{escape(one.title)}</strong>{f'<ul>{lines}</ul>' if lines else '<br>'}{small}</div>\n"
    )


__all__ = ["Leaflet", "html", "leaflet", "text"]
