"""How people are found: by name, its parts, every usual reading of it; by the ends of their numbers.

Only starts_with and equality: these stay on an index under row-level security.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

from core.database import execute, fetch
from core.paths import Conditions
from core.pinyin import name_syllables, readings_of
from core.register.identity import id_search, open_phone, seal_phone
from core.register.names import DOT, one_name
from core.text import tidy

MOST_READINGS = 12
"""So many ways to read a name are kept: whoever has more is found by these."""

MOST_SPELLED = 16_384
"""Characters with a reading whose other readings are kept."""

MOST_BY_TERM = 1_001
"""So many are first looked for by what stands beside the name, wherever they are: where that is not enough, all are."""

BACKFILLED = 5_000


def terms_of(name: str) -> list[str]:
    """What somebody is found by besides the name itself from its first, second or third character on, its pinyin and initials:
    other usual readings, lü written lu or lyu, the name without its dot, and later parts of a long one."""
    plain = name.replace(DOT, "")
    begins = range(3, len(plain)) if plain == name else range(len(plain))
    parts = [plain[at:] for at in begins if len(plain) - at > 1 or plain == name]
    return sorted({*parts, *_readings(name)} - {name, name[1:], name[2:]})


def _readings(name: str) -> set[str]:
    """Other full pinyin and initials, and those of each part behind a dot."""
    usual = name_syllables(name)
    ways: list[Sequence[str]] = [*_ways(name, usual)]
    if len(ways) == 1 and DOT not in name:
        return set()
    known = {_joined(usual), _initials(usual)}
    ways += [name_syllables(part) for part in name.split(DOT)[1:]]
    found = {form(one) for one in ways for form in (_joined, _initials)}
    return {one for one in found if len(one) > 1} - known


def _ways(name: str, usual: Sequence[str]) -> list[Sequence[str]]:
    """As it is usually read, and in every other usual way."""
    letters = [one for one in name if one != DOT]
    if len(letters) > 4 or len(letters) != len(usual):
        letters = [""] * len(usual)
    spelled = [_spelled(own, one) for own, one in zip(usual, letters, strict=True)]
    if all(len(ways) == 1 for ways in spelled):
        return [usual]
    return [way for _, way in zip(range(MOST_READINGS), product(*spelled), strict=False)]


@lru_cache(MOST_SPELLED)
def _spelled(own: str, letter: str) -> tuple[str, ...]:
    """How a syllable is typed, and all other usual readings of its character ("": none are looked for)."""
    ways = dict.fromkeys((own, *readings_of(letter))) if letter else (own,)
    return tuple(dict.fromkeys(form for one in ways for form in _umlauts(one)))


def _umlauts(syllable: str) -> tuple[str, ...]:
    """lv, lu and lyu are written for lü (GB/T 28039 has LYU on papers)."""
    if syllable[:2] in ("lv", "nv"):
        return syllable, syllable.replace("v", "u", 1), syllable.replace("v", "yu", 1)
    return (syllable,)


def _joined(syllables: Sequence[str]) -> str:
    text = "".join(syllables)
    return text if text.isalnum() else "".join([letter for letter in text if letter.isalnum()])


def _initials(syllables: Sequence[str]) -> str:
    return "".join([one[0] for one in syllables if one[:1].isalpha()])


def sought(text: str) -> str:
    """What is looked for when this is typed: width, blanks and ü are no matter; "" looks for nobody in particular."""
    return one_name(tidy(text)).replace(" ", "").replace("ü", "v").replace("Ü", "v")


def add_search(
    where: Conditions, text: str, *, alias: str, name: str, person: str = "", most: int | None = None
) -> None:
    """Narrow to those found by `text`: a name or a part of one, with or without its dot, pinyin, initials, the last 4 or 6 of an
    id, a mobile number or its last 4.

    `person` names the column with the person's id where the list is not the register itself: numbers stand only there.
    `most`: by what stands beside the name no more are found; `where.cut` says whether there are.
    """
    term = sought(text)
    if not term:
        return
    if numbers := id_search(term):
        found = " or ".join(f"n.{column} = {where.bind(wanted)}" for column, wanted in numbers)
        own = found.replace("n.", f"{alias}.")
        where.add(f"{alias}.{person} in (select n.id from person n where {found})" if person else f"({own})")
        return
    letters = term.isascii() and re.fullmatch("[A-Za-z']+", term) is not None
    plain = term.lower().replace("'", "") if letters else term.replace(DOT, "")
    if letters and len(plain) == 1:
        # The first of the pinyin is that of the initials, too: the list, in the order of the pinyin, is read from there on.
        where.add(f"({alias}.py >= {{}} and {alias}.py < {{}})", plain, chr(ord(plain) + 1))
        return
    here = where.bind(plain if letters else term)
    columns = ("py_joined", "py_initials") if letters else (name, "name2", "name3")
    ways = [f"starts_with({alias}.{column}, {here})" for column in columns]
    if len(plain) > 1:
        besides = here if letters or plain == term else where.bind(plain)
        some = "" if most is None else f" limit {int(most)}"
        terms = f"select t.person_id from person_term t where starts_with(t.term, {besides}){some}"
        ways.append(f"{alias}.{person or 'id'} = any(array({terms}))")
        if most is not None:
            where.cut = f"(select count(*) >= {int(most)} from ({terms}) t)"
    where.add("(" + " or ".join(ways) + ")")


async def work_out_terms() -> int:
    """Work out how people are found of whom that has not been done yet, some thousands at once; how many they were."""
    rows = await fetch(
        f"select id, name, phone_sealed from person where also is null order by id limit {BACKFILLED}"
    )
    for row in rows:
        tail = seal_phone(open_phone(row["phone_sealed"]))["phone_tail4"]
        await execute(
            "update person set also = $2, phone_tail4 = $3 where id = $1",
            row["id"],
            terms_of(row["name"]),
            tail,
        )
    return len(rows)
