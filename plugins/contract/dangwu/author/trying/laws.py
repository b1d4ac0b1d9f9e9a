"""A facet put through the laws: how it joins, what it finds and says, and that nothing that people write makes it fail."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice, pairwise, product
from typing import TypeVar, get_origin

import msgspec

from dangwu.author.trying import samples
from dangwu.author.trying.slow import Slow, timed
from dangwu.case.case import Case, Record, Subject
from dangwu.case.moment import Moment
from dangwu.errors import MISDEEDS, EvidenceError, at
from dangwu.facets.base import Facet
from dangwu.facets.finding import ADVISORY, CLOCK, IMPOSSIBLE, KINDS, MISSING, Finding, Requirement
from dangwu.facets.reading import read_record
from dangwu.plugins.apart.code import unfit
from dangwu.shapes.short import Plain
from dangwu.values.lattice import join, joins

STEP = "step"
PAIRS, RECORDS = 120, 30
T = TypeVar("T")
Records = tuple[Record, ...]


class Broken(msgspec.Struct, frozen=True):
    """A law that does not hold: a sentence with an example, and the exception if that is what happened."""

    sentence: str
    error: BaseException | None = None


class _Stop(Exception):
    """The facet itself has failed: `broken` says how."""

    def __init__(self, broken: Broken) -> None:
        self.broken = broken


def broken(kind: type[Facet]) -> list[Broken]:
    """The laws that do not hold for a facet, each once with its first example; empty if all do."""
    found = []
    for law in (_apart, _joins, _monotone, _judges, _says, _least, _reads):
        try:
            found += list(islice(law(kind), 1))
        except _Stop as stop:
            found.append(stop.broken)
    return list({one.sentence: one for one in found}.values())


def _tried(kind: type[Facet], what: str, call: Callable[..., T], *given: object) -> T:
    """What a facet's own code answers; whatever it raises breaks a law."""
    try:
        with timed(f"“{kind.name}”的 {what}"):
            return call(*given)
    except Slow as slow:
        raise _Stop(Broken(str(slow))) from slow
    except MISDEEDS as error:
        said = f"“{kind.name}”的 {what} 出错：{type(error).__name__}：{error}{at(error)}"
        raise _Stop(Broken(f"{said}。空白的、奇怪的记录也要能判断。", error)) from error


def _read(kind: type[Facet], given: Plain) -> Record | None:
    """A record of this evidence (builtins), None where it is refused with a sentence."""
    try:
        return read_record(STEP, samples.DAY, {} if given is None else {kind.name: given})
    except EvidenceError:
        return None
    except MISDEEDS as error:
        said = f"读记录 {given!r} 出错：{type(error).__name__}：{error}{at(error)}"
        raise _Stop(Broken(f"“{kind.name}”{said}。不对的记录应以 EvidenceError 拒绝。", error)) from error


def _facets(kind: type[Facet]) -> list[Facet]:
    try:
        return samples.facets(kind)
    except TypeError as error:
        raise _Stop(
            Broken(f"“{kind.name}”的每个参数都要有默认值（什么也不要求）：{error}。", error)
        ) from error


