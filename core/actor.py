"""The acting person, as every service of `core` receives him first.

What a role may do is decided in one place outside `core` (tenants/accounts/capabilities.py); here is only its outcome.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec

from core.errors import Forbidden
from dangwu import LEVELS as TITLES

LEVELS = tuple(level for level in TITLES if level != "person")
"""The levels at which a role acts, lowest first: the contract's, but for the person himself."""

Capability = Literal[
    "org.view", "org.edit", "person.view", "person.edit", "person.leave", "person.merge", "post.edit", "sanction.view",
    "sanction.edit", "register.minimise",
    "register.import", "register.export", "identity.reveal", "case.view", "case.open", "case.record", "case.return",
    "case.review", "activity.view", "activity.record", "rating.view", "rating.open", "rating.record", "rating.decide",
    "plan.view", "plan.draw", "plan.approve", "number.allot",
    "statistics.view", "document.print", "document.template", "policy.view", "policy.activate",
    "account.view", "account.edit", "security.edit", "audit.view", "job.manage",
]  # fmt: skip
"""What can be done, in words that the type checker knows; their titles are in tenants/accounts/capabilities.py."""


class Holding(msgspec.Struct, frozen=True):
    """A role held at a unit: it covers that unit and all below it (`path` is a prefix of theirs)."""

    role: str
    level: str
    unit_id: UUID
    path: str
    capabilities: frozenset[Capability]


Held = list[tuple[str, list[Capability]]]
"""Path → capabilities over it, of each of his roles."""


class Actor(msgspec.Struct, frozen=True):
    """A signed-in person with what he holds; deny by default."""

    id: UUID
    name: str
    holdings: tuple[Holding, ...] = ()
    person: UUID | None = None
    """Who of the register he is, where his account says so."""
    acts_for: UUID | None = None
    """The account of the colleague whose deputy he is in this act (tenants/accounts/deputies.py)."""
    other_person: UUID | None = None
    """Who of the register that colleague is."""
    hands: frozenset[UUID] = frozenset()
    """Accounts that count as his own hand: for whom he is or was a deputy, and who was one for him."""

    @property
    def held(self) -> Held:
        """What he may and where, to be written down with what he asks for now and is given later."""
        return sorted((one.path, sorted(one.capabilities)) for one in self.holdings)

    def still(self, held: Held) -> bool:
        """Whether he may all that he might, wherever he might."""
        return all(self.may(one, path) for path, words in held for one in words)

    def only(self, held: Held) -> Actor:
        """He, as far as he might then."""
        words = frozenset(one for _, words in held for one in words)
        holdings = (
            msgspec.structs.replace(one, capabilities=one.capabilities & words) for one in self.holdings
        )
        return msgspec.structs.replace(self, holdings=tuple(holdings))

    @property
    def accounts(self) -> frozenset[UUID]:
        """All that count as his own hand."""
        return self.hands | {self.id}

    def did(self, by_id: UUID) -> bool:
        """Whether what this account did counts as done by him: recorder and approver must be two people, not two accounts."""
        return by_id in self.accounts

    def is_himself(self, person_id: UUID) -> bool:
        """Whether this is about himself, or about whom he acts for."""
        return person_id in (self.person, self.other_person)

    def refuse_himself(self, person_id: UUID) -> None:
        """Raise Forbidden for what is about himself: nobody decides on himself, or writes down what is decided on him."""
        if self.is_himself(person_id):
            raise Forbidden(
                "这是您本人的事项，由您本人回避。请交由本级承担相应职责的其他人员办理；没有其他人员的，请组织部管理员另行授权。",
                code="himself",
            )

    def may(self, capability: Capability, path: str) -> bool:
        """Whether he holds `capability` over the unit at `path`."""
        return any(capability in held.capabilities and path.startswith(held.path) for held in self.holdings)

    def require(self, capability: Capability, path: str) -> None:
        """Raise Forbidden unless he holds `capability` over the unit at `path`."""
        if not self.may(capability, path):
            raise Forbidden(
                "您在该党组织没有办理这件事的权限。请由承担相应职责的人员办理，或请组织部管理员调整授权。"
            )

    def levels(self, path: str, capability: Capability = "case.record") -> frozenset[str]:
        """The levels at which he acts with `capability` for the unit at `path`."""
        return frozenset(
            held.level
            for held in self.holdings
            if capability in held.capabilities and path.startswith(held.path)
        )

    def scopes(self, capability: Capability) -> tuple[str, ...]:
        """The outermost subtrees (path prefixes) over which he holds `capability`."""
        paths = sorted({held.path for held in self.holdings if capability in held.capabilities})
        return tuple(
            path for path in paths if not any(path != other and path.startswith(other) for other in paths)
        )


SYSTEM = Actor(UUID(int=0), "系统")
"""Signs what only time, or another act, has brought about. It holds nothing."""
