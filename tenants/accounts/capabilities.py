"""Which capabilities a role has (which one a route asks for: web/frame/needs.yaml). A role is held at a unit and covers that
unit and all below it.

Deny by default: what no sentence below grants, nobody may. An unknown word stops the program at its start.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from core.actor import LEVELS, Actor, Capability, Holding
from core.organisation.model import has_members, level_of
from dangwu import titles as words

CAPABILITIES: dict[Capability, str] = {
    "org.view": "查看党组织",
    "org.edit": "新建、变更、撤销党组织",
    "person.view": "查看党员名册",
    "person.edit": "登记和修改人员信息",
    "post.edit": "登记党内职务",
    "sanction.view": "查看处分和权利受限情况",
    "sanction.edit": "登记处分和权利受限情况",
    "person.leave": "登记人员离开（去世、出党、转出等）",
    "person.merge": "合并重复登记的人员",
    "register.import": "导入党员名册",
    "register.export": "导出党员名册",
    "register.minimise": "精简历史人员的联系信息",
    "identity.reveal": "查看完整证件号码和电话（留痕）",
    "case.view": "查看办理档案",
    "case.open": "开始办理",
    "case.record": "办理本级环节",
    "case.return": "退回到以前的环节",
    "case.review": "作出本级审查、审批结论",
    "activity.view": "查看会议和活动",
    "activity.record": "记录本级的会议和活动",
    "rating.view": "查看评议、评级",
    "rating.open": "开展一期评议、评级",
    "rating.record": "记录本级的评议、评级",
    "rating.decide": "评定等次、答复申诉、研究建议",
    "plan.view": "查看年度计划和编号",
    "plan.draw": "制定、报批、报备本级的年度计划",
    "plan.approve": "批准、退回年度计划",
    "number.allot": "核发、作废编号",
    "statistics.view": "查看统计",
    "document.print": "打印文书（留痕）",
    "document.template": "更换本县的文书模板",
    "policy.view": "查看现行政策",
    "policy.activate": "启用、调整、停用政策",
    "account.view": "查看账号与权限",
    "account.edit": "新建账号、授予和收回职务权限",
    "security.edit": "设定登录安全",
    "audit.view": "查看操作日志",
    "job.manage": "查看、取消、重试全县的后台任务",
}

ANY_LEVEL = "any"


class Role(msgspec.Struct, frozen=True):
    """A role: `at` is the level of the units at which it can be held (`any`: every level, then it acts at that unit's level)."""

    id: str
    title: str
    at: str
    capabilities: frozenset[Capability] = frozenset()

    def may(self, *capabilities: Capability) -> Role:
        """The same role with these capabilities, entered in ROLES. Unknown words raise."""
        for word in capabilities:
            if word not in CAPABILITIES:
                raise LookupError(
                    f"role {self.id}: unknown capability {word!r}; known: {', '.join(CAPABILITIES)}"
                )
        complete = msgspec.structs.replace(self, capabilities=frozenset(capabilities))
        ROLES[self.id] = complete
        return complete

    def level_at(self, kind: str) -> str:
        """The level at which somebody acts who holds this role at a unit of this kind."""
        return level_of(kind) if self.at == ANY_LEVEL else self.at

    def fits(self, kind: str) -> bool:
        """Whether it can be held at a unit of this kind. Who are members of a general branch itself have their officers there."""
        own = "branch" if has_members(kind) else level_of(kind)
        return self.at in (ANY_LEVEL, own, level_of(kind))


ROLES: dict[str, Role] = {}


def role(role_id: str, title: str, *, at: str) -> Role:
    """Begin a sentence: `role("branch-secretary", "党支部书记", at="branch").may(…)`."""
    if at not in (*LEVELS, ANY_LEVEL):
        raise LookupError(f"role {role_id}: unknown level {at!r}; known: {', '.join(LEVELS)}, {ANY_LEVEL}")
    if role_id in ROLES:
        raise LookupError(f"role {role_id} is declared twice")
    return Role(role_id, title, at)


role("branch-secretary", "党支部书记", at="branch").may(
    "org.view", "person.view", "person.edit", "sanction.view", "register.export",
    "case.view", "case.open", "case.record", "case.return", "case.review",
    "activity.view", "activity.record", "rating.view", "rating.record", "rating.decide",
    "plan.view", "plan.draw", "plan.approve", "statistics.view", "document.print", "policy.view",
)  # fmt: skip
role("branch-organizer", "党支部组织委员", at="branch").may(
    "org.view", "person.view", "person.edit",
    "case.view", "case.open", "case.record",
    "activity.view", "activity.record", "rating.view", "rating.record", "rating.decide", "plan.view", "plan.draw",
    "document.print", "policy.view",
)  # fmt: skip
role("general-branch-secretary", "党总支书记", at="general-branch").may(
    "org.view", "person.view", "sanction.view", "register.export",
    "case.view", "case.record", "case.return", "case.review",
    "rating.view", "plan.view", "statistics.view", "document.print", "policy.view",
)  # fmt: skip
role("committee-organizer", "党委组织委员", at="committee").may(
    "org.view", "org.edit", "person.view", "person.edit", "person.leave", "person.merge", "post.edit", "sanction.view",
    "sanction.edit", "register.export", "identity.reveal",
    "case.view", "case.record", "case.return",
    "activity.view", "activity.record", "rating.view", "rating.open", "rating.record",
    "plan.view", "plan.draw", "statistics.view", "document.print", "policy.view", "policy.activate",
)  # fmt: skip
role("committee-secretary", "党委书记", at="committee").may(
    "org.view", "person.view", "sanction.view",
    "case.view", "case.record", "case.return", "case.review",
    "activity.view", "activity.record", "rating.view", "rating.open", "rating.record", "rating.decide",
    "plan.view", "plan.draw", "plan.approve", "statistics.view", "document.print", "policy.view", "policy.activate",
    "account.view", "account.edit",
)  # fmt: skip
role("department-organizer", "组织部组织员", at="department").may(
    "org.view", "org.edit", "person.view", "person.edit", "person.leave", "person.merge", "post.edit", "sanction.view",
    "sanction.edit", "register.import", "register.export", "register.minimise", "identity.reveal",
    "case.view", "case.record", "case.return", "case.review",
    "activity.view", "activity.record", "rating.view", "rating.open", "rating.record", "rating.decide",
    "plan.view", "plan.draw", "plan.approve", "number.allot", "statistics.view", "document.print", "policy.view",
)  # fmt: skip
role("department-admin", "组织部管理员", at="department").may(
    "org.view", "org.edit", "person.view", "register.import", "register.export", "register.minimise",
    "case.view", "activity.view",
    "rating.view", "plan.view", "statistics.view",
    "document.template", "policy.view", "policy.activate", "account.view", "account.edit", "security.edit", "audit.view",
    "job.manage",
)  # fmt: skip
role("system-admin", "系统管理员", at="department").may(
    "org.view", "org.edit", "person.view", "register.import", "statistics.view",
    "document.template", "policy.view", "policy.activate", "job.manage",
)  # fmt: skip
role("security-admin", "安全管理员", at="department").may(
    "org.view", "account.view", "account.edit", "security.edit"
)
role("audit-admin", "审计管理员", at="department").may("org.view", "audit.view")
role("inspector", "只读检查员", at=ANY_LEVEL).may(
    "org.view", "person.view", "case.view", "activity.view", "rating.view", "plan.view", "statistics.view",
    "policy.view",
)  # fmt: skip


APART = ("system-admin", "security-admin", "audit-admin")
"""三员: each is somebody else (apart.py)."""

FIRST_ROLE = "department-admin"
"""What the first account of a county holds, at its organization department: whoever does administers the county."""


def who_may(capability: Capability) -> list[str]:
    """The titles of the roles that have it."""
    return [one.title for one in ROLES.values() if capability in one.capabilities]


class Held(NamedTuple):
    """A role as it is stored: held at a unit from `since`, until the day before `until`."""

    role: str
    unit_id: UUID
    path: str
    kind: str
    since: date
    until: date | None


def actor_of(
    account_id: UUID, name: str, held: Iterable[Held], today: date, person: UUID | None = None
) -> Actor:
    """The acting person, who is this `person` of the register, with what he holds on `today`; a role that is no longer declared
    counts for nothing."""
    holdings = tuple(_holding(item) for item in held if item.role in ROLES and _runs(item, today))
    return Actor(account_id, name, holdings, person)


def _runs(held: Held, today: date) -> bool:
    return held.since <= today and (held.until is None or today < held.until)


def _holding(held: Held) -> Holding:
    declared = ROLES[held.role]
    return Holding(held.role, declared.level_at(held.kind), held.unit_id, held.path, declared.capabilities)


def table() -> str:
    """Roles, levels and capabilities as the Markdown table of may.md (a test compares them)."""
    titles = {**words.SHORT_LEVELS, ANY_LEVEL: "各级"}
    head = "| 能力 | " + " | ".join(item.title for item in ROLES.values()) + " |"
    rule = "|---|" + ":-:|" * len(ROLES)
    ids = [f"`{item.id}`" for item in ROLES.values()]
    names = ["", f"代号依次是：{'、'.join(ids[:4])}、", f"{'、'.join(ids[4:])}。"]
    level = "| 所在层级 | " + " | ".join(titles[item.at] for item in ROLES.values()) + " |"
    rows = [
        f"| `{word}` {title} | "
        + " | ".join("●" if word in item.capabilities else "" for item in ROLES.values())
        + " |"
        for word, title in CAPABILITIES.items()
    ]
    return "\n".join([head, rule, level, *rows, *names])
