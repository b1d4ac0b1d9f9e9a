"""Which text of a plugin its page is about: the one in force at the unit, or a newer one that is offered to it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from core.errors import NotFound
from core.organisation.model import UnitView
from dangwu import Policy
from tenants.policies import texts
from tenants.policies.changes import Activation
from tenants.policies.floors import Line, lines
from tenants.policies.regimes import county_policies
from tenants.policies.shelf import on_show
from tenants.policies.supplement import chosen, editions, is_supplement, own_id
from tenants.policies.updates import offered
from web.kit.forms import Form
from web.kit.here import Here
from web.policies.words.said import text_name


class Reading(msgspec.Struct, frozen=True):
    """A text of a plugin, and what it is kept under ("": not yet at all). `newer`: it is offered in place of another one, of
    which `instead_of` is what could be read; `plugin` is what the plugin is called at the unit."""

    plugin: str
    policy: Policy
    text: str = ""
    newer: bool = False
    instead_of: Policy | None = None

    @property
    def code(self) -> bool:
        """Whether what is offered differs by nothing but its code."""
        return self.newer and self.policy == self.instead_of


async def read_text(here: Here, plugin: str, unit: UnitView, edited: Activation | None, text: str) -> Reading:
    """The text that is asked for, else that of the activation at hand, else the one that is shown at the unit.

    Raises NotFound for one that is not offered to the activation.
    """
    chain = (await county_policies()).reaching(unit.path)
    own = texts.known(edited.text) if edited is not None else None
    if not text and edited is None and plugin == own_id() and (written := await editions()):
        text = written[0].hash
    if not text or (edited is not None and text == edited.text):
        policy = own or on_show(plugin, chain, here.today)
        return Reading(plugin, policy, edited.text if edited is not None and edited.text else "")
    if is_supplement(plugin):
        return Reading(plugin, await chosen(plugin, text), text, newer=edited is not None, instead_of=own)
    found = offered(edited) if edited is not None else None
    if found is None or texts.installed_text(found.id) != text:
        raise NotFound("没有找到这个新文本，它可能已经启用，或者已被更新的文本代替。请回到政策页面重新选择。")
    return Reading(plugin, found, text, newer=True, instead_of=own)


async def posted_text(here: Here, plugin: str, unit: UnitView, form: Form) -> Reading:
    """The text that a form was filled in for. Raises as `read_text`."""
    live = (await county_policies()).live
    edited = next((item for item in live if str(item.id) == form.value("activation")), None)
    return await read_text(here, plugin, unit, edited, form.value("text"))


class FloorText(msgspec.Struct, frozen=True):
    """A text of the floor in its history: from `since` on (None: on all days); who has signed its corrections, and when."""

    name: str
    since: date | None
    found_at: datetime | None
    corrected_at: datetime | None
    corrected_by: str
    corrections: tuple[str, ...]


async def floor_texts(plugin: str) -> list[FloorText]:
    """The texts of a policy of the floor, the newest first."""
    found = [line for line in await lines() if line.plugin == plugin]
    await texts.load(line.hash for line in found)
    return [_floor_text(line, texts.policy_of(line.hash, plugin)) for line in reversed(found)]


def _floor_text(line: Line, policy: Policy) -> FloorText:
    marked = tuple(f"{rule.title or rule.id}：{rule.corrects}" for rule in policy.rules if rule.corrects)
    name = text_name(policy, line.hash)
    return FloorText(name, line.since, line.found_at, line.corrected_at, line.corrected_by, marked)
