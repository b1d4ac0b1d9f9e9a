"""The people of a demo county as drafts for the register: nobody of them exists."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID

import msgspec
from stdnum.cn import ric

from core.register.model import PersonDraft
from dangwu import add_months
from deploy.demo.names import name
from deploy.demo.plan import County
from deploy.demo.profiles import PROFILES, Profile
from deploy.demo.tree import Branch

FAR = ("浙江省温州市", "广东省东莞市", "北京市朝阳区", "江苏省苏州市", "上海市松江区", "福建省泉州市")

ROADS = ("建设路", "人民路", "新华街", "文化路", "学府街", "河滨路", "迎宾大街")


class Inhabitant(msgspec.Struct):
    """Somebody at a branch: the draft, and the tags that hold from `since`."""

    draft: PersonDraft
    tags: tuple[str, ...] = ()
    since: date = date(2024, 1, 2)
    id: UUID | None = None


def again(one: Inhabitant) -> Inhabitant:
    """Somebody entered a second time, without his numbers: a pair that waits to be told apart or made one."""
    return Inhabitant(msgspec.structs.replace(one.draft, national_id=None, phone=None), one.tags, one.since)


class Population:
    """Makes people of one county, each with numbers of his own; the same ones whenever the county's seed is the same."""

    def __init__(self, county: County, today: date) -> None:
        self.county, self.today = county, today
        self.chance = Random(county.seed)
        self._serial = 0
        self._taken: dict[str, set[str]] = {}
        self._same_day: dict[tuple[date, str], int] = {}

    def members(self, branch: Branch) -> list[Inhabitant]:
        """The full members of a branch, the eldest of those at work first among them: they hold its offices."""
        profile = PROFILES[branch.domain]
        count = self.chance.randint(*profile.size) + (
            10 if branch.unit.short_name == self.county.branch else 0
        )
        return [self._member(branch, profile, place) for place in range(count)]

    def neighbours(self, branch: Branch) -> list[Inhabitant]:
        """One to three people at a branch who belong to nothing yet."""
        return [self.joiner(branch, ()) for _ in range(self.chance.randint(1, 3))]

    def joiner(
        self, branch: Branch, tags: tuple[str, ...], called: str = "", since: date | None = None
    ) -> Inhabitant:
        """Somebody young enough to apply, with tags that follow from the branch and those given."""
        profile = PROFILES[branch.domain]
        born = self._born(*profile.young)
        draft = self._draft(branch, profile.joiners, profile.schooling, born, called)
        own = {"village": ("rural",), "student": ("student",)}.get(branch.domain, ())
        tags = tuple(sorted({*own, *tags}))
        if "mobile" in tags:
            draft = msgspec.structs.replace(draft, mobile=True, destination=self.chance.choice(FAR))
        if "private-entrepreneur" in tags:
            draft = msgspec.structs.replace(draft, job="民营企业经营者")
        if "primary-education" in tags:
            draft = msgspec.structs.replace(draft, education="小学")
        return Inhabitant(draft, tags, since or self.county.opened)

    def _member(self, branch: Branch, profile: Profile, place: int) -> Inhabitant:
        # The first of a branch are its officers: neither the eldest nor the youngest.
        ages = (32, 55) if place < 6 and profile.ages[0] < 60 else profile.ages
        born = self._born(*ages)
        draft = self._draft(branch, profile.jobs, profile.schooling, born)
        first, last = (
            add_months(born, 12 * 19),
            min(self.today - timedelta(days=420), add_months(born, 12 * 48)),
        )
        joined = first + timedelta(days=self.chance.randrange(max((last - first).days, 1)))
        draft = msgspec.structs.replace(
            draft, membership="full", joined=joined, converted=add_months(joined, 12)
        )
        tags = ("rural",) if branch.domain == "village" else ()
        return Inhabitant(self._fate(draft, place), tags)

    def _fate(self, draft: PersonDraft, place: int) -> PersonDraft:
        """A few are away, very few out of reach; never an officer."""
        lot = self.chance.random()
        if place < 6 or lot > 0.06:
            return draft
        away = msgspec.structs.replace(draft, mobile=True, destination=self.chance.choice(FAR))
        if lot > 0.006:
            return away
        lost = self.today - timedelta(days=self.chance.randint(60, 900))
        if lost <= (draft.joined or lost):
            return away
        standing = "suspended" if (self.today - lost).days > 200 else "normal"
        return msgspec.structs.replace(
            draft, lost_contact=True, lost_since=lost, standing=standing, destination=None
        )

    def _born(self, youngest: int, eldest: int) -> date:
        days = self.chance.randint(youngest * 365 + youngest // 4 + 1, eldest * 365 + eldest // 4)
        return self.today - timedelta(days=days)

    def _draft(
        self, branch: Branch, jobs: tuple[str, ...], schooling: tuple[str, ...], born: date, called: str = ""
    ) -> PersonDraft:
        chance = self.chance
        sex = chance.choice(("male", "male", "female"))
        ethnicity = next((one for one, share in self.county.minorities if chance.random() < share), "汉族")
        number, phone = self._numbers(born, sex)
        retired = self.today.year - born.year > 60 and branch.domain not in ("village", "retired")
        landline = f"{self.county.dial}-{5550000 + self._serial}" if chance.random() < 0.08 else None
        return PersonDraft(
            name=called or self._unused(branch, sex, born.year, ethnicity),
            national_id=number, sex=sex, born=born, ethnicity=ethnicity, education=chance.choice(schooling),
            job="退休" if retired else chance.choice(jobs), phone=phone, landline=landline,
            address=f"{self.county.name}{self._home(branch)}",
        )  # fmt: skip

    def _unused(self, branch: Branch, sex: str, year: int, ethnicity: str) -> str:
        """A name that nobody at this branch has: mentors and sponsors are known by name."""
        taken = self._taken.setdefault(branch.unit.short_name, set())
        while (one := name(self.chance, sex, year, ethnicity)) in taken:
            pass
        taken.add(one)
        return one

    def _numbers(self, born: date, sex: str) -> tuple[str, str]:
        """A national id and a mobile number."""
        # The area code belongs to no county and the telephone numbers to nobody: right in form, true of no one.
        self._serial += 1
        nth = self._same_day[born, sex] = self._same_day.get((born, sex), -1) + 1
        base = (
            f"{self.county.area}{born:%Y%m%d}{1 + 2 * (born.toordinal() % 400 + nth) + (sex == 'female'):03d}"
        )
        return base + ric.calc_check_digit(base + "0"), f"{self.county.phone}{self._serial:04d}"

    def _home(self, branch: Branch) -> str:
        chance = self.chance
        if branch.domain == "village":
            town = branch.committee.short_name.removesuffix("党委")
            return f"{town}{branch.label}{chance.randint(1, 9)}组{chance.randint(1, 60)}号"
        house = f"{chance.choice(ROADS)}{chance.randint(1, 188)}号"
        return f"{house}{chance.randint(1, 12)}栋{chance.randint(1, 6)}单元"
