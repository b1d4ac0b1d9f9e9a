"""Short texts about rules that several policy pages use."""

from __future__ import annotations

from dangwu import BASES, CHECKED, Absorbed, Facet, OnFailure, Regime, Rule, StepRules, Titles

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
    return f"{regime.policies[rule.plugin].title}“{title_of_rule(rule)}”"


def title_of_rule(rule: Rule) -> str:
    """Its title, else that of the step it inserts, else its id."""
    return rule.title or rule.step.title or rule.id


def quoted(title: str) -> str:
    """A title in quotation marks; those within it become single ones (GB/T 15834)."""
    return f"“{title.replace('“', '‘').replace('”', '’')}”"


def on_failure_words(rule: OnFailure, known: Titles) -> str:
    """What follows when the step is not passed."""
    if rule.close:
        return "没有通过的，终止发展"
    return (
        f"没有通过的，退回到“{known.title(rule.return_to)}”" if rule.return_to else "没有通过的，可以重新办理"
    )


def document(title: str) -> str:
    """A document's title as small print has it: without a long remark in brackets (the full title stands elsewhere)."""
    head = title.partition("（")[0]
    return f"《{head if len(title) > LONG_TITLE and head else title}》"


def marks(rule: Rule) -> tuple[str, ...]:
    """What is to be known about the rule's basis: only what is not as it should be."""
    basis = (BASES[rule.basis],) if rule.basis != "stated" else ()
    return basis + ((CHECKED[rule.checked],) if rule.checked != "verified" else ())
