"""Here: who asks, in which county, on which day."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, cast
from uuid import UUID

import msgspec
from litestar.di import NamedDependency
from litestar.types import Scope

from core.actor import Actor, Capability
from core.errors import Forbidden
from tenants.accounts.capabilities import CAPABILITIES, who_may
from web.kit.requests import Connection

STATE_KEY = "here"
MOST_RECENT = 5


class County(msgspec.Struct, frozen=True):
    """The county this person has signed in to."""

    id: UUID
    name: str


Kept = TypedDict("Kept", {"notices": list[str], "units": list[str], "for": str}, total=False)
"""What the session keeps for the next pages: sentences to be said, units last looked at, and whose deputy he is (`for`)."""


class Here(msgspec.Struct, frozen=True):
    """What a handler needs to know of the request beyond its own parameters.

    `today` is a calendar day in China.
    """

    actor: Actor
    county: County
    today: date
    session: Kept
    operator_until: date | None = None
    """Of an operator of the platform: the day on which his grant is over."""

    def say(self, sentence: str) -> str:
        """Leave a sentence for the notice bar of the next page."""
        self.session.setdefault("notices", []).append(sentence)
        return sentence

    def heard(self) -> tuple[str, ...]:
        """The sentences left for this page; they are shown once."""
        return tuple(self.session.pop("notices", ()))

    def went_to(self, unit_id: UUID) -> None:
        """Remember a unit that he has just looked at or picked, for the pickers."""
        latest = [str(unit_id), *(one for one in self.session.get("units", ()) if one != str(unit_id))]
        self.session["units"] = latest[:MOST_RECENT]

    @property
    def recent_units(self) -> tuple[UUID, ...]:
        """The units that he last looked at or picked, the latest first."""
        return tuple(UUID(one) for one in self.session.get("units", ()))

    def require(self, *enough: Capability) -> None:
        """Raise Forbidden, and say whose it is, unless he holds one of these somewhere; nothing is asked where there are none."""
        if enough and not any(map(self.may, enough)):
            named = "或".join(f"“{CAPABILITIES[one]}”" for one in enough)
            held = dict.fromkeys(title for one in enough for title in who_may(one))
            raise Forbidden(
                f"您的职务权限中没有{named}这一项，不能办理。"
                f"这项职责由{'、'.join(held)}承担，请由他们办理，或请组织部管理员调整授权。"
            )

    def may(self, capability: Capability) -> bool:
        """Whether he holds `capability` anywhere at all (to show a section; services decide about things)."""
        return bool(self.actor.scopes(capability))


FromHere = NamedDependency[Here]
"""How a handler declares it: `here: FromHere`."""


def here_of(connection: Connection) -> Here | None:
    """Here, or None where nobody is signed in."""
    return cast("Here | None", connection.scope["state"].get(STATE_KEY))


def provide_here(scope: Scope) -> Here:
    """Litestar dependency `here`. Only routes that need a signed-in person may ask for it."""
    return cast("Here", scope["state"][STATE_KEY])
