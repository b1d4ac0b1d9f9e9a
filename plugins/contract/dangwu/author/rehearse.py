"""Rehearsals: scripted cases in YAML that a party clerk can read. See design §3.7 for the format."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from dangwu.author.expected import expectation, listed, unmet, unmet_of_plan
from dangwu.author.meant import meant, verb_of
from dangwu.author.owed import Owing
from dangwu.author.rated import Rehearsal
from dangwu.author.rehearse_read import KEYS, RehearsalReader
from dangwu.case.case import (
    Case,
    Correction,
    End,
    Entry,
    Exemption,
    Facts,
    Mend,
    Record,
    Reopening,
    Return,
    Strike,
)
from dangwu.errors import ConflictError, EvidenceError, FormError, PolicyError, nearest
from dangwu.facets.finding import Finding
from dangwu.facets.reading import read_record
from dangwu.facets.registry import FACETS
from dangwu.judge.acts import can_return, tried
from dangwu.judge.evaluate import evaluate, judged
from dangwu.judge.exempt import not_exempt
from dangwu.judge.least import least
from dangwu.judge.mend import corrected, not_ending, not_reopening, struck
from dangwu.plugins.plugins import Plugins
from dangwu.policy.known import Known
from dangwu.regime.evidence import strange
from dangwu.regime.regime import Regime
from dangwu.say import explain
from dangwu.say.sentences import STEP_SENTENCES
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
    if "plugin" in raw and "rules" in raw:
        raise reader.wrong(
            "这是政策文件，不是排演。检查政策用 dangwu check；要排演，请写明排演文件或插件包的文件夹。"
        )
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
        self.subject = reader.subject(raw.get("subject"), tags)
        steps = regime.floor.steps(self.procedure)
        given = reader.given(raw.get("given"), steps, self._step, self._present)
        self.case = Case(self.subject, procedure=self.procedure, given=given)
        people, members = reader.people(raw.get("people"), tags), reader.members(raw.get("unit"))
        self.ratings = Rehearsal(regime, reader, people, members)
        self.owing = Owing(regime, reader, raw.get("unit"), tags)
        self.verbs: Mapping[str, Callable[[Mapping[str, Any], date, str], Iterator[str]]] = {
            "do": self._record, "record": self._record, "supplement": self._record, "correct": self._correct,
            "strike": self._strike, "return": self._return, "end": self._end, "reopen": self._reopen,
            "exception": self._exempt, "rate": self.ratings.rate, "activity": self.owing.act, "event": self.owing.happen,
        }  # fmt: skip

    def _present(self, day: date) -> Iterable[str]:
        return self.regime.on(day, self.subject.tags, self.procedure).steps

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
            if {"tags", "dates", "plans"} & act.keys():
                tags = self.reader.tags(act["tags"], "tags ", self.tags) if "tags" in act else None
                dates = self.reader.days(act["dates"], "dates") if "dates" in act else None
                plans = self.reader.plans(act["plans"], where) if "plans" in act else None
                self.case = self.case.with_entry(Facts(day, tags, dates, plans))
            for verb, play in self.verbs.items():
                if verb in act:
                    yield from play(act, day, where)
            if "expect" in act:
                yield from self._expect(expectation(self.reader, act["expect"], where), day, where)

    def _record(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        step = self._step(act.get("do") or act.get("record") or act.get("supplement"))
        entered = self.reader.day(act["entered"], f"{where} entered ") if "entered" in act else None
        given = {name: act[name] for name in act if name in FACETS}
        try:
            filled = least(self.regime, self.case, step, day, given) if "do" in act else [given]
            records = [read_record(step, day, evidence, entered=entered) for evidence in filled]
        except EvidenceError as error:
            yield from self._unreadable(error, act, where)
            return
        for record in records:
            self._refuse_strange(record, act, where)
            record = replace(record, id=str(len(self.case.entries)))
            before = judged(self.regime, self.case, day)
            why = tried(before, record, supplement="supplement" in act).refusals
            if why:
                yield from self._refused(act, step, why, where)
                return
            self.case = self.case.with_entry(record)
        yield from self._not_refused(act, step, where)

    def _correct(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        """The facets that are not named stay as they were recorded."""
        step = self._step(act["correct"])
        old = meant(self.reader, self.case, step, act, where) or Record(step, day, {}, day, "none")
        known = (day, old.entered, *(entry.day for entry in self.case.entries))
        entered = self.reader.day(act["entered"], f"{where} entered ") if "entered" in act else max(known)
        try:
            new = read_record(step, day, {name: act[name] for name in act if name in FACETS}, entered=entered)
        except EvidenceError as error:
            yield from self._unreadable(error, act, where)
            return
        self._refuse_strange(new, act, where)
        whole = Correction(old.id, replace(new, evidence={**old.evidence, **new.evidence}))
        yield from self._enter(
            whole, corrected(judged(self.regime, self.case, entered), whole).refusals, act, where
        )

    def _strike(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        step = self._step(act["strike"])
        old = meant(self.reader, self.case, step, act, where)
        out = Strike(old.id, step, old.day) if old else Strike("none", step, day)
        why = struck(judged(self.regime, self.case, day), out).refusals
        yield from self._enter(out, why, act, where)

    def _end(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        known = self.regime.floor.procedures[self.procedure].ends
        if act["end"] not in known:
            hint = nearest(str(act["end"]), known)
            raise self.reader.wrong(
                f"{where}：没有“{act['end']}”这种终止原因{hint}。可用的有：{'、'.join(known) or '无'}。",
                _line(act),
            )
        end = End(act["end"], day)
        yield from self._enter(end, not_ending(judged(self.regime, self.case, day), end), act, where)

    def _reopen(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        again = Reopening(day)
        yield from self._enter(again, not_reopening(judged(self.regime, self.case, day), again), act, where)

    def _return(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        back = Return(self._step(act["return"]), day)
        yield from self._enter(back, can_return(self.regime, self.case, back), act, where)

    def _exempt(self, act: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        given = self.reader.exception(act["exception"], where)
        wanted = Exemption(**{**given, "step": self._step(given["step"])}, day=day)
        why = not_exempt(judged(self.regime, self.case, day), wanted)
        yield from self._enter(wanted, why, act, where, wanted.step)

    def _enter(
        self,
        entry: Entry | Mend,
        why: Sequence[Finding],
        act: Mapping[str, Any],
        where: str,
        about: str = "",
    ) -> Iterator[str]:
        """Enter what is not refused; `about` is what the act names, where it does not stand beside its verb."""
        named = (act[verb] for verb in ("return", "correct", "strike", "end") if verb in act)
        about = about or str(next(named, ""))
        if why:
            yield from self._refused(act, about, why, where)
            return
        self.case = self.case.with_entry(entry)
        yield from self._not_refused(act, about, where)

    def _not_refused(self, act: Mapping[str, Any], about: str, where: str) -> Iterator[str]:
        if act.get("refused"):
            yield f"{where}：期望不能{verb_of(act)}{self._called(about)}，实际可以。"

    def _refused(
        self, act: Mapping[str, Any], about: str, why: Sequence[Finding], where: str
    ) -> Iterator[str]:
        reasons = "".join(explain.sentence(self.regime, one) for one in why)
        if not act.get("refused"):
            yield f"{where}：不能{verb_of(act)}{self._called(about)}：{reasons}"
        codes = {one.code for one in why}
        for code in self.reader.words(act.get("because"), f"{where} because "):
            self._known(code, where)
            if code not in codes:
                yield f"{where}：期望因 {code} 不能{verb_of(act)}，实际是 {listed(codes)}：{reasons}"

    def _called(self, about: str) -> str:
        ending = self.regime.floor.procedures[self.procedure].ends.get(about)
        title = ending.title if ending else explain.title(self.regime, about)
        return f"“{title}”" if title else ""

    def _unreadable(self, error: EvidenceError, act: Mapping[str, Any], where: str) -> Iterator[str]:
        if isinstance(error, FormError):
            raise self.reader.wrong(f"{where}：{''.join(error.problems)}", _line(act)) from error
        if not act.get("refused"):
            yield from (f"{where}：{one}" for one in error.problems)

    def _refuse_strange(self, record: Record, act: Mapping[str, Any], where: str) -> None:
        if odd := strange(self.regime, record):
            raise self.reader.wrong(f"{where}：{''.join(odd)}", _line(act))

    def _known(self, code: str, where: str) -> None:
        """Refuse a finding that nothing can find: `not_because` of a misspelt one would always hold. Checks have their own."""
        own = {f"{kind.name}.{reason}" for kind in FACETS.values() for reason in kind.sentences}
        codes = own | set(STEP_SENTENCES)
        taken = {one.partition(".")[0] for one in codes}
        if code not in codes and (not self.regime.checks or code.partition(".")[0] in taken):
            raise self.reader.wrong(f"{where}：没有“{code}”这一结论{nearest(code, codes)}。")

    def _expect(self, expect: Mapping[str, Any], day: date, where: str) -> Iterator[str]:
        about = self.ratings if "rating" in expect else self.owing if "duty" in expect else None
        if about is not None:
            yield from about.unmet(expect, day, where)
            return
        for code in (*expect.get("because", ()), *expect.get("not_because", ())):
            self._known(code, where)
        if "step" in expect:
            self._step(expect["step"])
        if "plan" in expect:
            yield from unmet_of_plan(self.regime.plans(day).get(expect["plan"]), expect, where)
            return
        yield from unmet(self.regime, evaluate(self.regime, self.case, day), expect, where)


def _line(act: Mapping[str, Any]) -> int:
    return int(getattr(act, "line", 0))


__all__ = ["Rehearsed", "rehearse"]
