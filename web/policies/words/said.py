"""Short texts about rules that several policy pages use."""

from __future__ import annotations

from dangwu import Absorbed, Facet, Policy, Regime, StepRules, Titles, ruling
from tenants.policies.texts import short

LONG_TITLE = 26


def absorbed_words(regime: Regime, step: StepRules, one: Absorbed, own: Facet, known: Titles) -> str:
    """Whose requirement an absorbed rule is contained in, and what that asks for."""
    mine = _asked(own, one.param, known)
    held = _asked(step.facets[one.facet], one.param, known)
    kept = [held[key] for key in mine if key in held] or list(held.values())
    by = "、".join(dict.fromkeys(_by(regime, rule) for rule in one.by)) or "其他规定"
    same = kept == list(mine.values())
    return f"已含于{by}，{'要求相同' if same else '现行要求是：' + '；'.join(kept)}"


def _asked(facet: Facet, param: str, known: Titles) -> dict[str, str]:
    """What a facet says of a parameter, by key; of all of them where a rule asks for the facet as such."""
    return {
        part.key or part.param: text
        for part, text in known.parts(facet)
        if not param or part.param.rstrip("_") == param
    }


def _by(regime: Regime, rule_id: str) -> str:
    rule = regime.rules[rule_id]
    return f"{regime.policies[rule.plugin].title}“{ruling.title(rule)}”"


def quoted(title: str) -> str:
    """A title in quotation marks; those within it become single ones (GB/T 15834)."""
    return f"“{title.replace('“', '‘').replace('”', '’')}”"


def text_name(policy: Policy, text_hash: str) -> str:
    """A text, so that it can be told from others of the same plugin: its title, version, and the beginning of its hash."""
    version = f"{policy.version} 版，" if policy.version else ""
    return f"{quoted(policy.title)}（{version}文本 {short(text_hash)}）"


def document(title: str) -> str:
    """A document's title as small print has it: without a long remark in brackets (the full title stands elsewhere)."""
    head = title.partition("（")[0]
    return f"《{head if len(title) > LONG_TITLE and head else title}》"
