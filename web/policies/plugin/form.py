"""The form of a plugin's page: what it shows at first, and the change that it asks for once it is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dangwu import Policy, wanted
from tenants.policies.changes import Activation, Adjust, Adopt, Change, Choice, End
from tenants.policies.updates import carried
from web.kit.forms import Form
from web.policies.plugin.fill import as_text, read_fill
from web.policies.plugin.reading import Reading

ADOPT, ADJUST, END = "adopt", "adjust", "end"


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
        "text": shown.text if shown.newer or activation is None else None,
        "day": max(activation.since, today) if activation else today,
        "until": activation.until if activation else None,
        "rule": sorted(rules_on(policy, choice)),
        "basis": choice.basis,
    }
    for name in policy.blanks:
        values[field_of(name)] = as_text(choice.fill.get(name))
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
        return Adopt(plugin=policy.id, since=day, until=until, choice=choice, text=shown.text)
    text = shown.text if shown.newer else ""
    return Adjust(activation_id=activation, day=day, until=until, choice=choice, text=text)


def read_choice(policy: Policy, form: Form) -> Choice:
    """Rules and blanks as they were ticked and filled; what is wrong is refused on the form."""
    ticked = set(form.many("rule"))
    normal = {rule.id for rule in policy.rules if not rule.off}
    categories = wanted(policy)
    fill = {
        name: value
        for name, blank in policy.blanks.items()
        if (value := read_fill(form, field_of(name), blank, categories.get(name, ()))) is not None
    }
    return Choice(
        without=frozenset(normal - ticked),
        also=frozenset(rule.id for rule in policy.rules if rule.off and rule.id in ticked),
        fill=fill,
        basis=form.text("basis", "依据", required=False),
    )


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
