"""Generated facets, evidence, policies and cases: for every registered facet, from its own types and joins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin
from typing import Union as TypingUnion

import msgspec
from hypothesis import reject
from hypothesis import strategies as st

from dangwu import FACETS, Adoption, ConflictError, Facet, Period, Regime, Share, compose, read_record
from dangwu.case.case import (
    Case,
    Correction,
    End,
    Exemption,
    Facts,
    Record,
    Reopening,
    Return,
    Subject,
    written,
)
from dangwu.case.moment import Moment
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Cite, OnFailure, Policy, Rule, Source, StepFacts
from dangwu.values.catalogue import INSERTED as SHARED
from dangwu.values.lattice import (
    Both,
    Either,
    Greatest,
    Join,
    Least,
    Longest,
    Shortest,
    ShortestOne,
    Union,
    joins,
)
from tests.contract.stamps import Stamps
from tests.floor import FLOOR

WORDS = (
    "branch",
    "committee",
    "department",
    "masses",
    "members",
    "workplace",
    "residence",
    "workplace|residence",
)
ANCHORS = ("application", "activist-decision", "prospect-selection", "pre-review", "admission-meeting")
FACTS = ("graduation", "departure")
TAGS = ("rural", "student", "mobile")
SHARES = [Share(text) for text in (">=1/3", ">=1/2", ">1/2", ">=2/3", ">=1/1")]
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 20))
SMALL = st.integers(0, 4)
PERIODS = st.builds(Period, months=st.integers(0, 3), days=st.integers(0, 40), workdays=st.integers(0, 8))


def _values(kind: type[Facet], name: str, how: Join[Any]) -> st.SearchStrategy[Any]:
    if isinstance(how, Union):
        words = (
            TAGS if name == "barred" else ("branch", "committee", "department") if name == "levels" else WORDS
        )
        return st.frozensets(st.sampled_from(words), max_size=3)
    if isinstance(how, Either | Both):
        return st.booleans()
    if isinstance(how, Longest | Shortest):
        keys = FACTS if name in ("blackout", "elapsed", "within", "due_since") else ANCHORS
        return st.dictionaries(st.sampled_from(keys), PERIODS, max_size=2)
    if isinstance(how, ShortestOne):
        return st.none() | PERIODS
    if isinstance(how, Least):
        return SMALL
    if isinstance(how, Greatest):
        if "Share" in str(kind.__annotations__[name]):
            return st.none() | st.sampled_from(SHARES)
        if name == "min_age":
            return st.sampled_from((0, 16, 18, 20))
        return st.sampled_from((0, 1, 2, 3)) | st.integers(0, 20)
    raise TypeError(f"no values for {how}")


def _says(value: Any) -> bool:
    return bool(value)


@cache
def facets(name: str) -> st.SearchStrategy[Facet]:
    """Any facet of a kind; mostly one that says something by a single parameter, so that no other hides it.

    Made once: hypothesis reads the annotations of the kind for each strategy anew, which takes longer than a hundred examples.
    """
    kind = FACETS[name]
    values = {param: _values(kind, param, how) for param, how in joins(kind)}
    alone = [
        st.builds(kind, **{param: one.filter(_says)}, advisory=st.sampled_from((False, False, False, True)))
        for param, one in values.items()
        if param != "advisory"
    ]
    return st.one_of(st.builds(kind, **values), *alone)


_IDS = st.lists(st.sampled_from(WORDS[:-1]), max_size=4, unique=True)
_COUNT = st.integers(0, 12)
_ONE = st.sampled_from(WORDS[:-1])
_LEVEL = st.sampled_from(["branch", "committee", "department"])
_VOTE = st.fixed_dictionaries(
    {"eligible": _COUNT, "present": _COUNT, "for": _COUNT},
    optional={
        **dict.fromkeys(("against", "abstain", "written_for"), SMALL),
        "reckoned": _COUNT,
        "difference": st.sampled_from(["", "一人出国"]),
        **dict.fromkeys(("secret", "one_by_one"), st.booleans()),
        **dict.fromkeys(("observers", "presence", "briefed"), _IDS),
    },
)
_POLL = st.fixed_dictionaries({"invited": _COUNT, "present": _COUNT, "for": _COUNT})
_CONCLUSION = st.sampled_from(["pass", "pass", "return", "fail"])
_REVIEW = st.fixed_dictionaries({"conclusion": _CONCLUSION, "aspects": _IDS})
_FINDING = st.sampled_from(["", "unfounded", "minor", "serious", "unclear"])
_OBJECTION = st.fixed_dictionaries({"received": DAYS, "finding": _FINDING}, optional={"answered": DAYS})
_PERSON = st.fixed_dictionaries({"name": st.sampled_from(["甲", "乙", "丙"]), "qualifications": _IDS})
_COURSE = {"hours": _COUNT, "days": _COUNT, "exam": st.sampled_from(["passed", "failed"])}
_NO_NUMBER = st.fixed_dictionaries({"state": st.sampled_from(["exhausted", "duplicate"])})
_OBJECTIONS = {"objections": st.lists(_OBJECTION, max_size=2)}
SENSIBLE: dict[str, st.SearchStrategy[Any]] = {
    "documents": _IDS,
    "consultation": _IDS,
    "filing": _IDS,
    "talk": st.fixed_dictionaries({"with": _IDS, "by": _IDS}),
    "poll": st.dictionaries(_ONE, _POLL, max_size=3),
    "vote": _VOTE,
    "notice": st.fixed_dictionaries({"places": _IDS, "channels": _IDS}, optional=_OBJECTIONS),
    "review": st.dictionaries(_LEVEL, _REVIEW, max_size=3),
    "inquiry": st.dictionaries(_ONE, st.sampled_from(["clear", "concern", "object"]), max_size=4),
    "training": st.fixed_dictionaries({}, optional=_COURSE),
    "assessment": st.fixed_dictionaries({"items": _IDS}, optional={"mark": st.integers(0, 20)}),
    "appointment": st.lists(_PERSON, max_size=3),
    "consent": st.dictionaries(_LEVEL, st.sampled_from(["granted", "refused"]), max_size=3),
    "signoff": st.dictionaries(_ONE, st.just("张三"), max_size=3),
    "tracing": st.lists(
        st.fixed_dictionaries(
            {"name": st.just("甲"), "ways": _IDS}, optional={"result": st.sampled_from(["trace", "reached"])}
        ),
        max_size=3,
    ),
    "visit": st.fixed_dictionaries({"aspects": _IDS, "by": _IDS}),
    "serial": st.sampled_from(["A1", "A2"]) | _NO_NUMBER,
}
"""Evidence of which chance alone would seldom make something sensible."""


def _by_type(kind: Any) -> st.SearchStrategy[Any]:
    """Evidence as its type has it, whatever facet it is of."""
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _by_type(args[0])
    if origin in (UnionType, TypingUnion):
        return _by_type(next(one for one in args if one is not type(None)))
    if origin is Literal:
        return st.sampled_from(args)
    if origin is list:
        return st.lists(_by_type(args[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(_by_type(args[0]), _by_type(args[1]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        needed = {one.encode_name: _by_type(one.type) for one in fields if one.required}
        return st.fixed_dictionaries(
            needed,
            optional={one.encode_name: _by_type(one.type) for one in fields if not one.required},
        )
    return {bool: st.booleans(), int: SMALL, float: SMALL, date: DAYS, str: _ONE}[kind]


assert Stamps.name in FACETS
EVIDENCE = {
    name: SENSIBLE[name] if name in SENSIBLE else _by_type(kind.evidence)
    for name, kind in FACETS.items()
    if kind.evidence is not None
}
"""Evidence of each kind, sensible or not; a facet that records nothing has none."""


@st.composite
def records(draw: st.DrawFn, step: str, names: tuple[str, ...], most: int = 3) -> tuple[Record, ...]:
    """Records of one step, carrying evidence of some of these facets, in order of day."""
    found = []
    for day in sorted(draw(st.lists(DAYS, max_size=most))):
        carried = {name: draw(EVIDENCE[name]) for name in names if name in EVIDENCE and draw(st.booleans())}
        late = draw(st.sampled_from([0, 0, 0, 1, 2, 3, 30]))
        found.append(read_record(step, day, carried, entered=day + timedelta(days=late)))
    return tuple(found)


_BORN = (
    st.none() | st.dates(date(1950, 1, 1), date(2004, 1, 1)) | st.dates(date(2006, 1, 1), date(2012, 1, 1))
)
_TAGGED = st.frozensets(st.sampled_from(TAGS))
_DATES = st.dictionaries(st.sampled_from(FACTS), DAYS)
_SUBJECTS = st.builds(
    lambda born, tags, dates: Subject(born=born, tags=tags, dates=dates), _BORN, _TAGGED, _DATES
)
"""Somebody who may be too young, or graduate soon."""

_FIGURES = st.tuples(st.integers(0, 12), st.integers(0, 12))
PARTS: dict[str, st.SearchStrategy[Any]] = {
    "vote": _FIGURES.map(lambda two: {"eligible": 12, "present": max(two), "for": min(two)})
    | st.sampled_from([{"secret": False}, {"one_by_one": False}, {"reckoned": 9}]),
    "poll": st.dictionaries(
        _ONE,
        _FIGURES.map(lambda two: {"invited": 12, "present": max(two), "for": min(two)}),
        min_size=1,
        max_size=2,
    ),
    "inquiry": EVIDENCE["inquiry"],
    "training": st.sampled_from([{"hours": 0}, {"days": 0}, {"exam": "failed"}]),
}
"""Something that evidence may say before `least` completes it: else everybody is always for it."""


_TWO_OF_THREE = st.sampled_from((True, True, False))
_HUNDRED = st.integers(-100, 100)
Look = Callable[[Facet, Facet], tuple[tuple[Record, ...], Moment]]


@st.composite
def looks(draw: st.DrawFn, name: str) -> Look:
    """A way to look at two facets of a kind: at records strewn at random, or at just what the second asks for."""
    enough, who, day = draw(_TWO_OF_THREE), draw(_SUBJECTS), draw(DAYS)
    strewn = () if enough else draw(records("admission-meeting", (name, "consent")))
    part = draw(PARTS[name]) if name in PARTS and draw(st.integers(0, 3)) else None
    today = day + timedelta(days=draw(st.integers(0, 30)))

    def near() -> date:
        return today + timedelta(days=draw(_HUNDRED))

    done = {step: near() for step in ANCHORS if draw(st.booleans())}
    facts = {fact: near() for fact in FACTS if draw(st.booleans())}
    opened, concluded = near(), near() if draw(st.booleans()) else None
    late = draw(st.sampled_from([0, 1, 3, 40]))

    def look(_: Facet, two: Facet) -> tuple[tuple[Record, ...], Moment]:
        at = Moment(Case(msgspec.structs.replace(who, dates=facts)), today, done, done)
        at.opened, at.concluded = opened, concluded
        if not enough:
            return strewn, at
        least = two.least(part, (), at)
        given = {} if two.evidence is None or least is None else {name: least}
        many = two.more(()) + 1
        made = read_record("admission-meeting", day, given, entered=day + timedelta(days=late))
        return (made,) * many, at

    return look


def encoded(facet: Facet) -> dict[str, Any]:
    """A facet's raw parameters, as YAML would have them."""

    def plain(value: Any) -> Any:
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, Share):
            return str(value)
        if isinstance(value, Period):
            return {
                unit: getattr(value, unit) for unit in ("months", "days", "workdays") if getattr(value, unit)
            }
        return {key: plain(part) for key, part in value.items()} if isinstance(value, dict) else value

    return {
        param.rstrip("_"): plain(getattr(facet, param))
        for param, _ in joins(type(facet))
        if getattr(facet, param)
    }


