"""What headings and words of a roster mean: said once by hand, remembered at the unit, forgotten again."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.organisation.queries import Among, outline
from core.register.roster.columns import TITLES
from core.register.roster.taught import CHOICES, LEFT_OUT
from core.register.roster.teach import Answers, forget, questions, remembered
from tenants import rosters
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request

UNSAID = "?"
"""The choice of who leaves a word as it is."""

MOST_BRANCHES = 500
"""So many are offered while a name is typed; of more, the name is typed whole."""


class WordPages(Controller):
    """/people/import/words and /people/import/{id}/words."""

    path = "/people/import"

    @get("/words")
    async def index(self, here: FromHere) -> Page:
        """All that is remembered."""
        return page("people/words.html", words=await remembered(here.actor), titles=TITLES)

    @post("/words/{word_id:uuid}/forget")
    async def forget(self, here: FromHere, word_id: FromPath[UUID]) -> Redirect:
        """From the next roster on it is read as before."""
        await forget(here.actor, word_id)
        return see_other("/people/import/words", here.say("已删去这条对照，下一次导入时不再使用。"))

    @get("/{batch_id:uuid}/words")
    async def ask(self, here: FromHere, batch_id: FromPath[UUID]) -> Page:
        """Headings as they are read now, and words that are not understood."""
        return await _ask_page(here, batch_id, Form.blank())

    @post("/{batch_id:uuid}/words")
    async def teach(self, here: FromHere, request: Request, batch_id: FromPath[UUID]) -> Page | Redirect:
        """Remember, and read the roster again."""
        form = await Form.of(request)
        async with attempt(form):
            await rosters.teach(here.actor, batch_id, answers_of(form), here.today)
            return see_other(f"/people/import/{batch_id}")
        return await _ask_page(here, batch_id, form)


def answers_of(form: Form) -> Answers:
    """What was chosen: fields are called `heading:HEADING` and `value:FIELD:WORD`."""
    answers = Answers({}, {})
    for name in form.names():
        kind, _, rest = name.partition(":")
        chosen = form.value(name).strip()
        if kind == "heading":
            answers.headings[rest] = chosen
        elif kind == "value" and chosen not in ("", UNSAID):
            field, _, heard = rest.partition(":")
            answers.values.setdefault(field, {})[heard] = LEFT_OUT if chosen == "-" else chosen
    return answers


async def _ask_page(here: Here, batch_id: UUID, form: Form) -> Page:
    found, unknown = await questions(here.actor, batch_id)
    for heading in found.columns.headings:
        if f"heading:{heading.text}" not in form.names():
            form.put(f"heading:{heading.text}", heading.field)
    among = Among("register.import", ("general-branch", "branch", "group"))
    branches = [one for one in await outline(here.actor, among) if one.path.startswith(found.path)]
    return page(
        "people/unknown.html",
        status=form.status,
        form=form,
        batch=found,
        unknown=unknown,
        columns=list(TITLES.items()),
        choices={field: list(words.items()) for field, words in CHOICES.items()},
        branches=branches[:MOST_BRANCHES],
        unsaid=UNSAID,
    )
