"""评议评级: the rounds, one with all who are rated in it, whom something waits for, what grades propose."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, FromQuery

from core.ratings.matter import ruled
from core.ratings.model import STATES
from core.ratings.queries import grades as counted
from core.ratings.queries import proposed, round_of, rounds, subjects, waiting
from dangwu import explain
from tenants.policies.regimes import regime_as_known, regime_of_path, regimes_of_paths
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.paging import After
from web.kit.query import Text
from web.kit.units import way_down
from web.ratings.keys import enrolled, enrolled_key, id_key, paged, round_key, rounds_paged
from web.ratings.view import grades, rated, word


class RatingPages(Controller):
    """/ratings."""

    path = "/ratings"

    @get("/")
    async def index(self, here: FromHere, closed: FromQuery[bool] = False, after: After = None) -> Page:
        """The rounds, running or closed."""
        found = await rounds(here.actor, running=not closed, after=round_key(after))
        return page("ratings/index.html", pager=rounds_paged(found, after), closed=closed, states=STATES)

    @get("/waiting")
    async def waits(self, here: FromHere, after: After = None) -> Page:
        """Whom something waits for."""
        found = await waiting(here.actor, after=id_key(after))
        return page("ratings/people.html", pager=paged(found, after), states=STATES, proposing=False)

    @get("/proposals")
    async def proposals(self, here: FromHere, after: After = None) -> Page:
        """What grades propose and nobody has considered yet."""
        pager = paged(await proposed(here.actor, after=id_key(after)), after)
        regimes = await regimes_of_paths({one.path for one in pager.items})
        said = {
            one.id: "、".join(word(regimes[one.path], what) for what in one.proposes) for one in pager.items
        }
        given = {one.id: word(regimes[one.path], one.grade) for one in pager.items}
        return page("ratings/people.html", pager=pager, states=STATES, proposing=True, said=said, given=given)

    @get("/{round_id:uuid}")
    async def show(
        self, here: FromHere, round_id: FromPath[UUID], standing: Text = "", after: After = None
    ) -> Page:
        """One with everybody in it, narrowed to a state."""
        one = await round_of(here.actor, round_id)
        regime, scheme, holds = await ruled(one, regime_for=regime_of_path, known_for=regime_as_known)
        found = await subjects(here.actor, round_id, standing, after=enrolled_key(after))
        return page(
            "ratings/show.html",
            one=one,
            units=await way_down(one.path),
            pager=enrolled(found, after),
            holds=holds,
            standing=standing,
            states=STATES,
            given={line.id: word(regime, line.grade) for line in found},
            grades=grades(regime, scheme, await counted(here.actor, round_id)),
            scheme=scheme,
            rated=rated(regime, scheme),
            rules=explain.cited(
                regime, sorted({rule for listed in scheme.rules.values() for rule in listed}), one.opened
            ),
        )
