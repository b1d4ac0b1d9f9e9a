"""Findings and requirements in plain Chinese, each with the rule, the document and the clause."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from dangwu.facets.base import Facet, Part
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import FACETS, kind_of
from dangwu.policy.policy import BASES, CHECKED, OnFailure, Rule
from dangwu.regime.absorbed import Absorbed, outdone, parts, said
from dangwu.regime.effective import StepRules
from dangwu.regime.excepting import level_for
from dangwu.regime.feasible import Infeasible
from dangwu.regime.origins import Origin
from dangwu.regime.regime import Regime
from dangwu.say.rating import RATING_SENTENCES
from dangwu.say.sentences import STEP_SENTENCES
from dangwu.say.titles import Titles, demand, excepted
from dangwu.values.lattice import joins


class Citation(msgspec.Struct, frozen=True):
    """A rule and where it comes from: the document (`source`: its title in 《》, with its number), the clause, the plugin.

    `policy` is the plugin's title, `title` the rule's own; `checked` and `basis` are doubts in words, empty where there are
    none. `since` is its first day here, None: as long as its source.
    """

    rule: str
    plugin: str
    policy: str
    title: str
    source: str
    clause: str
    checked: str
    basis: str
    document: str
    """The document's title alone."""
    number: str
    since: date | None
    note: str

    @property
    def marks(self) -> tuple[str, ...]:
        """The doubts that must be shown beside it."""
        return tuple(mark for mark in (self.basis, self.checked) if mark)


class Line(msgspec.Struct, frozen=True):
    """One requirement: its text, who set it, and what it rests on."""

    facet: str
    param: str
    key: str
    text: str
    advisory: bool
    citations: tuple[Citation, ...]


def title(regime: Regime, word: str) -> str:
    """The Chinese title of a word, a step or `a|b|c` (a、b或c); the word itself where nobody declared it."""
    return Titles.of(regime).title(word)


def sentence(regime: Regime, finding: Finding) -> str:
    """What happened and what to do, as a whole sentence (without the rules: see `citations`)."""
    form = {**STEP_SENTENCES, **RATING_SENTENCES}.get(finding.code) or kind_of(finding.facet).sentences.get(
        finding.reason
    )
    if not form:
        return _own_words(regime, finding)
    values = {key: _shown(regime, key, value) for key, value in finding.values.items()}
    own = kind_of(finding.facet).answers
    named = (own.get(key) or title(regime, key) for key in finding.keys if key)
    values.setdefault("keys", "、".join(named) or "规定的内容")
    values.setdefault("plugin", _policy_title(regime, finding.plugin))
    return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], "")), form) + "。"


def _own_words(regime: Regime, finding: Finding) -> str:
    """What a plugin's own check says, with the plugin's name: there is no rule to cite."""
    text = str(finding.values.get("sentence", finding.code)).rstrip("。")
    return f"{text}（{_policy_title(regime, finding.plugin)}）。" if finding.plugin else f"{text}。"


def _shown(regime: Regime, key: str, value: Any) -> str:
    if key == "to":
        return f"退回到“{title(regime, value)}”" if value else "终止"
    if key == "demand":
        return f"“{demand(value)}”"
    if key == "demands":
        return "、".join(f"“{demand(one)}”" for one in value) or "无"
    if key == "rules":
        return "、".join(f"{one.source}{one.clause}（{one.policy}）" for one in cited(regime, value))
    if key == "why":
        return Titles.of(regime).said(value)
    if isinstance(value, list | tuple):
        return "、".join(title(regime, str(one)) for one in value) or "前面的环节"
    if isinstance(value, str) and key in ("step", "anchor", "level", "lower", "group"):
        return title(regime, value)
    return str(value)


def _policy_title(regime: Regime, plugin: str) -> str:
    policy = regime.policies.get(plugin)
    return policy.title if policy else plugin


def citation(regime: Regime, rule_id: str, entry: Rule | None = None, day: date | None = None) -> Citation:
    """Where a rule comes from, as of a day; `entry` is the very entry meant, where several share the id."""
    bound = regime.entry(rule_id, day, entry)
    rule, policy = bound.rule, bound.policy
    cite = rule.cite_on(day) if day is not None else rule.cite
    source = policy.sources[cite.source]
    number = f"（{source.number}）" if source.number else ""
    since = regime.begins[rule_id]
    return Citation(
        rule=rule.id,
        plugin=rule.plugin,
        policy=policy.title,
        title=rule.title or rule.step.title,
        source=f"《{source.title}》{number}",
        clause=cite.clause,
        checked=CHECKED[rule.checked] if rule.checked != "verified" else "",
        basis=BASES[rule.basis] if rule.basis != "stated" else "",
        document=source.title,
        number=source.number,
        since=since if since > date.min else None,
        note=rule.note,
    )


def cited(regime: Regime, rule_ids: Iterable[str], day: date | None = None) -> tuple[Citation, ...]:
    """Where rules come from as of a day, each once; one that this regime does not have is left out."""
    return tuple(citation(regime, one, day=day) for one in dict.fromkeys(rule_ids) if one in regime.rules)


def citations(regime: Regime, rules: StepRules | None, finding: Finding) -> tuple[Citation, ...]:
    """The rules that a finding rests on."""
    if rules is None:
        return ()
    facet = finding.facet
    if finding.code == "step.return":
        ids = failing(regime, rules)
    else:
        ids = rules.rules_of(facet, finding.param, finding.keys, stops=finding.blocks) or (
            rules.attaining if facet == "step" else ()
        )
    return cited(regime, ids, rules.day)


