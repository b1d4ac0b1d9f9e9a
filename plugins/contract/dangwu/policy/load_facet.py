"""One facet of a rule as written: its parameters, blanks and words, and whether what it asks for makes sense on its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import combinations, islice
from typing import Any

from dangwu.errors import nearest
from dangwu.facets.base import Facet
from dangwu.facets.reading import EXCEPTION, brief, decode, dotted, wrong
from dangwu.facets.registry import FACETS
from dangwu.policy.blanks import bind, blanks_in, filled, is_blank
from dangwu.policy.entry import Entry
from dangwu.policy.floor import Floor
from dangwu.policy.known import Known
from dangwu.policy.policy import Blank, Rule
from dangwu.policy.steps import Steps
from dangwu.shapes.faults import Path
from dangwu.text.reader import like
from dangwu.values.lattice import OR, join, joins
from dangwu.values.vocabulary import rank
from dangwu.values.word import typed_fields, words

SAMPLES: dict[str, Any] = {"text": "x", "number": 1, "share": ">=1/2", "list": ["x"]}
"""A fill of each type of blank, to see at load whether it fits where it stands."""
Problem = tuple[Path, str]


def misread(name: str, params: Any, blanks: Mapping[str, Blank]) -> Iterator[Problem]:
    """(path, sentence) for everything that is wrong with a facet's raw parameters, words and steps apart."""
    undeclared = [blank for blank in blanks_in(params) if blank not in blanks]
    for blank in undeclared:
        yield (), f"“{name}”中的填空“{blank}”没有在 blanks 中声明{nearest(str(blank), blanks)}。"
    slips = (
        *_unspelled(name, params),
        *_either(name, params),
        *_unanchored(name, params),
        *_twice(name, params),
    )
    found = slips or list(wrong(name, filled(params, {})))
    yield from ((path, f"{what}。") for path, what in found)
    if found or undeclared:
        return
    named = {blank: blanks[blank] for blank in blanks_in(params)}
    try:
        decode(name, filled(params, {blank: SAMPLES[one.type] for blank, one in named.items()}))
    except ValueError as error:
        types = "、".join(f"“{blank}”声明为 {one.type}" for blank, one in named.items())
        yield (), f"“{name}”中的填空类型不对：{types}，而{error}。请改正 blanks 中的 type。"
    yield from _nothing(name, params)


def _either(name: str, params: Any) -> Iterator[Problem]:
    """`a|b` where each is asked for by itself."""
    for param in FACETS[name].whole if isinstance(params, dict) else ():
        value = params.get(param)
        for number, one in enumerate(value) if isinstance(value, list) else ():
            if isinstance(one, str) and "|" in one:
                yield (
                    (param, number),
                    f"“{name}.{param}”中的“{one[:60]}”不能写成有其一即可（|），这里每一项都要有。请分开写，或只写一项",
                )


def _twice(name: str, params: Any) -> Iterator[Problem]:
    """A word written twice in one list, or twice in one `a|b`: another one was meant."""
    for param, value in params.items() if isinstance(params, dict) else ():
        listed = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        for words_ in (listed, *(one.split("|") for one in listed)):
            for word in dict.fromkeys(one for one in words_ if words_.count(one) > 1):
                yield (param,), f"“{name}.{param}”中，“{word[:60]}”写了两次。请删去一个，或改成要写的那一项"
        for either in (one for one in listed if "|" in one):
            for word in (word for word in either.split("|") if word in listed):
                yield (
                    (param,),
                    f"“{name}.{param}”中，“{either[:60]}”（有其一即可）旁边又写了“{word[:60]}”，前一项就没有用了。请只留一项",
                )


def _unspelled(name: str, params: Any) -> Iterator[Problem]:
    """Short forms that stand for nothing."""
    for param, why in FACETS[name].shorts.items() if isinstance(params, dict) else ():
        if params.get(param) is True:
            yield (param,), f"“{name}.{param}”写的是 true，{why}"