def _pairs(kind: type[Facet]) -> list[tuple[Facet, Facet]]:
    """Pairs of facets, spread evenly over all of them."""
    known = _facets(kind)
    pairs = list(product(known, known))
    return pairs[:: max(1, len(pairs) // PAIRS)]


def _looks(kind: type[Facet]) -> list[tuple[Records, Moment]]:
    """Nothing recorded, each usual evidence alone, one after another; looked at early and late."""
    one_by_one = [(one,) for one in _readable(kind)][:RECORDS]
    both = [(*first, *second) for first, second in pairwise(one_by_one)][:RECORDS]
    return [(records, moment) for records in ((), *one_by_one, *both) for moment in _moments()]


def _readable(kind: type[Facet]) -> Iterator[Record]:
    given = samples.evidence(kind.evidence) if kind.evidence is not None else ()
    yield from (record for one in given if (record := _read(kind, one)) is not None)


def _moments() -> list[Moment]:
    """Somebody of whom nothing is known, and somebody with a past."""
    bare = Moment(Case(), samples.DAY, {}, {})
    done = {word: samples.DAY - timedelta(days=20) for word in (STEP, "one", "two")}
    known = Subject(
        born=samples.DAY.replace(year=2000), tags=frozenset({"rural"}), dates={"graduation": samples.DAY}
    )
    later = Moment(Case(known), samples.DAY + timedelta(days=40), done, done)
    later.opened = later.concluded = samples.DAY
    return [bare, later]


def _apart(kind: type[Facet]) -> Iterator[Broken]:
    """Ours are asked where we are, and may write anew whatever they like."""
    if not kind.__module__.startswith("dangwu.") and (why := unfit(kind)):
        yield Broken(f"{why}。")


def _joins(kind: type[Facet]) -> Iterator[Broken]:
    for one, two in _pairs(kind):
        both = _tried(kind, "合并", join, one, two)
        if join(one, one) != one or both != join(two, one) or join(both, two) != both:
            yield Broken(f"“{kind.name}”合并时先后、重复不应影响结果：{_shown(one)} 与 {_shown(two)}。")


def _monotone(kind: type[Facet]) -> Iterator[Broken]:
    looks = _looks(kind)
    for number, (one, two) in enumerate(_pairs(kind)):
        for records, moment in looks[number % 5 :: 5]:
            whole = join(one, two)
            if any(
                _blocks(ask(one, records, moment)) and not _blocks(ask(whole, records, moment))
                for ask in (_judged, _misnamed)
            ):
                yield Broken(
                    f"“{kind.name}”放宽了：{_shown(one)} 不放行的，与 {_shown(two)} 合并以后放行了"
                    f"（记录：{_evidence(records, kind)}）。合并只能从严。"
                )


def _blocks(found: Sequence[Finding]) -> bool:
    return any(one.kind != ADVISORY for one in found)


def _misnamed(one: Facet, records: Records, moment: Moment) -> list[Finding]:
    """What is refused of each record when it is new."""
    if one.advisory:
        return []
    given = _tried(type(one), "of", one.of, records)
    return [found for part in given for found in _tried(type(one), "misnamed", one.misnamed, part, moment)]


def _judged(one: Facet, records: Records, moment: Moment) -> list[Finding]:
    kind = type(one)
    found = _tried(kind, "judge", one.judge, records, moment)
    if not isinstance(found, list) or not all(isinstance(item, Finding) for item in found):
        raise _Stop(Broken(f"“{kind.name}”的 judge 应返回 Finding 的列表，得到的是 {found!r}。"))
    return one.softened(found)


def _judges(kind: type[Facet]) -> Iterator[Broken]:
    for one, (records, moment) in product(_facets(kind), _looks(kind)):
        before = copy.deepcopy(records)
        found = _judged(one, records, moment)
        yield from (broken for item in found if (broken := _improper(kind, item)))
        if before != records:
            yield Broken(f"“{kind.name}”的 judge 改动了记录。记录只能看，不能改。")
        if found != _judged(one, records, moment):
            yield Broken(
                f"“{kind.name}”的 judge 对同样的记录两次说的不一样。不读时钟、不用随机数、不存状态。"
            )


def _improper(kind: type[Facet], one: Finding) -> Broken | None:
    """What is wrong with a finding: its kind, its sentence, what the sentence is filled with."""
    if one.kind not in KINDS or (one.kind == CLOCK and one.until is None):
        return Broken(
            f"“{kind.name}”的结论“{one.code}”种类不对（{one.kind}）；clock 须写 until。可用的有：{'、'.join(KINDS)}。"
        )
    sentence = kind.sentences.get(one.reason)
    if one.facet != kind.name or sentence is None:
        return Broken(
            f"“{kind.name}”的结论“{one.code}”没有一句话。请写进 sentences：{{'{one.reason}': '…'}}。"
        )
    lacking = set(re.findall(r"\{(\w+)\}", sentence)) - one.values.keys() - {"keys", "plugin"}
    if lacking:
        return Broken(
            f"“{kind.name}”的结论“{one.code}”少了 {'、'.join(sorted(lacking))}：句子里有，values 里没有。"
        )
    return None


def _says(kind: type[Facet]) -> Iterator[Broken]:
    for one in _facets(kind):
        said = _tried(kind, "describe", one.describe)
        if not isinstance(said, list) or not all(isinstance(item, Requirement) for item in said):
            yield Broken(f"“{kind.name}”的 describe 应返回 Requirement 的列表，得到的是 {said!r}。")
            return
        asked = [name for name, value in _asked(one) if value is not True]
        if asked and not said:
            yield Broken(f"“{kind.name}”要求了 {'、'.join(asked)}，describe 却什么也没有说：{_shown(one)}。")


def _asked(one: Facet) -> Iterator[tuple[str, object]]:
    """The parameters by which a facet asks for something; one that is only true may do no more than qualify another."""
    for name, how in joins(type(one)):
        if how.parts(value := getattr(one, name)):
            yield name, value


def _least(kind: type[Facet]) -> Iterator[Broken]:
    moment, *_ = _moments()
    for one in _facets(kind) if kind.evidence is not None and not kind.last else ():
        nobody = get_origin(kind.evidence) is dict and not one.keys()
        if one.contradiction() or nobody or not any(_asked(one)):
            continue
        records: Records = ()
        for _ in range(_tried(kind, "more", one.more, ()) + 1):
            record = _read(kind, _tried(kind, "least", one.least, None, records, moment))
            records += (record,) if record is not None else ()
        left = [item.code for item in _judged(one, records, moment) if item.kind in (MISSING, IMPOSSIBLE)]
        if left:
            yield Broken(
                f"“{kind.name}”的 least 给出的还不够：按 {_shown(one)} 补齐以后仍有 {'、'.join(left)}"
                f"（给出的是 {_evidence(records, kind)}）。"
            )


def _reads(kind: type[Facet]) -> Iterator[Broken]:
    """Whatever does not belong there is refused with a sentence, or judged."""
    for given in samples.ODD if kind.evidence is not None else ():
        if (record := _read(kind, given)) is not None:
            for one, moment in product(_facets(kind), _moments()):
                _judged(one, (record,), moment)
    yield from ()


def _shown(one: Facet) -> str:
    said = (
        f"{name.rstrip('_')}: {'、'.join(sorted(value)) if isinstance(value, frozenset) else value}"
        for name, value in msgspec.structs.asdict(one).items()
        if value
    )
    return f"{{{', '.join(said)}}}"


def _evidence(records: Records, kind: type[Facet]) -> str:
    return "；".join(str(msgspec.to_builtins(one.evidence.get(kind.name))) for one in records) or "无"


__all__ = ["Broken", "broken"]
