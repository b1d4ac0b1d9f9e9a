"""What a person may on a day: member or not, rights intact or not, the posts he holds, and by which clause he lacks what he
lacks. Derived, never stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.database import fetch
from core.paths import placed
from core.register.rights.spans import Span, spans_of
from core.register.rights.words import FULL, WORDS, State
from dangwu import MEMBERSHIPS

QUALIFICATIONS = ("full-member", "rights-intact", "no-sanction-in-effect")
"""The qualifications of the contract that the register knows by itself."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the register says of a person, as far as his rights follow from it."""

    id: UUID
    name: str
    membership: str
    joined: date | None
    converted: date | None
    removed: date | None
    standing: str
    unit_id: UUID
    path: str
    unit_name: str


class Loss(msgspec.Struct, frozen=True):
    """Something that takes rights away: in words (预备党员; 留党察看，2027-03-01 期满), by which clause, and which."""

    title: str
    cited: str
    loses: frozenset[str]
    checked: str
    limited: bool = False
    """It is a sanction or the like, not what everybody may know of him."""

    @property
    def sentence(self) -> str:
        """For a reader: 留党察看，2027-03-01 期满（《中国共产党纪律处分条例》第十二条）."""
        return f"{self.title}（{self.cited}）"


class Rights(msgspec.Struct, frozen=True):
    """What he may on `day`."""

    day: date
    lacks: tuple[Loss, ...]
    posts: tuple[Span, ...]

    @property
    def lost(self) -> frozenset[str]:
        """All that he has not."""
        return frozenset().union(*(one.loses for one in self.lacks))

    @property
    def qualifications(self) -> tuple[str, ...]:
        """Those that he has on that day."""
        return tuple(one for one in QUALIFICATIONS if one not in self.lost)

    @property
    def votes(self) -> bool:
        """Whether he has a vote."""
        return "votes" not in self.lost

    def here(self, path: str) -> tuple[Span, ...]:
        """His posts at the unit at `path` and those above it."""
        return tuple(one for one in self.posts if path.startswith(one.unit_path))

    def serves(self, path: str) -> frozenset[str]:
        """The words of policies that his posts answer to there."""
        return frozenset().union(*(served(one.word) for one in self.here(path)))

    def why_not(self, lost: str) -> str:
        """Why he has not what he `lost`, with the clauses."""
        return "；".join(one.sentence for one in self.lacks if lost in one.loses)


def served(post: str) -> frozenset[str]:
    """The words of policies that a post answers to."""
    return WORDS.posts[post].serves if post in WORDS.posts else frozenset()


def membership_on(known: Known, day: date) -> str:
    """What he is on a day, by the date of the register with which that begins (`converted`: a full member, `joined`); "" for
    who is no member. A date that the register does not know is taken as long past."""
    begins = MEMBERSHIPS[known.membership].begins
    if not begins or (known.removed is not None and known.removed <= day):
        return ""
    if known.joined is not None and day < known.joined:
        return ""
    since = known.converted if begins == FULL else None
    return "joined" if since is not None and day < since else begins


def rights_on(known: Known, spans: Sequence[Span], day: date) -> Rights:
    """His rights on a day."""
    holding = [one for one in spans if one.holds(day)]
    dated = any(
        WORDS.limits[one.word].by_case for one in spans if one.word in WORDS.limits and one.ended is None
    )
    lacks = (*_states(known, day, dated), *(_limited(one) for one in holding if one.word in WORDS.limits))
    return Rights(day, lacks, tuple(one for one in holding if one.kind == "post"))


def _states(known: Known, day: date, dated: bool) -> Iterator[Loss]:
    """What follows from the file; `dated`: since when he is suspended is known, by the case."""
    begins = membership_on(known, day)
    if begins != FULL:
        yield _lack(WORDS.states[begins or "none"])
    if known.standing == "suspended" and not dated:
        yield _lack(WORDS.states["suspended"])


def _lack(state: State) -> Loss:
    return Loss(state.title, WORDS.cited(state), frozenset(state.loses), state.checked)


def _limited(span: Span) -> Loss:
    found = _lack(WORDS.limits[span.word])
    end = "期满" if WORDS.limits[span.word].group == "sanction" else "止"
    title = f"{found.title}，{span.ended} {end}" if span.ended else found.title
    return msgspec.structs.replace(found, title=title, limited=not WORDS.limits[span.word].by_case)


async def known_people(person_ids: Sequence[UUID]) -> dict[UUID, Known]:
    """What the register says of these people of this county; for services that decide who may see whom.

    Who has left, in whatever way, is no member from that day on; a removal before he joined (again) is past. Of a file that has
    gone into another it is that one's.
    """
    rows = await fetch(
        f"""select q.id, p.name, p.membership, p.joined, p.converted, p.standing,
                  least(case when p.removed < p.joined then null else p.removed end, p.left_on) removed,
                  p.unit_id, p.path, {placed()} unit_name
           from person q join person p on p.id = coalesce(q.merged_into, q.id)
             join unit u on u.id = p.unit_id and u.path = p.path where q.id = any($1)""",
        list(person_ids),
    )
    return {row["id"]: Known(**dict(row)) for row in rows}


async def rights_of(known: Mapping[UUID, Known], day: date) -> dict[UUID, Rights]:
    """The rights of these people on a day."""
    spans = await spans_of(list(known))
    return {one: rights_on(known[one], spans[one], day) for one in known}