def _unanchored(name: str, params: Any) -> Iterator[Problem]:
    """Periods written without the step from which they count: `due: {days: 20}`."""
    for param in FACETS[name].anchors if isinstance(params, dict) else ():
        value = params.get(param)
        if isinstance(value, dict) and {*value} & {"months", "days", "workdays"}:
            written = ", ".join(f"{key}: {part}" for key, part in value.items())
            yield (
                (param,),
                f"“{name}.{param}”没有写从哪一环节算起，应写作 {param}: {{环节: {{{written}}}}}，"
                f"例如 {param}: {{home-visit: {{{written}}}}}",
            )


def _nothing(name: str, value: Any, path: Path = ()) -> Iterator[Problem]:
    """Parameters that ask for nothing, at any depth: 0, an empty list, nothing at all, `false` where `true` asks. A facet without
    parameters is no such."""
    idle = path[-1:] in _switches(name) if value is False else value is None or value in (0, [], {})
    if path and idle:
        written = "空" if value is None else "false" if value is False else value
        yield path, f"“{dotted(name, path)}”写的是“{written}”，等于没有要求。请写明要求，或删去这一项。"
    for key, part in value.items() if isinstance(value, dict) else ():
        yield from _nothing(name, part, (*path, key))
    for number, part in enumerate(value) if isinstance(value, list) else ():
        if part is None or isinstance(part, list):
            yield (*path, number), f"“{dotted(name, path)}”的列表里又套了列表或空项。请把各项并列写出。"


def _switches(name: str) -> set[Path]:
    """The paths of the parameters that ask by being true."""
    return {(param,) for param, how in joins(FACETS[name]) if how is OR}


def misworded(name: str, params: Any, known: Known) -> Iterator[Problem]:
    """(path, sentence) for each word that is not of the category that its place wants, steps apart."""
    for path, word, categories in _words(FACETS[name], params):
        what = "" if categories == ("step",) else known.wrong(word, categories)
        if what:
            yield path, f"“{dotted(name, path[:1])}”中，{what}。"


def misplaced(
    name: str, params: Any, procedure: str, own: tuple[str, ...], steps: Steps
) -> Iterator[Problem]:
    """(path, sentence) for each period that counts from a step which does not come before those of the rule."""
    there = steps.titles.get(procedure, {})
    for path, word, categories in _words(FACETS[name], params):
        if categories != ("step",):
            continue
        where = dotted(name, path[:1])
        if word not in there:
            yield path, f"“{where}”中的环节“{word}”不存在{nearest(word, there, _by_title(there))}。"
        for step in own:
            if word == step or step in steps.ahead(procedure, word):
                yield (
                    path,
                    f"“{where}”从“{word}”算起，可它不在“{step}”之前，永远算不出期限。请改为之前的环节。",
                )


def downwards(name: str, params: Any, levels: Mapping[str, str]) -> Iterator[Problem]:
    """(path, sentence) for each level that is told of a step and stands below the one that acts there (`levels`, by step)."""
    param = FACETS[name].upwards
    told = params.get(param) if isinstance(params, dict) else None
    for number, one in enumerate(told if isinstance(told, list) else ()):
        for step, level in levels.items() if isinstance(one, str) else ():
            if one == "person" or any(rank(each) < rank(level) for each in one.split("|")):
                yield (
                    (param, number),
                    f"“{name}.{param}”写的是 {one}，可“{step}”由 {level} 办，备案是报给它或者它的上级。"
                    "请改为上级；要下级知道的，写在 note 里。",
                )
                break


def _by_title(steps: Mapping[str, str]) -> dict[str, str]:
    return {step: title for step, title in steps.items() if title}


def _words(kind: type[Facet], params: Any) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    if not isinstance(params, dict):
        return
    for field, hint in typed_fields(kind):
        value = params.get(field)
        if not is_blank(value):
            yield from words(hint, value, (field,))


Ground = Mapping[str, Sequence[tuple[Rule, Facet]]]
"""By the name of a facet: the floor's rules that ask for it, with what they ask."""


def ground(floor: Floor) -> Ground:
    """What the floor asks for."""
    found: dict[str, list[tuple[Rule, Facet]]] = {}
    for rule in (rule for policy in floor.policies for rule in policy.rules):
        for name, facet in bind(rule, {}).items():
            found.setdefault(name, []).append((rule, facet))
    return found


