"""Where a unit has stood, through its own moves and those of the units above it."""

from __future__ import annotations

from datetime import date

from core.casework.model import Way
from tenants.policies.lineage import ALWAYS, Move, lineage

SPRING, AUTUMN = date(2026, 3, 1), date(2026, 9, 1)


def test_a_unit_that_never_moved_stands_under_its_path() -> None:
    assert lineage(Way("/d/c/b/"), []) == {"/d/c/b/": (ALWAYS,), "/d/c/": (ALWAYS,), "/d/": (ALWAYS,)}


def test_a_move_parts_the_time_between_two_parents_and_leaves_what_is_above_both() -> None:
    found = lineage(Way("/d/n/b/"), [Move("/d/n/b/", SPRING, "/d/c/")])
    assert found == {
        "/d/n/b/": (ALWAYS,),
        "/d/c/": ((date.min, SPRING),),
        "/d/n/": ((SPRING, date.max),),
        "/d/": (ALWAYS,),
    }


def test_moving_there_and_back_leaves_a_gap() -> None:
    moves = [Move("/d/c/b/", AUTUMN, "/d/n/"), Move("/d/c/b/", SPRING, "/d/c/")]
    found = lineage(Way("/d/c/b/"), moves)
    assert found["/d/c/"] == ((date.min, SPRING), (AUTUMN, date.max))
    assert found["/d/n/"] == ((SPRING, AUTUMN),)


def test_the_moves_of_units_above_count() -> None:
    """The branch stood under c; c was moved from y to x in autumn, the branch from c to n in spring."""
    moves = [Move("/d/n/b/", SPRING, "/d/x/c/"), Move("/d/x/c/", AUTUMN, "/d/y/")]
    found = lineage(Way("/d/n/b/"), moves)
    assert found["/d/y/"] == ((date.min, SPRING),)
    assert "/d/x/" not in found


def test_two_moves_on_one_day_come_to_an_end() -> None:
    moves = [Move("/d/b/c/", SPRING, "/d/x/"), Move("/d/b/", SPRING, "/d/b/c/")]
    found = lineage(Way("/d/b/c/"), moves)
    assert found["/d/x/"] == ((date.min, SPRING),)
    assert found["/d/b/"] == ((SPRING, date.max),)
