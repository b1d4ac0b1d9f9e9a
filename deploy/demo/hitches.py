"""The ways in which a case comes to a stop, each played as it would happen; `player` has come to the step in question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from deploy.demo.act import Evidence
from deploy.demo.player import Edit, Player

Hitch = Callable[[Player, str, date], None]
"""(player, step, today): does what goes wrong."""


def nothing(player: Player, step: str, today: date) -> None:
    """Nobody has done anything yet."""


def done(player: Player, step: str, today: date) -> None:
    """It is done properly; a notice then runs."""
    player.act(step)


def vote_failed(player: Player, step: str, today: date) -> None:
    """All votes are cast properly, and not enough are for it."""
    eligible = player.crew.seats(player.rules(step).level)
    for_, abstain = eligible // 2 - 1, 2
    figures = _figures(eligible, eligible - 1, for_, eligible - 1 - for_ - abstain, abstain)
    player.act(step, vote=figures, note="会上有党员提出对本人平时表现了解不够。")


def no_quorum(player: Player, step: str, today: date) -> None:
    """Half of them stay away, and they vote all the same."""
    eligible = player.crew.seats(player.rules(step).level)
    figures = _figures(eligible, eligible // 2, eligible // 2, 0, 0)
    player.act(step, vote=figures, note="当天外出党员较多。")


def _figures(eligible: int, present: int, for_: int, against: int, abstain: int) -> dict[str, object]:
    return {"eligible": eligible, "present": present, "for": for_, "against": against, "abstain": abstain}


def poll_low(player: Player, step: str, today: date) -> None:
    """Fewer than half of those invited are for it."""
    player.act(step, poll={group: {"invited": 36, "present": 31, "for": 15} for group in ("masses",)})


def unanswered(player: Player, step: str, today: date) -> None:
    """Two agencies have not answered yet."""
    player.act(step, _but("inquiry", 2), note="函件已经发出，其余单位正在电话催办。")


def concern(player: Player, step: str, today: date) -> None:
    """One agency has doubts; the committee has not said yet what it makes of them."""

    def edit(evidence: Evidence) -> None:
        evidence["inquiry"][min(evidence["inquiry"])] = "concern"
        evidence["documents"] = [one for one in evidence["documents"] if one != "inquiry-feedback"]

    player.act(step, edit, note="一家单位复函反映一项情况，待核实。")


def vetoed(player: Player, step: str, today: date) -> None:
    """One agency objects."""

    def edit(evidence: Evidence) -> None:
        evidence["inquiry"][min(evidence["inquiry"])] = "object"

    player.act(step, edit, note="复函附有处理决定的复印件。")


def papers_missing(player: Player, step: str, today: date) -> None:
    """A document has not been handed in."""
    player.act(step, _but("documents", 1), note="其余材料正在补办。")


def unheard(player: Player, step: str, today: date) -> None:
    """Two of those who must be heard have not been."""
    player.act(step, _but("consultation", 2))


def _but(facet: str, count: int) -> Edit:
    """Leave out the last so many of what a facet lists."""

    def edit(evidence: Evidence) -> None:
        for one in sorted(evidence[facet])[-count:]:
            evidence[facet].remove(one) if isinstance(evidence[facet], list) else evidence[facet].pop(one)

    return edit


def training_short(player: Player, step: str, today: date) -> None:
    """The course was broken off half-way."""
    player.act(step, training={"hours": 12, "days": 1.5}, note="因防汛值守，中途返岗，余下课程补训。")


def one_short(player: Player, step: str, today: date) -> None:
    """Only one person has been found for it."""
    player.act(step, appointment=[{"name": player.crew.helpers[0]}])


def refused(player: Player, step: str, today: date) -> None:
    """The committee does not agree."""
    player.act(step, consent={"committee": "refused"}, note="党委研究认为培养时间偏短，暂不同意。")


def review_failed(player: Player, step: str, today: date) -> None:
    """The highest level finds against it."""
    player.act(step, _concluded("fail"))


def review_returned(player: Player, step: str, today: date) -> None:
    """The highest level hands it back for completion."""
    player.act(step, _concluded("return"))


def _concluded(conclusion: str) -> Edit:
    def edit(evidence: Evidence) -> None:
        evidence["review"][list(evidence["review"])[-1]]["conclusion"] = conclusion

    return edit


def number_gone(player: Player, step: str, today: date) -> None:
    """The quota of numbers is used up."""
    player.act(step, serial={"state": "exhausted"}, note="本季度编号已经用完，已书面申请追加。")


def unsigned(player: Player, step: str, today: date) -> None:
    """The branch's organizer has not signed."""
    player.act(step, lambda evidence: evidence["signoff"].pop("branch-organizer"))