def contradictory(rule: Rule, floor: Ground) -> Iterator[tuple[str, str]]:
    """(facet, sentence) where what a rule asks for cannot be met, by itself or together with what the floor asks there."""
    for name, facet in bind(rule, {}).items():
        own = facet.contradiction()
        if own:
            yield name, f"“{name}”自相矛盾：{own}。"
            continue
        for other, theirs in floor.get(name, ()):
            what = join(facet, theirs).contradiction() if _meet(rule, other) else ""
            if what:
                yield name, f"“{name}”同国家规定 {other.id} 矛盾：{what}。"
                break


def _meet(one: Rule, floor: Rule) -> bool:
    """Whether two rules can hold for one step at one time."""
    both = {*one.steps} & {*floor.steps} and one.procedure == floor.procedure and floor.when <= one.when
    starts = max(one.since or date.min, floor.since or date.min)
    return bool(both) and starts < min(one.until or date.max, floor.until or date.max)


MOST_PAIRS = 20_000
"""So many are looked at on a step: beyond it nobody has written by hand."""
Claim = tuple[Rule, Facet]


def impossible(rules: Iterable[Rule]) -> Iterator[tuple[Rule, str]]:
    """(the later rule, sentence) for the first pair on each step whose demands of one kind exclude each other."""
    asked: dict[tuple[str, str, str], list[Claim]] = {}
    for rule in rules:
        for name, facet in bind(rule, {}).items() if rule.steps else ():
            if type(facet).contradiction is not Facet.contradiction:
                for step in rule.steps:
                    asked.setdefault((rule.procedure, step, name), []).append((rule, facet))
    for (_, step, name), listed in asked.items():
        if len(listed) > 1 and reduce(join, (facet for _, facet in listed)).contradiction():
            yield from islice(_pairs(step, name, listed), 1)


def _pairs(step: str, name: str, listed: Sequence[Claim]) -> Iterator[tuple[Rule, str]]:
    for (one, mine), (two, theirs) in islice(combinations(listed, 2), MOST_PAIRS):
        what = join(mine, theirs).contradiction() if _together(one, two) else ""
        if what:
            other = f"规则 {one.id.removeprefix(f'{one.plugin}.')}（第 {one.line} 行）"
            yield two, f"“{name}”在“{step}”上同{other}矛盾：{what}。"


def _together(one: Rule, two: Rule) -> bool:
    """Whether there are people for whom both hold whenever one of them does, at some time."""
    starts = max(one.since or date.min, two.since or date.min)
    ends = min(one.until or date.max, two.until or date.max)
    return (one.when <= two.when or two.when <= one.when) and starts < ends and not (one.off or two.off)


def exceptions(entry: Entry, facets: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The facets without it, and the level by facet; what is wrong with a level is told."""
    plain: dict[str, Any] = {}
    found: dict[str, str] = {}
    for name, params in facets.items():
        if not isinstance(params, dict) or EXCEPTION not in params:
            plain[name] = params
            continue
        plain[name] = like(params, {key: part for key, part in params.items() if key != EXCEPTION})
        level = params[EXCEPTION]
        what = (
            entry.known.wrong(level, ("level",), author=False)
            if isinstance(level, str)
            else f"应为一个层级，得到的是“{brief(level)}”"
        ) or ("本人不能同意自己的例外，应为上级" if level == "person" else "")
        if what:
            entry.bad(f"“{name}.{EXCEPTION}”中，{what}。", name, EXCEPTION)
        else:
            found[name] = level
    return plain, found


def several(entry: Entry, levels: Mapping[str, str], facets: dict[str, Facet]) -> None:
    """Tell of an exception beside more than one demand: it would not be clear what need not bind."""
    for name in levels:
        asked = facets[name].demands()
        if len(asked) > 1:
            entry.bad(
                f"“{name}.{EXCEPTION}”只能放在一项要求旁边，这里有 {'、'.join(asked)}。请分成几条规则（可以共用一个 id）。",
                name,
                EXCEPTION,
            )
        elif facets[name].advisory:
            entry.bad(f"“{name}”只是提醒，本来就不妨碍办理，不必写 {EXCEPTION}。请删去。", name, EXCEPTION)
