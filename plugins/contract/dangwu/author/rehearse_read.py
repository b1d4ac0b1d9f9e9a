"""Reading a rehearsal: its words and dates checked, with a sentence for whatever cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dangwu.case.case import Subject
from dangwu.errors import ConflictError, PolicyError, RehearsalError, nearest
from dangwu.facets.registry import FACETS
from dangwu.plugins.plugins import Plugins
from dangwu.policy.fill import misfits, settled
from dangwu.policy.known import Known
from dangwu.policy.policy import Policy
from dangwu.ratings.marks import Subject as Rated
from dangwu.regime.adoption import Adoption
from dangwu.values.bounds import FIRST_DAY, LAST_DAY, is_possible
from dangwu.values.catalogue import MEMBERSHIPS
from dangwu.values.vocabulary import LEVELS

KEYS = ("title", "procedure", "policies", "subject", "given", "script", "compile", "note", "people", "unit")
RECORDING = ("do", "record", "supplement", "correct")
VERBS = (*RECORDING, "strike", "return", "end", "reopen", "exception", "rate", "activity", "event")
OF_AN_ACTIVITY = ("attendance", "documents", "themes", "by", "hours")
ACT_KEYS = (
    "day", *VERBS, *OF_AN_ACTIVITY, "record_day", "tags", "dates", "plans", "expect", "refused", "entered", "because", "rule",
)  # fmt: skip
EXCEPTION_KEYS = ("step", "facet", "param", "reason", "by")
ADOPTION_KEYS = ("plugin", "from", "until", "without", "also", "fill")
PERSON_KEYS = ("tags", "membership")
UNIT_KEYS = ("level", "post", "tags", "members", "since")
SUBJECT_KEYS = ("born", "tags", "dates", "person")


class RehearsalReader:
    """Reads the parts of one rehearsal file; `where` names it in the sentences, `known` are the words that there are."""

    def __init__(self, where: str, known: Known) -> None:
        self.where, self.known = where, known

    def wrong(self, sentence: str, line: int = 0) -> RehearsalError:
        """The error to raise, with file and line."""
        return RehearsalError([f"{self.where}{f' 第 {line} 行' if line else ''}：{sentence}"])

    def mapping(self, raw: Any, keys: Iterable[str], what: str) -> Mapping[str, Any]:
        """`raw` as a mapping of these keys only; nothing given is an empty one."""
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            raise self.wrong(f"{what}应写成各项名称与内容，得到的是“{raw}”。")
        known = [*keys]
        for key in raw:
            if key not in known:
                hint = f"{nearest(str(key), known)}。可用的有：{'、'.join(known)}。"
                raise self.wrong(f"{what}有不认识的“{key}”{hint}", int(getattr(raw, "line", 0)))
        return raw

    def listed(self, raw: Any, what: str) -> list[Any]:
        """`raw` as a list; nothing given is an empty one."""
        if raw is None:
            return []
        if not isinstance(raw, list):
            raise self.wrong(f"{what}应为列表，得到的是“{raw}”。")
        return raw

    def words(self, raw: Any, what: str) -> list[str]:
        """`raw` as words; one alone may stand without brackets."""
        if isinstance(raw, str):
            return [raw]
        found = self.listed(raw, what)
        if not all(isinstance(one, str) for one in found):
            raise self.wrong(f"{what}应为词语的列表，得到的是“{raw}”。")
        return found

    def day(self, raw: Any, what: str) -> date:
        """`raw` as a date."""
        if type(raw) is not date:
            raise self.wrong(f"{what}应为日期（2026-06-01），得到的是“{'空' if raw is None else raw}”。")
        if not is_possible(raw):
            raise self.wrong(f"{what}的日期 {raw} 不可能，应在 {FIRST_DAY.year} 至 {LAST_DAY.year} 年之间。")
        return raw

    def days(self, raw: Any, what: str) -> dict[str, date]:
        """`raw` as dates by name."""
        if not isinstance(raw, dict | None):
            raise self.wrong(f"{what}应写成各项名称与日期，得到的是“{raw}”。")
        for key in raw or {}:
            wrong = self.known.wrong(str(key), ("date",), author=False)
            if wrong:
                raise self.wrong(f"{what}中，{wrong}。", int(getattr(raw, "line", 0)))
        return {str(key): self.day(one, f"{what}.{key} ") for key, one in (raw or {}).items()}

    def plans(self, raw: Any, where: str) -> dict[str, tuple[int, ...]]:
        """`raw` as the years in which somebody stands in each plan: {admission-plan: [2026]}."""
        found = self.mapping(raw, self.known.by["plan"], f"{where} plans ")
        for years in found.values():
            if not isinstance(years, list) or not all(
                type(one) is int and 1900 <= one < 2200 for one in years
            ):
                raise self.wrong(
                    f"{where} plans 应写作 计划: [年份]，例如 admission-plan: [2026]，得到的是“{years}”。"
                )
        return {plan: tuple(years) for plan, years in found.items()}

    def subject(self, raw: Any, known: Collection[str]) -> Subject:
        """Whom the case is about; `known` are the tags that there are."""
        found = self.mapping(raw, SUBJECT_KEYS, "subject ")
        born = self.day(found["born"], "subject.born ") if "born" in found else None
        tags = self.tags(found.get("tags"), "subject.tags ", known)
        return Subject(
            born, tags, self.days(found.get("dates"), "subject.dates"), str(found.get("person") or "")
        )

    def people(self, raw: Any, known: Collection[str]) -> dict[str, Rated]:
        """Who is rated, by name; full members where nothing else is said."""
        found = {}
        if not isinstance(raw, dict | None):
            raise self.wrong(f"people 应写成 名字: {{tags: […]}} 这样的各项，得到的是“{raw}”。")
        for name, one in (raw or {}).items():
            facts = self.mapping(one, PERSON_KEYS, f"people.{name} ")
            membership = str(facts.get("membership", "full"))
            if membership not in (*MEMBERSHIPS, ""):
                raise self.wrong(
                    f"people.{name} 的 membership“{membership}”不对{nearest(membership, MEMBERSHIPS)}。"
                )
            found[str(name)] = Rated(self.tags(facts.get("tags"), f"people.{name}.tags ", known), membership)
        return found

    def members(self, raw: Any) -> int:
        """How many full members the unit has; 0 where nothing is said."""
        found = self.mapping(raw, UNIT_KEYS, "unit ").get("members", 0)
        if not isinstance(found, int) or not 0 <= found <= 100_000:
            raise self.wrong(f"unit.members 应为党员人数，得到的是“{found}”。")
        return found

    def tags(self, raw: Any, what: str, known: Collection[str]) -> frozenset[str]:
        """Tags that somebody has declared: with any other a rehearsal would not be about what it says."""
        found = self.words(raw, what)
        for tag in found:
            if tag not in known:
                raise self.wrong(
                    f"{what}中的标签“{tag}”没有声明{nearest(tag, known)}。请核对标签，或检查是否漏装插件。"
                )
        return frozenset(found)

    def act(self, raw: Any, number: int) -> Mapping[str, Any]:
        """One entry of the script: a fact, at most one act, and what is expected then."""
        what = f"script 第 {number} 项"
        act = self.mapping(raw, (*ACT_KEYS, *FACETS), what)
        line = int(getattr(act, "line", 0))
        verbs = [verb for verb in VERBS if verb in act]
        if len(verbs) > 1:
            raise self.wrong(f"{what}同时写了 {'、'.join(verbs)}，一项只写一个。请分成几项。", line)
        if not verbs and not {"tags", "dates", "plans", "expect"} & act.keys():
            raise self.wrong(
                f"{what}没有写做什么。请写 {'、'.join(VERBS)}、tags、dates、plans 或 expect。", line
            )
        recording = set(verbs) & {*RECORDING}
        if "record_day" in act and not {"correct", "strike"} & act.keys():
            raise self.wrong(
                f"{what}写了 record_day（要更正、撤销的是哪一天的记录），还要写 correct 或 strike。", line
            )
        loose = [key for key in OF_AN_ACTIVITY if key in act and key not in FACETS]
        if loose and "activity" not in act:
            raise self.wrong(f"{what}写了 {'、'.join(loose)}，还要写 activity（什么活动）。", line)
        for key in act:
            if "activity" in act and key in OF_AN_ACTIVITY:
                continue
            if (key in ("refused", "because") and not verbs) or (
                key in (*FACETS, "entered") and not recording
            ):
                raise self.wrong(f"{what}写了 {key}，却没有写是哪一环节的记录。请写 do 或 record。", line)
        if not isinstance(act.get("refused", False), bool):
            raise self.wrong(f"{what}的 refused 应为 true 或 false，得到的是“{act['refused']}”。", line)
        if "rule" in act and not ("rate" in act and act.get("refused")):
            raise self.wrong(f"{what}的 rule 是评级被拒绝的依据，还要写 rate、refused: true。", line)
        if "because" in act and not act.get("refused"):
            raise self.wrong(f"{what}的 because 是拒绝的理由，还要写 refused: true。", line)
        return act

    def exception(self, raw: Any, where: str) -> dict[str, str]:
        """A demand that does not bind: `{step, facet, param, reason}`, and who agreed where that matters."""
        found = self.mapping(raw, EXCEPTION_KEYS, f"{where} exception ")
        line = int(getattr(raw, "line", 0))
        for key in ("step", "facet", "param", "reason"):
            if not isinstance(found.get(key), str):
                raise self.wrong(f"{where} exception 要写 step、facet、param、reason，缺少 {key}。", line)
        if found["facet"] not in FACETS:
            raise self.wrong(
                f"{where} exception 没有要求“{found['facet']}”{nearest(found['facet'], FACETS)}。", line
            )
        if found.get("by", "branch") not in LEVELS:
            raise self.wrong(
                f"{where} exception.by 没有层级“{found['by']}”{nearest(str(found['by']), LEVELS)}。", line
            )
        return dict(found)

    def given(
        self,
        raw: Any,
        floor: Sequence[str],
        step: Callable[[Any], str],
        present: Callable[[date], Iterable[str]],
    ) -> dict[str, date]:
        """The steps taken over as done, with their days; `floor` are its own steps, `present` those in force on a day."""
        if not isinstance(raw, dict | None):
            raise self.wrong(f"given 应写成 through、day 或各环节的日期，得到的是“{raw}”。")
        raw = raw or {}
        found: dict[str, date] = {}
        if "day" in raw and "through" not in raw:
            raise self.wrong(
                "given 写了 day，还要写 through（到哪一环节为止）；单个环节写作 环节: 日期。", raw.line
            )
        if "through" in raw:
            day = self.day(raw.get("day"), "given 写了 through，还要写 day：")
            if raw["through"] not in floor:
                hint = nearest(str(raw["through"]), floor)
                raise self.wrong(f"given.through“{raw['through']}”不是国家规定的环节{hint}。")
            there = {raw["through"], *present(day)}
            found = {one: day for one in floor[: floor.index(raw["through"]) + 1] if one in there}
        for name, one in raw.items():
            if name not in ("through", "day"):
                found[step(name)] = self.day(one, f"given.{name} ")
        return found

    def adoptions(self, plugins: Plugins, raw: Any) -> Iterator[Adoption]:
        """The policies of the rehearsal, in the short form (`yakeshi`) or the long one."""
        for one in self.listed(raw, "policies "):
            item = {"plugin": one} if isinstance(one, str) else self.mapping(one, ADOPTION_KEYS, "policies ")
            name = str(item.get("plugin", ""))
            if name in plugins.floor.ids:
                if item.keys() - {"plugin"}:
                    raise ConflictError(
                        ["国家规定始终全部适用，不能停用，也不能去掉其中任何一条。请从 policies 中去掉。"]
                    )
                continue
            if name in plugins.broken:
                raise PolicyError(plugins.broken[name])
            if name not in plugins.policies:
                raise self.wrong(
                    f"没有安装插件“{name}”{nearest(name, plugins.policies)}。请先安装，或用 --plugins 指明放它的文件夹。"
                )
            yield self._adoption(plugins.policies[name], item, self.known)

    def _adoption(self, policy: Policy, item: Mapping[str, Any], known: Known) -> Adoption:
        chosen = {key: self.words(item.get(key), f"policies.{key} ") for key in ("without", "also")}
        for rule in (*chosen["without"], *chosen["also"]):
            ids = policy.rule_ids()
            names = {*ids, *(name.removeprefix(f"{policy.id}.") for name in ids)}
            if rule not in names:
                raise self.wrong(f"插件 {policy.id} 没有规则“{rule}”{nearest(str(rule), names)}。")
        dates = {
            key: self.day(item[key], f"policies.{key} ")
            for key in ("from", "until")
            if item.get(key) is not None
        }
        fill = self.mapping(item.get("fill"), policy.blanks, f"插件 {policy.id} 的填空")
        if wrong := list(misfits(policy, fill, known)):
            raise PolicyError([f"政策“{policy.title}”的{one}" for one in wrong])
        return Adoption(
            policy,
            dates.get("from"),
            dates.get("until"),
            frozenset(chosen["without"]),
            frozenset(chosen["also"]),
            settled(policy, fill, known),
        )


__all__ = ["KEYS", "RehearsalReader"]
