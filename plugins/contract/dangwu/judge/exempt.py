"""Whether an exception can be agreed: on which demand, by whom, and not after the fact (design §3.4, “一般”)."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from dangwu.case.case import Exemption
from dangwu.facets.finding import IMPOSSIBLE, NEGATIVE, Finding
from dangwu.facets.registry import kind_of
from dangwu.judge.acts import set_aside_on
from dangwu.judge.evaluate import Judged
from dangwu.judge.standing import DONE, RUNNING, WAIVED, StepStanding
from dangwu.regime.excepting import exceptable
from dangwu.values.vocabulary import rank


class Offer(NamedTuple):
    """An exception that can be agreed on the day on which a case has been judged, but for its reason.

    `wanted.by` is the lowest level whose agreement is enough; `after` the case with it; `frees` what no longer stops the step.
    """

    wanted: Exemption
    after: Judged
    frees: tuple[Finding, ...]


def offers(before: Judged, name: str) -> list[Offer]:
    """The exceptions that can be agreed for a step of a case, as of the day on which it has been judged."""
    step = before.standing.steps.get(name)
    if step is None or step.rules is None:
        return []
    found = []
    for facet, param in dict.fromkeys((facet, param) for facet, param, _ in exceptable(step.rules.made)):
        wanted = Exemption(name, facet, param, before.day)
        if by := agreeing(before, wanted):
            found.append(_offer(before, step, replace(wanted, by=by)))
    return found


def _offer(before: Judged, step: StepStanding, wanted: Exemption) -> Offer:
    after = before.with_entry(wanted)
    left = after.standing.steps[step.id].findings
    return Offer(wanted, after, tuple(one for one in step.findings if one.blocks and one not in left))


def agreeing(before: Judged, wanted: Exemption) -> str:
    """The lowest level whose agreement to this exception is enough; "" where nobody's is."""
    step = before.standing.steps.get(wanted.step)
    if step is None or step.rules is None:
        return ""
    named = {
        level
        for facet, param, level in exceptable(step.rules.made)
        if facet == wanted.facet and param == wanted.param
    }
    levels = sorted(named, key=rank)
    return next((one for one in levels if not _refusals(before, replace(wanted, by=one))), "")


def not_exempt(before: Judged, wanted: Exemption) -> tuple[Finding, ...]:
    """Why this exception cannot be agreed on a case that has been judged on its day; empty when it can."""
    if (
        before.standing.status == RUNNING
        and wanted.step in before.standing.steps
        and not wanted.reason.strip()
    ):
        return (_refused("no-reason", wanted),)
    return _refusals(before, wanted)


def _refusals(before: Judged, wanted: Exemption) -> tuple[Finding, ...]:
    """The same, whatever the reason is."""
    step = before.standing.steps.get(wanted.step)
    if before.standing.status != RUNNING:
        return (Finding(f"step.{before.standing.status}", IMPOSSIBLE),)
    if step is None or step.rules is None:
        return (_refused("absent", wanted),)
    if (back := set_aside_on(before.plan, before.case, wanted)) is not None:
        return (_refused("set-aside", wanted, day=wanted.day, back=back),)
    return _demand(step, wanted) or _too_late(step, wanted) or _nothing_changes(before, step, wanted)


def _demand(step: StepStanding, wanted: Exemption) -> tuple[Finding, ...]:
    """Whether some rule lets this demand be excepted, and that level agree."""
    assert step.rules is not None
    open_to = sorted(set(exceptable(step.rules.made)))
    fitting = [level for facet, param, level in open_to if (facet, param) == (wanted.facet, wanted.param)]
    if not fitting and any(
        (one.facet, one.param) == (wanted.facet, wanted.param) for one in step.rules.lifted
    ):
        return (_refused("exception-agreed", wanted),)
    if not fitting:
        demands = list(dict.fromkeys(f"{facet}.{param}" for facet, param, _ in open_to))
        return (_refused("no-exception", wanted, demands=demands),)
    if wanted.by and not any(rank(wanted.by) >= rank(level) for level in fitting):
        return (_refused("exception-level", wanted, level=min(fitting, key=rank)),)
    return ()


def _too_late(step: StepStanding, wanted: Exemption) -> tuple[Finding, ...]:
    """An exception is agreed beforehand: not once something of the act is recorded, nor where the case must go back first."""
    recorded = step.began is not None and not _begins_again(step)
    away = step.follows.close or step.follows.return_to
    if step.state in (DONE, WAIVED) or step.lapsed or recorded or away:
        return (_refused("exception-late", wanted),)
    return ()


def _begins_again(step: StepStanding) -> bool:
    """Whether the next act of a step is another attempt."""
    return step.fallen or any(
        one.kind == NEGATIVE and one.reason in kind_of(one.facet).ends for one in step.findings
    )


def _nothing_changes(before: Judged, step: StepStanding, wanted: Exemption) -> tuple[Finding, ...]:
    """An equal or stronger demand without exception makes it void."""
    assert step.rules is not None
    left = before.plan.excepting(step.rules, [wanted])
    found = _stops(step, wanted)
    if (left.facets, left.firm) != (step.rules.facets, step.rules.firm) and not found:
        return ()
    if _stops(before.with_entry(wanted).standing.steps[wanted.step], wanted) != found:
        return ()
    firm = sorted({rule.id for rule, facets, _ in left.made if wanted.facet in facets})
    return (_refused("exception-void", wanted, rules=firm),)


def _stops(step: StepStanding, wanted: Exemption) -> set[tuple[str, str]]:
    """What stops the step by that demand's facet, and which of its demands."""
    return {(one.code, one.param) for one in step.findings if one.facet == wanted.facet and one.blocks}


def _refused(reason: str, wanted: Exemption, **values: object) -> Finding:
    said = {"step": wanted.step, "demand": f"{wanted.facet}.{wanted.param}", **values}
    return Finding(f"step.{reason}", IMPOSSIBLE, "", (), said)


__all__ = ["Offer", "agreeing", "not_exempt", "offers"]
