"""What can be wrong with adopting a plugin, said in sentences before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from core.errors import Conflict, Invalid
from dangwu import Policy, StepFacts, misfits, nearest, settled
from tenants.policies import plugins, texts
from tenants.policies.changes import Activation, Choice
from tenants.policies.regimes import CountyPolicies, adoption_of
from tenants.policies.together import contradictions
from tenants.policies.words import all_words

LONGEST_TEXT = 500


def check_choice(policy: Policy, choice: Choice) -> None:
    """Raise Invalid, with a sentence for each field, unless `without`, `also` and `fill` fit the plugin's rules and blanks."""
    if not policy.rules:
        raise Invalid(f"《{policy.title}》没有可以执行的规则，不能启用。")
    off = {rule.id for rule in policy.rules if rule.off}
    fields = {}
    for name, problems in (
        ("without", _unknown(choice.without, policy.rule_ids(), "停用的规则")),
        ("also", _unknown(choice.also, sorted(off), "另外启用的规则")),
        ("fill", [*_fill_problems(policy, choice.fill)]),
    ):
        if problems:
            fields[name] = "".join(problems)
    both = choice.without & choice.also
    if both:
        fields["also"] = f"规则 {'、'.join(sorted(both))} 不能同时停用又启用。"
    if fields:
        raise Invalid(f"《{policy.title}》的设定有误：" + "".join(fields.values()), fields=fields)


def check_basis(basis: str) -> None:
    """Raise Invalid for a basis that is longer than the name of a document."""
    if len(basis) > LONGEST_TEXT:
        sentence = f"依据有 {len(basis)} 个字，最多 {LONGEST_TEXT} 个字。请只写文件的名称、文号和条款。"
        raise Invalid(sentence, fields={"basis": sentence})


def _unknown(given: Iterable[str], known: Iterable[str], what: str) -> list[str]:
    known = list(known)
    return [
        f"{what}“{rule}”不在可选之列{nearest(rule, known)}。" for rule in sorted(given) if rule not in known
    ]


def _fill_problems(policy: Policy, fill: Mapping[str, object]) -> Iterable[str]:
    for name, value in fill.items():
        blank = policy.blanks.get(name)
        if blank is None:
            yield f"没有名为“{name}”的填空{nearest(name, policy.blanks)}。"
        elif isinstance(value, str) and len(value) > LONGEST_TEXT:
            yield f"填空“{blank.title}”有 {len(value)} 个字，最多 {LONGEST_TEXT} 个字。请缩短。"
    yield from misfits(policy, fill, all_words())


def refuse_floor(plugin: str) -> None:
    """Raise Conflict for a policy of the floor: it is in force everywhere and always."""
    if plugin in plugins.installed().floor.ids:
        raise Conflict("全国规定在各级党组织一律有效，不能启用、调整或停用。")


def check_plugin(plugin: str) -> Policy:
    """The policy to adopt, as it is installed. Raises NotFound, and Conflict for one of the floor."""
    refuse_floor(plugin)
    return plugins.policy(plugin)


def check_overlap(live: Iterable[Activation], added: Iterable[Activation]) -> None:
    """Raise Conflict when a plugin would run twice at the same time at the same unit."""
    live = tuple(live)
    for item in added:
        for other in live:
            same = other.unit_id == item.unit_id and other.plugin == item.plugin and other.id != item.id
            if same and not item.never and not other.never and _overlap(item, other):
                raise Conflict(
                    f"“{item.unit_name}”从 {other.since:%Y-%m-%d} 起已启用这项政策。"
                    "如需改变规则或填空，请调整已有的启用记录。"
                )


def _overlap(one: Activation, other: Activation) -> bool:
    return (other.until is None or one.since < other.until) and (one.until is None or other.since < one.until)


def check_steps(live: Iterable[Activation], added: Iterable[Activation]) -> None:
    """Raise Invalid where two texts of a plugin add a step of one name at different levels or in different stages.

    A case knows a step once, whatever the day: another level would have to answer for what was recorded by then, too.
    """
    live = tuple(live)
    for item in added:
        own = _placed(item)
        for other in live:
            near = item.path.startswith(other.path) or other.path.startswith(item.path)
            if not near or other.plugin != item.plugin or other.text == item.text or other.never:
                continue
            for step, was in _placed(other).items():
                now = own.get(step, was)
                if (was.level, was.stage) != (now.level, now.stage):
                    what = "所在阶段" if was.level == now.level else "承办层级"
                    raise Invalid(
                        f"环节“{was.title}”（{step}）的{what}与原来的文本不同。原来办的不能改由新的{what}解释，"
                        "这个文本不能接着执行。请由插件作者给改变了的环节另起标识。",
                        code="policy-conflict",
                    )


def _placed(item: Activation) -> dict[str, StepFacts]:
    """The steps that it adds, by its text as far as it has been read."""
    if (policy := texts.known(item.text)) is None:
        return {}
    adopted = adoption_of(policy, item)
    return {rule.steps[0]: rule.step for rule in policy.rules if rule.kind == "add" and adopted.takes(rule)}


async def check_composition(
    before: CountyPolicies, after: CountyPolicies, added: Iterable[Activation]
) -> None:
    """Raise Invalid, with the sentences of what cannot be in force together, for units and cases that one of `added` reaches.

    What contradicted itself before, as after a merger, is no reason not to change it.
    """
    new = {item.id for item in added}
    problems = await contradictions(after, lambda _, chain: any(item.id in new for item in chain))
    if problems:
        known = await contradictions(before, lambda *_: True)
        problems = tuple(one for one in problems if one not in known)
    if problems:
        raise Invalid("".join(problems), code="policy-conflict")


def full_ids(policy: Policy, choice: Choice) -> Choice:
    """The same choice with rule ids that carry the plugin's prefix, and words by their ids."""
    prefix = f"{policy.id}."

    def full(rules: Iterable[str]) -> frozenset[str]:
        return frozenset(rule if rule.startswith(prefix) else prefix + rule for rule in rules)

    fill = settled(policy, choice.fill, all_words())
    return msgspec.structs.replace(choice, without=full(choice.without), also=full(choice.also), fill=fill)
