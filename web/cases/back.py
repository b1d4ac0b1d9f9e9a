"""Refusals below a case's address that no form shows: the page leads back to the case."""

from __future__ import annotations

from litestar.types import ExceptionHandlersMap

from core.errors import Conflict, DomainError, Forbidden
from web.kit.errors import TITLES, domain_error, is_fragment, status_of
from web.kit.page import page
from web.kit.requests import Answer, Request


def lead_back(request: Request, error: DomainError) -> Answer:
    """The sentence as everywhere, with the way back to the task list of the case."""
    if is_fragment(request):
        return domain_error(request, error)
    status = status_of(error)
    case_id = request.path_params["case_id"]
    return page(
        "cases/refused.html", status=status, title=TITLES[status], sentence=error.sentence, case_id=case_id
    )


BACK_TO_THE_CASE: ExceptionHandlersMap = {Forbidden: lead_back, Conflict: lead_back}