def written_late(player: Player, step: str, today: date) -> None:
    """It was written down twelve days after it was done."""
    player.act(step, late=12, note="组织委员外出学习，返回后补记。")


def objection_open(player: Player, step: str, today: date) -> None:
    """While the notice runs somebody objects; nobody has answered."""
    player.act(step)
    player.wait(2)
    received = {"notice": {"objections": [{"received": player.day}]}}
    player.record(step, received, "branch", note="接到来电反映，已经登记，正在核实。")


def objection_upheld(player: Player, step: str, today: date) -> None:
    """Somebody objects, and it turns out to be true and serious."""
    objection_open(player, step, today)
    received = player.acts[-1].day
    player.wait(4)
    answered = {"received": received, "answered": player.day, "finding": "serious"}
    player.record(step, {"notice": {"objections": [answered]}}, "branch", note="经核查属实，已答复反映人。")


def went_away(player: Player, step: str, today: date) -> None:
    """The person finds work elsewhere while the notice is posted at home only."""
    player.change(player.case.tags_on(player.day) | {"mobile"}, "本人外出务工，转为流动人员管理。")
    player.act(
        step,
        lambda evidence: evidence.update(notice={"places": ["residence"], "channels": ["bulletin-board"]}),
    )


def sent_back(player: Player, step: str, today: date) -> None:
    """The committee hands the papers back, the branch goes over them again and has come to its own review."""
    player.act(step, _concluded("return"))
    player.wait(1)
    reason = "政治审查材料中直系亲属情况不全，退回支部补充调查后重新审查。"
    player.send_back("political-review", player.crew.committee_secretary, "committee", reason)
    player.run("branch-review", today)


def voted_again(player: Player, step: str, today: date) -> None:
    """The masses do not want it yet; the case goes back to cultivation."""
    poll_low(player, step, today)
    player.wait(3)
    reason = "党外群众测评赞成未达到应到人数的半数，退回继续培养。"
    player.send_back("cultivation", player.crew.secretary, "branch", reason)
    player.run("cultivation", today)


def extended(player: Player, step: str, today: date) -> None:
    """The meeting extends the probation by half a year, the committee agrees, and it runs again."""
    player.act(step, vote=_other_motion(player, "extend", months=6))
    player.run("probation", today)


def revoked(player: Player, step: str, today: date) -> None:
    """The meeting takes the status back and the committee agrees: the case ends."""
    player.act(step, vote=_other_motion(player, "revoke"))
    player.run("", today)


def _other_motion(player: Player, motion: str, **more: int) -> dict[str, object]:
    eligible = player.crew.voters
    return {**_figures(eligible, eligible - 2, eligible - 4, 1, 1), "motion": motion, **more}


def over_the_holiday(player: Player, step: str, today: date) -> None:
    """The notice is posted on the eve of a holiday, and its days of work end long after it."""
    player.act(step)
    player.run("intensive-training", today)


HITCHES: dict[str, Hitch] = {
    made.__name__: made
    for made in (
        nothing, done, vote_failed, no_quorum, poll_low, unanswered, concern, vetoed, papers_missing, unheard, training_short,
        one_short, refused, review_failed, review_returned, number_gone, unsigned, written_late, objection_open,
        objection_upheld, went_away, sent_back, voted_again, extended, revoked, over_the_holiday,
    )
}  # fmt: skip