STEPS = (
    "activist-decision", "prospect-notice", "political-review", "intensive-training", "pre-review", "admission-meeting",
)  # fmt: skip
INSERTED = ("activist-recommendation", "joint-review", "admission-notice")
SOURCE = Source("试验文件", 2026)


OWN = "home-visit"
"""A step that is in no catalogue: each policy that adds it says for itself what it stands before."""
TURNS = (date(2026, 3, 1), date(2026, 6, 15), date(2026, 9, 1))
"""The days on which generated rules and adoptions begin and end."""
FAILURES = st.sampled_from(
    [
        OnFailure(),
        OnFailure(),
        OnFailure(return_to="application"),
        OnFailure(return_to="applicant-talk"),
        OnFailure(close=True),
    ]
)


@st.composite
def policies(draw: st.DrawFn, name: str, *, dated: bool = False) -> Policy:
    """A policy with a few rules on steps of the floor, on shared and on its own inserted ones: some of them under a tag, some
    only about the order of steps, each with some way on after a failure; `dated` ones begin and end."""
    numbers = range(draw(st.integers(1, 4)))
    rules = tuple(draw(_rules(name, number, dated)) for number in numbers)
    return Policy(id=name, title=name, sources={"s": SOURCE}, rules=rules)


@st.composite
def _rules(draw: st.DrawFn, plugin: str, number: int, dated: bool) -> Rule:
    step = draw(st.sampled_from((*STEPS, *INSERTED, OWN)))
    kinds = draw(st.lists(st.sampled_from(sorted(FACETS)), min_size=1, max_size=2, unique=True))
    facts = _facts(step) if step != OWN else _own(draw(st.sampled_from(("pre-review", "admission-meeting"))))
    since, until = draw(_spans()) if dated else (None, None)
    if step in ORDERS and draw(st.booleans()):
        facts = draw(st.sampled_from(ORDERS[step]))
    level = draw(st.sampled_from(("", "", "committee", "department")))
    return Rule(
        id=f"{plugin}.made.rule-{number}",
        plugin=plugin,
        kind="add" if facts.title else "tighten",
        procedure="admission",
        cite=Cite("s", "第一条"),
        steps=(step,),
        facets={kind: encoded(draw(facets(kind))) for kind in kinds},
        exceptions={kinds[0]: level} if level else {},
        step=facts,
        on_failure=draw(FAILURES) if step not in ("application", "applicant-talk") else OnFailure(),
        since=since,
        until=until,
        when=draw(st.sampled_from([frozenset(), frozenset({"rural"}), frozenset({"rural", "student"})])),
    )