def failing(regime: Regime, rules: StepRules) -> tuple[str, ...]:
    """The rules that say what follows a failure of this step; none where nothing is said."""
    if rules.on_failure == OnFailure():
        return ()
    said = {
        bound.rule.id
        for bound in regime.bound
        if rules.id in bound.rule.steps and bound.rule.on_failure == rules.on_failure
    }
    return tuple(one for one in rules.rules if one in said)


def requirements(regime: Regime, rules: StepRules) -> tuple[Line, ...]:
    """All that a step requires, each part with the rules that attain it."""
    return rules.once(regime, _requirements)


def _requirements(regime: Regime, rules: StepRules) -> tuple[Line, ...]:
    found = []
    for name, whole in rules.facets.items():
        facet = rules.firm.get(name, whole)
        demands = _asked(facet, rules.firm_origins if name in rules.firm else rules.origins)
        advice = [one for one in _asked(whole, rules.origins) if one not in demands]
        for part, advisory in [*((one, facet.advisory) for one in demands), *((one, True) for one in advice)]:
            origins = rules.origins if advisory or name not in rules.firm else rules.firm_origins
            ids = origins.get((name, part.param, part.key)) or rules.rules_of(name, stops=not advisory)
            text = _translated(regime, part.text) + _exception(rules, facet, part)
            found.append(
                Line(
                    name,
                    part.param.rstrip("_"),
                    part.key,
                    text,
                    advisory,
                    cited(regime, ids, rules.day),
                )
            )
    return tuple(found)


def _asked(facet: Facet, origins: Mapping[Origin, tuple[str, ...]]) -> list[Requirement]:
    """What a facet asks for, part by part; where it names none, that its record be there."""
    if (facet.name, "", "") in origins and facet.evidence is not None:
        return [Requirement("", "", f"须有{FACETS[facet.name].title}的记录"), *facet.describe()]
    return facet.describe()


def _exception(rules: StepRules, facet: Facet, part: Requirement) -> str:
    """That a demand need not bind everybody, and who can agree to it."""
    name, key = facet.name, part.key
    how = dict(joins(type(facet))).get(part.param)
    value = how.parts(getattr(facet, part.param)).get(key) if how is not None else None
    level = level_for(rules.made, name, part.param, key, value) if value is not None else ""
    return excepted(level) if level else ""


def attained(regime: Regime, rules: StepRules) -> tuple[Citation, ...]:
    """The rules that set something in a step."""
    return rules.once(regime, _attained)


def _attained(regime: Regime, rules: StepRules) -> tuple[Citation, ...]:
    return cited(regime, rules.attaining, rules.day)


def absorbed(regime: Regime, rules: StepRules) -> tuple[str, ...]:
    """What rules ask for that others already ask for or surpass, as sentences."""
    return rules.once(regime, _absorbed)


def _absorbed(regime: Regime, rules: StepRules) -> tuple[str, ...]:
    return tuple(absorbed_one(regime, rules, one) for one in rules.absorbed)


def absorbed_one(regime: Regime, rules: StepRules, one: Absorbed) -> str:
    """That a rule asks for no more than others do: what it says, where it comes from, and what holds instead."""
    source = citation(regime, one.rule)
    others = sorted({_policy_title(regime, regime.rules[rule].plugin) for rule in one.by})
    by = "、".join(others) or f"{source.policy}另一处启用"
    named = f"“{source.title}”" if source.title else f"规则 {source.rule}"
    whole = rules.facets[one.facet]
    if not one.param:
        return (
            f"{source.policy}{named}（{source.source}{source.clause}）对{FACETS[one.facet].title}没有另定数值或者还没有填写，"
            f"已含于{by}的规定，不另起作用。"
        )
    own = next((facet for facet in _own(regime, rules, one) if said(facet, one.param) == one.value), whole)
    keys = [(one.param, key) for key in parts(own, one.param)]
    deciding = {(param.rstrip("_"), key): by for (param, key), by in outdone(whole).items()}
    value = _texts(regime, own, keys) or one.value
    effective = _texts(regime, whole, [deciding.get(key, key) for key in keys]) or one.effective
    compared = "与现行要求相同" if value == effective else f"现行要求为（{effective}）"
    return (
        f"{source.policy}{named}（{source.source}{source.clause}）关于{FACETS[one.facet].title}的要求（{value}）"
        f"已含于{by}的规定，{compared}，不另起作用。"
    )


def _own(regime: Regime, rules: StepRules, one: Absorbed) -> Iterator[Facet]:
    for bound in regime.bound:
        if bound.rule.id == one.rule and rules.id in bound.rule.steps and one.facet in bound.facets:
            yield bound.facets[one.facet]


def _texts(regime: Regime, facet: Facet, keys: Collection[Part]) -> str:
    """What a facet says of these parts, in words."""
    texts = [part.text for part in facet.describe() if (part.param.rstrip("_"), part.key) in keys]
    return "；".join(_translated(regime, text) for text in texts)


def _translated(regime: Regime, text: str) -> str:
    return Titles.of(regime).said(text)


_QUOTED = re.compile("“([a-z0-9-]+)”")


def infeasible(regime: Regime, one: Infeasible) -> str:
    """That a step cannot be met, or not in time, as a clause."""
    whom = "、".join(regime.terms.get(tag, tag) for tag in one.tags)
    step, said = title(regime, one.step), f"（{whom}）" if whom else ""
    if one.due and one.soonest:
        late = (one.soonest - one.due).days
        return f"“{step}”{said}来不及：前面的环节都不耽搁，也要过了期限 {late} 天才能办"
    return f"“{step}”{said}办不成：{_QUOTED.sub(lambda word: f'“{title(regime, word[1])}”', one.why)}"


def worth_saying(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that tell a reader something: that nothing has been recorded goes without saying beside what is lacking."""
    listed = list(findings)
    return [one for one in listed if one.code != "step.record"] or listed
