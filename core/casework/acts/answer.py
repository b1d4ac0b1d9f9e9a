"""The level above agrees to a correction, or does not."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.acts.agree import REQUESTS, note_asked, pending
from core.casework.acts.correct import consequence
from core.casework.acts.entries import NewEntry, refuse_stale
from core.casework.acts.resets import refuse_own_resets
from core.casework.acts.strike import struck_out
from core.casework.acts.write import write
from core.casework.acts.wrong import Consequence, about, follow
from core.casework.levels import refuse_unfit
from core.casework.matter import Matter
from core.casework.model import EntryView, LoadedCase, Written
from core.errors import Conflict, Forbidden, NotFound
from core.text import one_line, remark
from dangwu import LEVELS as TITLES
from dangwu import rank


async def answer(
    actor: Actor,
    matter: Matter,
    request_id: UUID,
    granted: bool,
    note: str,
    *,
    seen_version: int,
    today: date,
) -> Written:
    """Grant or refuse (with its reason) a request for a correction, as somebody of the level that it waits for.

    Raises as `record` does; NotFound for what is no request, Conflict for one that has been answered or needs a higher level now.
    """
    case = matter.case
    refuse_stale(case, seen_version, matter.regime)
    request = request_of(matter, request_id)
    level = request.asks or ""
    refuse_answering(actor, matter, request)
    refuse_unfit(actor, case, level)
    await refuse_own_resets(actor, case.entries, level)
    note = remark(note) if granted else one_line("note", "不同意的原因", note, most=500)
    found = _still(matter, request, today) if granted else None
    wrong = about(matter, request)
    kind = "correction-granted" if granted else "correction-refused"
    entry = NewEntry(
        kind=kind, step=request.step, day=today, entered=today, note=note, level=level, about=request.id
    )
    tried = found.after if found else None
    written = await write(actor, matter, entry, today, kind, tried=tried, step=request.step)
    await note_asked(case.id, [one for one in pending(case.entries) if one.id != request.id])
    if granted:
        await follow(matter, request.kind.removesuffix("-request"), wrong, request.day)
    return written


def request_of(matter: Matter, request_id: UUID) -> EntryView:
    """The request that waits. Raises NotFound, or Conflict for one that does no longer."""
    found = next((one for one in matter.case.entries if one.id == request_id), None)
    if found is None or found.kind not in REQUESTS:
        raise NotFound("这份档案里没有这份更正请求。请从全部记录中选择。")
    if found not in pending(matter.case.entries):
        raise Conflict("这份更正请求已经有了答复。请在全部记录中查看。", code="answered")
    return found


def may_answer(actor: Actor, case: LoadedCase, request: EntryView) -> bool:
    """Whether he is of the level that the request waits for, and neither has made it himself nor is whom it is about."""
    held = actor.levels(case.path, "case.review")
    return request.asks in held and not actor.did(request.by_id) and not actor.is_himself(case.person_id)


def refuse_answering(actor: Actor, matter: Matter, request: EntryView) -> None:
    """Raise Forbidden for somebody who may not answer it."""
    if may_answer(actor, matter.case, request):
        return
    actor.refuse_himself(matter.case.person_id)
    asked = TITLES[request.asks or ""]
    if actor.did(request.by_id):
        raise Forbidden(f"更正由您提出，须由{asked}的其他人员答复。", code="own-request")
    raise Forbidden(f"这份更正请求由{asked}有审查职责的人员答复。请交由{asked}办理。", code="level")


def asked_for(matter: Matter, request: EntryView, today: date) -> Consequence:
    """What granting a request would change today. Raises NotFound, Refused where it no longer can be."""
    wrong = about(matter, request)
    if request.kind == "strike-request":
        return struck_out(matter, wrong, today)
    return consequence(matter, wrong, request.day, request.evidence, today)


def _still(matter: Matter, request: EntryView, today: date) -> Consequence:
    """What it changes, if the level that was asked can still agree to that."""
    found = asked_for(matter, request, today)
    if found.level and rank(found.level) > rank(request.asks or ""):
        raise Conflict(
            f"提出请求以后又办理了新的环节，现在须由{TITLES[found.level]}同意。请不同意这份请求，由提出的单位重新提出。",
            code="higher",
        )
    return found