@st.composite
def _spans(draw: st.DrawFn) -> tuple[date | None, date | None]:
    since, until = draw(st.none() | st.sampled_from(TURNS)), draw(st.none() | st.sampled_from(TURNS))
    return (until, since) if since and until and since > until else (since, until if until != since else None)


_SIDE_BY_SIDE = ("sponsor-appointment", "political-review", "intensive-training")
ORDERS = {
    "political-review": [StepFacts(after=_SIDE_BY_SIDE[:1]), StepFacts(before=_SIDE_BY_SIDE[2:])],
    "intensive-training": [StepFacts(after=_SIDE_BY_SIDE[:1]), StepFacts(before=_SIDE_BY_SIDE[1:2])],
}
"""What a rule may say of the order of steps that the floor leaves side by side; not all of it goes together."""


def _facts(step: str) -> StepFacts:
    shared = SHARED["admission"].get(step)
    if shared is None:
        return StepFacts()
    return StepFacts(
        shared.title, shared.stage, shared.level, shared.after, shared.before, completes=shared.completes
    )


def _own(before: str) -> StepFacts:
    return StepFacts("入户走访", "activist", "branch", ("activist-decision",), (before,))


@st.composite
def adoptions(draw: st.DrawFn, policy: Policy, *, dated: bool = False) -> Adoption:
    """A policy adopted, perhaps from a day and until a day."""
    since, until = draw(_spans()) if dated else (None, None)
    return Adoption(policy, since, until)


