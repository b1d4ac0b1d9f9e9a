"""Fixtures for the tests of a plugin, which pytest finds by itself once `dangwu` is installed: compose, rehearse, facet_laws.

Only pytest loads this module: running the platform needs no tools for tests. The plugin under test need not be installed: its
package is found by the pyproject.toml of the folder in which pytest runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dangwu.author import exits
from dangwu.author.project import plugins_with, project_at
from dangwu.author.rehearse import rehearse as played
from dangwu.author.trying import laws
from dangwu.errors import DangwuError, nearest
from dangwu.facets.base import Facet
from dangwu.plugins.plugins import Plugins
from dangwu.regime.adoption import Adoption
from dangwu.regime.regime import Regime
from dangwu.text.written import decoded

Compose = Callable[..., Regime]
Rehearse = Callable[[str | Path], None]
FacetLaws = Callable[[type[Facet]], None]


@pytest.fixture(scope="session")
def dangwu_plugins(pytestconfig: pytest.Config) -> Plugins:
    """The installed plugins, and the one whose tests these are."""
    project = project_at(pytestconfig.rootpath)
    with exits.caught():
        return plugins_with([project] if project else [])


@pytest.fixture
def compose(dangwu_plugins: Plugins) -> Compose:
    """`compose("sunshine", "yakeshi", fill={…})`: the regime of national and these; `fill` fills the first one's blanks."""

    def composed(*names: str, fill: Mapping[str, object] | None = None) -> Regime:
        for name in names:
            if name not in dangwu_plugins.policies:
                hint = nearest(name, dangwu_plugins.policies)
                raise DangwuError([f"没有插件“{name}”{hint}。请写插件标识。"])
        policies = [dangwu_plugins.policies[name] for name in names]
        fills = [fill or {}, *({} for _ in policies[1:])]
        return dangwu_plugins.compose(
            Adoption(policy, fill=given) for policy, given in zip(policies, fills, strict=False)
        )

    return composed


@pytest.fixture
def rehearse(dangwu_plugins: Plugins, pytestconfig: pytest.Config) -> Rehearse:
    """`rehearse("dangwu_sunshine/rehearsals")`: play a rehearsal, or all of a folder; whatever does not hold fails the test."""

    @exits.caught()
    def all_hold(path: str | Path) -> None:
        where = pytestconfig.rootpath / path
        files = [where] if where.is_file() else sorted(where.rglob("*.y*ml"))
        if not files:
            pytest.fail(f"{where} 里没有排演。", pytrace=False)
        problems = [
            f"{file.name}：{problem}"
            for file in files
            for problem in played(
                dangwu_plugins, decoded(file.read_bytes(), str(file)), where=file.name
            ).problems
        ]
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)

    return all_hold


@pytest.fixture
def facet_laws() -> FacetLaws:
    """`facet_laws(Visits)`: a facet of one's own is put through the laws; what does not hold fails the test."""

    @exits.caught()
    def kept(kind: type[Facet]) -> None:
        found = laws.broken(kind)
        if found:
            pytest.fail("\n".join(one.sentence for one in found), pytrace=False)

    return kept
