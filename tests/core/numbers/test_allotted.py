"""Numbers of forms: counted on from a first one, given once, used for one case, void when that is done anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor
from core.database import fetch
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.numbers.allot import allot, void
from core.numbers.model import Used
from core.numbers.queries import counted, numbers
from core.numbers.series import LONGEST, series
from core.numbers.settle import settle
from core.organisation.model import UnitView
from tenants.database.session import county_session, current_session
from tests.core.casework.cases import begun
from tests.core.conftest import TODAY, Clerks, World, with_roles

FORM, OTHER = "admission-form", "conversion-form"


@pytest.mark.parametrize(
    ("first", "count", "numbers"),
    [
        ("2026-009", 3, ["2026-009", "2026-010", "2026-011"]), ("1", 2, ["1", "2"]), ("99", 2, ["99", "100"]),
        ("JH2026-0001", 1, ["JH2026-0001"]), ("城关〔2026〕0099", 2, ["城关〔2026〕0099", "城关〔2026〕0100"]),
        ("A(1)007", 2, ["A(1)007", "A(1)008"]), ("甲" * 59 + "1", 1, ["甲" * 59 + "1"]),
    ],
)  # fmt: skip
def test_a_series_goes_on_as_wide_as_it_began(first: str, count: int, numbers: list[str]) -> None:
    assert series(first, count) == numbers


@pytest.mark.parametrize(
    "first", ["", "JH", "2026-", "-1", "/1", "12_3", "1 2", "2026.1", "=1", "甲" * LONGEST + "1", "１２"]
)
def test_what_no_document_is_numbered_by(first: str) -> None:
    with pytest.raises(Invalid, match="以数字结尾，最多 60 个字"):
        series(first, 1)


async def refused(error: type[DomainError], said: str, attempt: Any) -> None:
    """What is tried is refused so, and leaves nothing behind."""
    with pytest.raises(error, match=said):
        async with current_session().savepoint():
            await attempt


async def states(*numbers: str) -> list[tuple[str, UUID | None]]:
    """How each stands, and for whom it is used."""
    rows = await fetch("select number, state, case_id from form_number where step = $1", OTHER)
    found = {row["number"]: (row["state"], row["case_id"]) for row in rows}
    return [found[number] for number in numbers]


async def test_numbers_are_allotted_by_the_department_and_each_once(world: World) -> None:
    """As many as are wanted and no wider than the first; none of a series of which one is given."""
    chief = with_roles("部长", ("department-organizer", world.department))
    async with county_session(world.county):

        def given(
            first: str, count: int = 2, unit: UnitView = world.town, who: Actor = chief, paper: str = "核发单"
        ) -> Any:
            return allot(who, unit.id, FORM, first, count, paper, TODAY)

        for error, said, attempt in (
            (Invalid, "一次核发 1 至 500 个", given("001", 0)), (Invalid, "一次核发 1 至 500 个", given("001", 501)),
            (Invalid, "从 99 起 2 个，位数不够", given("99")), (Invalid, "没有填写核发的依据", given("001", paper=" ")),
            (Forbidden, "没有办理这件事的权限", given("001", who=world.committee)),
            (NotFound, "没有找到这个党组织", given("001", who=with_roles("他处", ("committee-secretary", world.other_town)))),
        ):  # fmt: skip
            await refused(error, said, attempt)
        assert await given("A001", 3) == ["A001", "A002", "A003"]
        await refused(Conflict, "编号 A002、A003 已经核发过或者用过，没有核发", given("A002", 3))
        await refused(Conflict, "编号 A001、A002、A003 已经核发过", given("A001", 3, world.other_town))
        many = await given("A100", 4, world.other_town)
        await refused(Conflict, "编号 A100、A101、A102 等 4 个已经核发过", given("A100", 4))
        for one in await numbers(chief):
            if one.number in many:
                await void(chief, one.id, "作废", TODAY)
        assert [one.number for one in await numbers(chief, "allotted")] == ["A001", "A002", "A003"]
        assert [one.number for one in await numbers(chief, limit=1)] == ["A001", "A002"], (
            "one more than the page"
        )
        first = (await numbers(chief))[0]
        assert [one.number for one in await numbers(chief, after=first.id)] == ["A002", "A003", *many]
        beside = with_roles("他处", ("committee-secretary", world.other_town))
        assert [one.number for one in await numbers(beside)] == many
        assert await counted(chief) == {"allotted": 3, "void": 4}
        await refused(Invalid, "没有填写作废的原因", void(chief, first.id, " ", TODAY))
        await refused(NotFound, "没有找到这个编号", void(world.secretary, UUID(int=1), "污损", TODAY))
        assert await void(chief, first.id, "污损", TODAY) == "A001"
        await refused(Conflict, "已经用过或者已经作废", void(chief, first.id, "污损", TODAY))
        assert await counted(chief) == {"allotted": 2, "void": 5}


async def test_a_number_is_used_for_one_case_of_its_units(clerks: Clerks) -> None:
    """Void once it no longer counts; where none is allotted what is on paper is noted, so that nobody has it again."""
    world = clerks.world
    chief = with_roles("部长", ("department-organizer", world.department))
    async with county_session(world.county):
        first, second = [await begun(clerks, f"用号{name}") for name in "甲乙"]

        def use(
            case: UUID, *asked: str, given: tuple[str, ...] | None = None, unit: UnitView = world.east
        ) -> Any:
            known = frozenset((OTHER, one) for one in (asked if given is None else given))
            return settle(
                chief, Used(case, unit.id, unit.path, tuple((OTHER, one) for one in asked), known), TODAY
            )

        await use(first, "P1", unit=world.far)
        assert await states("P1") == [("used", first)]
        [line] = [one for one in await numbers(chief) if one.number == "P1"]
        assert (line.by_hand, line.name) == (True, "用号甲")
        await refused(Conflict, "编号 P1 已经用过，一号只用于一人", use(second, "P1", unit=world.far))
        await allot(chief, world.town.id, OTHER, "B1", 3, "核发单", TODAY)
        await refused(Invalid, "没有核发过编号 P2", use(second, "P2"))
        await refused(Invalid, "编号 B1 不是核发给这个党组织的", use(second, "B1", unit=world.far))
        await use(second, "B1")
        await use(second, "B1")
        assert await states("B1", "B2") == [("used", second), ("allotted", None)]
        await refused(Conflict, "编号 B1 已经用过，一号只用于一人", use(first, "B1"))
        await use(second, given=("B1",))
        assert await states("B1") == [("used", second)], "what a record still says goes on being used"
        await use(second, "B2")
        assert await states("B1", "B2") == [("void", second), ("used", second)]
        await refused(Conflict, "编号 B1 已经作废", use(second, "B1", "B2"))
        await use(second)
        assert await states("B2", "B3") == [("void", second), ("allotted", None)]
        notes = await fetch("select note from form_number where number in ('B1', 'B2')")
        assert {row["note"] for row in notes} == {"退回、更正或撤销以后不再使用"}