TAKEN_OVER = (
    (),
    ("application",),
    ("application", "applicant-talk"),
    FLOOR.steps()[:9],
    FLOOR.steps()[:13],
)
"""Steps taken over as done: none, a few, or all up to the notice or the branch's review."""


@st.composite
def exemptions(draw: st.DrawFn) -> Exemption:
    """What somebody agreed not to bind, whether a rule lets him or not."""
    name = draw(st.sampled_from(sorted(FACETS)))
    param = draw(st.sampled_from([one.rstrip("_") for one, _ in joins(FACETS[name])]))
    step, by = draw(st.sampled_from((*STEPS, *INSERTED, OWN))), draw(st.sampled_from(("", "committee")))
    return Exemption(step, name, param, draw(DAYS), "特殊情况", by)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case with records strewn over steps, in whatever order, and perhaps a change of tags."""
    names = tuple(sorted(EVIDENCE))
    entries: list[Any] = []
    for step in draw(st.lists(st.sampled_from((*STEPS, *INSERTED, OWN)), max_size=5, unique=True)):
        entries += draw(records(step, names, 2))
    if draw(st.booleans()):
        entries.append(Facts(draw(DAYS), draw(_TAGGED), draw(st.none() | _DATES)))
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(entries)))
        entries.insert(place, Return(draw(st.sampled_from(("application", *STEPS))), draw(DAYS)))
    entries += draw(st.lists(exemptions(), max_size=2))
    if draw(st.integers(0, 5)) == 0:
        end = End(draw(st.sampled_from(sorted(FLOOR.procedures["admission"].ends))), draw(DAYS))
        entries += [end, Reopening(end.day + timedelta(days=draw(SMALL)))][: draw(st.integers(1, 2))]
    given = {step: date(2025, 1, 10) for step in draw(st.sampled_from(TAKEN_OVER))}
    return Case(draw(_SUBJECTS), tuple(entries), given=given)


@st.composite
def put_right(draw: st.DrawFn) -> Case:
    """A case with some of its records corrected, to another day or to other evidence."""
    case = draw(cases())
    numbered: list[Any] = [
        msgspec.structs.replace(one, id=str(number)) if isinstance(one, Record) else one
        for number, one in enumerate(case.entries)
    ]
    for one in [one for one in numbered if isinstance(one, Record) and draw(st.booleans())]:
        (new,) = draw(records(one.step, tuple(one.evidence), 1).filter(bool))
        numbered.append(
            Correction(one.id, draw(st.sampled_from([new, msgspec.structs.replace(one, day=new.day)])))
        )
    return msgspec.structs.replace(case, entries=written(numbered))


def composed(plugins: Plugins, *adopted: Adoption) -> Regime:
    """The regime of these adoptions; an example whose orders of steps cannot be reconciled is passed over."""
    try:
        return compose(plugins.floor, adopted)
    except ConflictError:
        return reject()
