"""The texts of policies: every one that was found installed is kept, once; what a unit has adopted is read from here, whatever is
installed.

A text is read as it was accepted (`accepted`), so that later, stricter checks of the contract change nothing. What this
process has read it keeps: a text never changes. One that needs its author's Python is kept together with what tells that code
apart (`code`): with other code it is another text, which is offered and adopted like one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from dangwu import FACETS, DangwuError, Policy, is_foreign, load_policy, param_titles, stand_in
from tenants.database.session import current_session, global_session
from tenants.policies import plugins
from tenants.policies.strangers import stamp

log = logging.getLogger(__name__)


class _Needs(msgspec.Struct, frozen=True):
    """What a text needs of its author's Python: facets by name with their titles and those of their parameters, and whether it
    checks for itself."""

    facets: Mapping[str, str] = {}
    params: Mapping[str, Mapping[str, str]] = {}
    check: bool = False


_read: dict[str, Policy] = {}
_code: dict[str, str] = {}
_checking: set[str] = set()
"""The texts that need a check."""
_unread: dict[str, str] = {}
"""Those that nobody can read any more, with the reason."""


def hash_of(text: str, code: str = "") -> str:
    """What a text is kept under."""
    return sha256(f"{text}\0{code}".encode() if code else text.encode()).hexdigest()


def short(text_hash: str) -> str:
    """Enough of the hash to tell texts apart on a page."""
    return text_hash[:8]


def installed_text(plugin: str) -> str:
    """The hash of the text of an installed plugin; "" where it is not installed or cannot be used."""
    policy = next((one for one in plugins.installed().everything if one.id == plugin), None)
    text = plugins.installed().texts.get(plugin)
    return hash_of(text, plugins.code_for(policy)) if policy is not None and text is not None else ""


async def keep(policy: Policy) -> str:
    """Keep the text of an installed policy; its hash."""
    return await keep_written(policy, plugins.installed().texts[policy.id])


async def keep_written(policy: Policy, text: str) -> str:
    """The same for a policy that was read from this text."""
    code = plugins.code_for(policy)
    name = hash_of(text, code)
    await current_session().execute(
        "insert into policy_text (hash, plugin, text, accepted, needs, code) values ($1, $2, $3, $4, $5, $6)"
        " on conflict (hash) do nothing",
        name, policy.id, text, _json(policy), _json(_needs(policy)), code,
    )  # fmt: skip
    _read.setdefault(name, policy)
    _code[name] = code
    if plugins.installed().checks(policy.id):
        _checking.add(name)
    return name


def _needs(policy: Policy) -> _Needs:
    named = sorted({name for rule in policy.rules for name in rule.facets if is_foreign(name)})
    titles, params = (
        {name: FACETS[name].title for name in named},
        {name: param_titles(name) for name in named},
    )
    return _Needs(titles, params, plugins.installed().checks(policy.id))


async def load(hashes: Iterable[str | None]) -> None:
    """Read the texts that this process does not know yet: `policy_of` then answers."""
    unknown = {one for one in hashes if one is not None} - _read.keys()
    if not unknown:
        return
    rows = await current_session().fetch(
        "select hash, plugin, text, accepted, needs, code from policy_text where hash = any($1)",
        sorted(unknown),
    )
    plugins.installed()  # whose code is here needs no stand-in
    for row in rows:
        needs = msgspec.json.decode(row["needs"], type=_Needs)
        for facet, title in needs.facets.items():
            stand_in(facet, title, needs.params.get(facet, {}))
        if needs.check:
            _checking.add(row["hash"])
        _code[row["hash"]] = row["code"]
        _take(row["hash"], row["plugin"], row["text"], row["accepted"])


async def read_all() -> None:
    """Read all that is kept, when a process starts: their words have titles from then on. Opens a session of its own."""
    plugins.installed()  # records are read with the code that is here
    async with global_session() as session:
        await load(row["hash"] for row in await session.fetch("select hash from policy_text"))
        await stamp.refresh()


def _take(name: str, plugin: str, text: str, accepted: str) -> None:
    try:
        _read[name] = msgspec.json.decode(accepted, type=Policy)
    except msgspec.MsgspecError:
        # Policies have another form than when it was accepted: read anew, as an author's file is.
        try:
            _read[name] = load_policy(
                text, where=f"{plugin}（{short(name)}）", ground=plugins.installed().floor
            )
        except DangwuError as error:
            log.error("text %s of plugin %s cannot be read: %s", short(name), plugin, error)
            _unread[name] = "".join(error.problems)


def policy_of(text_hash: str | None, plugin: str) -> Policy:
    """The policy of a text that has been read. Raises BrokenPlugin for none, and for one that cannot be read."""
    found = _read.get(text_hash or "")
    if found is None:
        raise plugins.BrokenPlugin(plugin, _unread.get(text_hash or "", ""))
    return found


def known(text_hash: str | None) -> Policy | None:
    """The same, None where there is none."""
    return _read.get(text_hash or "")


def needs_check(text_hash: str | None) -> bool:
    """Whether a text that has been read goes with a check of its author's."""
    return text_hash in _checking


def code_of(text_hash: str | None) -> str:
    """What told apart the code that a text was kept with; "" where it needed none, or was kept before that was written down."""
    return _code.get(text_hash or "", "")


def all_read() -> tuple[Policy, ...]:
    """Every text that this process has read, installed or not."""
    return tuple(_read.values())


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
