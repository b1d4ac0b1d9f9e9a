"""The same by the API."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody

from core.changes.minimise.rule import Rule, rule, set_rule, whole_county
from core.changes.minimise.run import Run, agree, decline, known_run, runs
from core.changes.minimise.who import PAGE, Person, Until, due_extent, due_people, people_of
from tenants.minimise import ask
from web.kit.here import FromHere
from web.kit.paging import After, encode_key, key_id


class Minimising(msgspec.Struct):
    """The years (0: nobody), whom that concerns today and what tells them from any others, the latest runs."""

    rule: Rule
    total: int
    mark: str
    runs: list[Run]


class Listed(msgspec.Struct):
    """A page of people; ask again with `after=<next>` for the one behind it."""

    items: list[Person]
    next: str | None


class Asking(msgspec.Struct):
    """The `mark` that was seen."""

    mark: str


class Declining(msgspec.Struct):
    """Why not."""

    reason: str


class MinimiseApi(Controller):
    """/api/v1/people/minimise."""

    path = "/people/minimise"
    tags = ["党员名册"]

    @get("/", summary="多少年后精简联系信息，现在有多少人到年限，办过的各批")
    async def index(self, here: FromHere) -> Minimising:
        """How it stands."""
        whole_county(here.actor)
        now = await rule()
        held = await due_extent(Until.by(now, here.today))
        return Minimising(now, held.total, held.mark, await runs())

    @get("/people", summary="现在到年限的人，每页 50 人")
    async def people(self, here: FromHere, after: After = None) -> Listed:
        """Whom it concerns."""
        whole_county(here.actor)
        return _listed(await due_people(Until.by(await rule(), here.today), key_id(after)))

    @get("/{run_id:uuid}/people", summary="一批里的人，每页 50 人")
    async def people_of(self, here: FromHere, run_id: FromPath[UUID], after: After = None) -> Listed:
        """Whom a run names. Raises NotFound."""
        whole_county(here.actor)
        await known_run(run_id)
        return _listed(await people_of(run_id, key_id(after)))

    @put("/rule", status_code=204, summary="设定年限")
    async def rule(self, here: FromHere, data: JSONBody[Rule]) -> None:
        """Set the years."""
        await set_rule(here.actor, data)

    @post("/", summary="提出一批", description="mark 取自 GET；名单变了答 409。")
    async def ask(self, here: FromHere, data: JSONBody[Asking]) -> dict[str, UUID]:
        """Ask for them."""
        return {"id": await ask(here.actor, data.mark, here.today)}

    @post(
        "/{run_id:uuid}/agree",
        status_code=204,
        summary="签字同意",
        description="抹去的不能恢复；不能签自己提出的。",
    )
    async def agree(self, here: FromHere, run_id: FromPath[UUID]) -> None:
        """Sign it."""
        await agree(here.actor, run_id)

    @post("/{run_id:uuid}/decline", status_code=204, summary="不同意，或撤回")
    async def decline(self, here: FromHere, run_id: FromPath[UUID], data: JSONBody[Declining]) -> None:
        """It is not done."""
        await decline(here.actor, run_id, data.reason)


def _listed(people: list[Person]) -> Listed:
    more = len(people) > PAGE
    return Listed(people[:PAGE], encode_key((people[PAGE - 1].id,)) if more else None)
