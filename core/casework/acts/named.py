"""The people of the register whom a record names: who they are, and what is known of them on the day of the act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.acts.held import refuse_unheld
from core.casework.acts.roll import reckoned
from core.casework.model import EntryView, Evidence
from core.database import execute
from core.errors import Invalid
from core.register.rights.day import QUALIFICATIONS, served
from core.register.rights.pick import Candidate, picked
from core.register.rights.words import WORDS
from dangwu import Named, StepRules, kind_of

KNOWN_POSTS = frozenset().union(*(served(one) for one in WORDS.posts))
"""The words of policies that some post of the register answers to: of any other nothing is known."""


class Told(NamedTuple):
    """Evidence in which each of the register stands with his name, post and qualifications; `why` says by name what one lacks."""

    evidence: Evidence
    why: Mapping[str, str]


async def named(
    actor: Actor,
    path: str,
    rules: StepRules,
    evidence: Evidence,
    day: date,
    *,
    already: Evidence | None = None,
) -> Told:
    """The evidence spelled out, with what the register knows of the people whom it names by id, and of how many are entitled, for
    a case at `path`.

    What was typed of them is replaced. `already` is what the record said before: whoever stands in it may stand there again.
    Raises NotFound for one whom he may not pick, Invalid for what is no id.
    """
    await refuse_unheld(path, evidence, day)
    evidence = await reckoned(path, rules, evidence, day)
    found = {name: _spelled(rules, name, given) for name, given in evidence.items()}
    listed = [one for name in found for one in _people(rules, name, found[name])]
    if not listed:
        return Told(found, {})
    before = {name: _spelled(rules, name, given) for name, given in (already or {}).items()}
    known = {_id(one.given) for name in before for one in _people(rules, name, before[name])}
    everybody = await picked(actor, {_id(one.given) for one in listed}, path, day, known)
    why: dict[str, str] = {}
    for one in listed:
        candidate = everybody[_id(one.given)]
        _tell(candidate, one, path)
        sees = actor.may("sanction.view", candidate.known.path)
        if lacks := [lack.sentence for lack in candidate.rights.lacks if sees or not lack.limited]:
            why[candidate.known.name] = "；".join(lacks)
    return Told(found, why)


async def note_named(case_id: UUID, entry: EntryView) -> None:
    """Write down whom of the register an entry names (see lists/acted.py)."""
    named = {
        (UUID(one.given["person"]), facet)
        for facet, given in entry.evidence.items()
        if not (kind := kind_of(facet)).absent and kind.evidence is not None
        for one in kind().people(kind.tidy(given))
        if one.given.get("person")
    }
    if named:
        people, facets = zip(*sorted(named), strict=True)
        await execute(
            """insert into case_named (person_id, case_id, entry_id, facet)
               select person, $1, $2, facet from unnest($3::uuid[], $4::text[]) as named (person, facet)""",
            case_id, entry.id, list(people), list(facets),
        )  # fmt: skip


def _spelled(rules: StepRules, name: str, given: Any) -> Any:
    facet = rules.facets.get(name)
    return facet.tidy(deepcopy(given)) if facet is not None and facet.evidence is not None else given


def _people(rules: StepRules, name: str, given: Any) -> Iterator[Named]:
    facet = rules.facets.get(name)
    for one in facet.people(given) if facet is not None else ():
        if one.given.get("person"):
            yield one


def _id(given: Mapping[str, Any]) -> UUID:
    try:
        return UUID(str(given["person"]))
    except ValueError:
        raise Invalid("所选的人不是名册中的人。请重新选择；名册以外的人只填姓名。", code="evidence") from None


def _tell(one: Candidate, into: Named, path: str) -> None:
    """Name, post and qualifications. Of a post or qualification that the register knows nothing of, what was said stands."""
    wanted = sorted(word for post in into.posts for word in post.split("|"))
    serves, here = one.rights.serves(path), one.rights.here(path)
    post = next((word for word in wanted if word in serves or word not in KNOWN_POSTS), "")
    own = [word for word in into.given.get("qualifications") or () if word not in QUALIFICATIONS]
    told = {
        "name": one.known.name,
        "post": post or (here[0].title if here else ""),
        "qualifications": [*one.rights.qualifications, *own],
    }
    for key, value in told.items():
        into.given.pop(key, None)
        if value:
            into.given[key] = value
