"""Rehearsals: scripted cases in YAML that a party clerk can read. See design §3.7 for the format."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from dangwu.author.rehearse_read import KEYS, RehearsalReader
from dangwu.case.case import Case, Exemption, Facts, Return
from dangwu.errors import ConflictError, EvidenceError, FormError, PolicyError, nearest
from dangwu.facets.finding import Finding
from dangwu.facets.reading import read_record
from dangwu.facets.registry import FACETS
from dangwu.judge.acts import can_return, least, refusals
from dangwu.judge.evaluate import evaluate, judged
from dangwu.judge.exempt import not_exempt
from dangwu.judge.standing import Standing, StepStanding
from dangwu.plugins.plugins import Plugins
from dangwu.policy.known import Known
from dangwu.regime.evidence import strange
from dangwu.regime.regime import Regime
from dangwu.say import explain
from dangwu.text.reader import read
from dangwu.values.vocabulary import TAGS


class Rehearsed(msgspec.Struct, frozen=True):
    """A rehearsal's result: `problems` are the expectations that do not hold, each a sentence; empty means it passed."""

    title: str
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all expectations hold."""
        return not self.problems


def rehearse(plugins: Plugins, text: str, *, where: str = "rehearsal.yaml") -> Rehearsed:
    """Play a rehearsal. Raises RehearsalError if it cannot be read."""
    reader = RehearsalReader(where, Known(plugins.everything))
    raw = read(text, where)
    if not isinstance(raw, dict):
        raise reader.wrong("排演应以 title、given、script 各项开头。")
    reader.mapping(raw, KEYS, "")
    title = str(raw.get("title", where))
    refused = _refused(raw, reader)
    try:
        regime = plugins.compose(reader.adoptions(plugins, raw.get("policies")))
    except (ConflictError, PolicyError) as error:
        if refused:
            return Rehearsed(title, ())
        if isinstance(error, PolicyError):
            raise
        return Rehearsed(title, tuple(f"这些政策不能同时启用：{one}" for one in error.problems))
    if refused:
        return Rehearsed(title, ("期望这些政策不能同时启用，实际可以。",))
    tags = {*TAGS, *plugins.floor.tags, *(tag for one in plugins.policies.values() for tag in one.tags)}
    return Rehearsed(title, tuple(_Stage(regime, raw, reader, tags).play()))


def _refused(raw: Mapping[str, Any], reader: RehearsalReader) -> bool:
    """Whether the combination is expected to be refused."""
    if "compile" not in raw:
        return False
    if raw["compile"] != "refused":
        raise reader.wrong(f"compile 只能写 refused（不能同时启用），得到的是“{raw['compile']}”。")
    if "script" in raw:
        raise reader.wrong("写了 compile: refused，就不用写 script：不能启用的政策无从排演。")
    return True


_CANNOT = {"return": "不能退回到", "exception": "不能例外办理"}


class _Stage:
    def __init__(
        self, regime: Regime, raw: Mapping[str, Any], reader: RehearsalReader, tags: Collection[str]
    ) -> None:
        self.regime, self.raw, self.reader, self.tags = regime, raw, reader, tags
        self.procedure = str(raw.get("procedure", regime.floor.default))
        known = regime.floor.procedures
        if self.procedure not in known:
            raise reader.wrong(
                f"没有流程“{self.procedure}”{nearest(self.procedure, known)}。可用的有：{'、'.join(known)}。"
            )
        self.case = Case(
            reader.subject(raw.get("subject"), tags),
            procedure=self.procedure,
            given=reader.given(
                raw.get("given"), regime.floor.steps(self.procedure), self._step, self._present
            ),
        )

    def _present(self, day: date) -> Iterable[str]:
        return self.regime.on(day, frozenset(), self.procedure).steps

    def _step(self, name: Any) -> str:
        plan = self.regime.plan(self.procedure)
        if name not in plan.by_id:
            hint = nearest(str(name), [*plan.by_id, *self.regime.floor.steps(self.procedure)])
            raise self.reader.wrong(f"这些政策下没有环节“{name}”{hint}。请核对环节标识，或检查是否漏写政策。")
        return str(name)

    def play(self) -> Iterator[str]:
        script = self.reader.listed(self.raw.get("script"), "script ")
        if not script:
            raise self.reader.wrong("排演没有写 script（经过），什么也没有核对。")
        for number, raw in enumerate(script, 1):
            act = self.reader.act(raw, number)
            day = self.reader.day(act.get("day"), f"script 第 {number} 项的 day ")
            where = f"第 {number} 项（{day}）"
            if "tags" in act or "dates" in act:
                tags = self.reader.tags(act["tags"], "tags ", self.tags) if "tags" in act else None
                dates = self.reader.days(act["dates"], "dates") if "dates" in act else None
                self.case = self.case.with_entry(Facts(day, tags, dates))
            if "do" in act or "record" in act:
                yield from self._record(act, day, where)
            elif "return" in act:
                yield from self._return(act, day, where)
            elif "exception" in act:
                yield from self._exempt(act, day, where)
            if "expect" in act:
                yield from self._expect(self.reader.expect(act["expect"], where), day, where)

    def _record(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        step = self._step(act.get("do") or act.get("record"))
        entered = self.reader.day(act["entered"], f"{where} entered ") if "entered" in act else None
        given = {name: act[name] for name in act if name in FACETS}
        try:
            filled = least(self.regime, self.case, step, day, given) if "do" in act else [given]
            records = [read_record(step, day, evidence, entered=entered) for evidence in filled]
        except FormError as error:
            raise self.reader.wrong(
                f"{where}：{''.join(error.problems)}", int(getattr(act, "line", 0))
            ) from error
        except EvidenceError as error:
            if not act.get("refused"):
                yield from (f"{where}：{one}" for one in error.problems)
            return
        for record in records:
            if odd := strange(self.regime, record):
                raise self.reader.wrong(f"{where}：{''.join(odd)}", int(getattr(act, "line", 0)))
            why = refusals(self.regime, self.case, record)
            if why:
                yield from self._refused(act, step, why, where)
                return
            self.case = self.case.with_entry(record)
        if act.get("refused"):
            yield f"{where}：期望“{explain.title(self.regime, step)}”不能记录，实际记录成功。"

    def _refused(
        self, act: Mapping[str, Any], step: str, why: Sequence[Finding], where: str
    ) -> Iterator[str]:
        if not act.get("refused"):
            reasons = "".join(explain.sentence(self.regime, one) for one in why)
            verb = next((said for key, said in _CANNOT.items() if key in act), "不能记录")
            yield f"{where}：{verb}“{explain.title(self.regime, step)}”：{reasons}"
        codes = {one.code for one in why}
        for code in self.reader.words(act.get("because"), f"{where} because "):
            self._known(code, where)
            if code not in codes:
                yield f"{where}：期望因 {code} 不能记录，实际是 {_listed(codes)}。"

    def _known(self, code: str, where: str) -> None:
        """Refuse a finding that nothing can find: `not_because` of a misspelt one would always hold."""
        own = {f"{kind.name}.{reason}" for kind in FACETS.values() for reason in kind.sentences}
        codes = own | set(explain.STEP_SENTENCES)
        if code not in codes and not self.regime.checks:
            raise self.reader.wrong(f"{where}：没有“{code}”这一结论{nearest(code, codes)}。")

    def _return(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        back = Return(self._step(act["return"]), day)
        why = can_return(self.regime, self.case, back)
        if why:
            yield from self._refused(act, back.step, why, where)
            return
        self.case = self.case.with_entry(back)
        if act.get("refused"):
            yield f"{where}：期望不能退回到“{explain.title(self.regime, back.step)}”，实际可以。"

    def _exempt(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        given = self.reader.exception(act["exception"], where)
        wanted = Exemption(**{**given, "step": self._step(given["step"])}, day=day)
        why = not_exempt(judged(self.regime, self.case, day), wanted)
        if why:
            yield from self._refused(act, wanted.step, why, where)
            return
        self.case = self.case.with_entry(wanted)
        if act.get("refused"):
            yield f"{where}：期望“{explain.title(self.regime, wanted.step)}”不能例外，实际可以。"

    def _expect(self, expect: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        for code in (*expect.get("because", ()), *expect.get("not_because", ())):
            self._known(code, where)
        standing = evaluate(self.regime, self.case, day)
        now = _where_it_stands(self.regime, standing)
        for key in ("stage", "status", "membership"):
            if key in expect and expect[key] != getattr(standing, key):
                yield f"{where}：{key} 期望 {expect[key]}，实际 {getattr(standing, key)}。{now}"
        if "open" in expect and sorted(expect["open"]) != sorted(standing.open):
            yield f"{where}：open 期望 {_listed(expect['open'])}，实际 {_listed(standing.open)}。{now}"
        if "step" in expect:
            step = self._step(expect["step"])
            found = standing.steps.get(step) or StepStanding(step, "waived")
            yield from self._expect_step(expect, found, where)

    def _expect_step(self, expect: Mapping[str, Any], step: StepStanding, where: str) -> Iterator[str]:
        name = f"{where} {step.id}"
        for key in ("state", "until", "due"):
            if key in expect and expect[key] != getattr(step, key):
                found = "".join(explain.sentence(self.regime, one) for one in step.findings)
                yield f"{name}：{key} 期望 {expect[key]}，实际 {getattr(step, key)}。{found}"
        codes = step.because()
        for code in expect.get("because", []):
            if code not in codes:
                yield f"{name}：期望有 {code}，实际有 {_listed(codes)}。"
        for code in expect.get("not_because", []):
            if code in codes:
                yield f"{name}：不应有 {code}。"
        for rule in expect.get("rule", []):
            if rule not in step.cited:
                hint = nearest(rule, step.cited)
                yield f"{name}：没有引用规则 {rule}{hint}。引用的有：{_listed(step.cited)}。"


def _listed(words: Iterable[str]) -> str:
    return "、".join(sorted(words)) or "无"


def _where_it_stands(regime: Regime, standing: Standing) -> str:
    lines = [
        f"{explain.title(regime, step)}（{standing.steps[step].state}）"
        + "".join(explain.sentence(regime, one) for one in standing.steps[step].findings)
        for step in standing.open
    ]
    return "现在：" + "；".join(lines) if lines else ""


__all__ = ["Rehearsed", "rehearse"]
