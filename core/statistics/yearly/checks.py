"""What must agree in the yearly tables (年末＝年初＋增−减；预备党员；各分组合计＝总数), in words where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.statistics.flows import CONVERTED, LINES, Flows
from core.statistics.yearly.model import Check, Table, declared


def checked(tables: Mapping[str, Table], flows: Flows) -> tuple[Check, ...]:
    """All of them, in the order of the tables."""
    if not tables:
        return ()
    return (*_flow(flows), *_groups(tables, flows), *_organisations(tables))


def _flow(flows: Flows) -> Iterator[Check]:
    missing = flows.missing
    yield Check(
        "正式党员年末＝年初＋增−减",
        f"年末 {flows.after.full} 人，按年初和各项增减应为 {flows.after.full - missing.full} 人。"
        if missing.full
        else "",
    )
    yield Check(
        "预备党员年末＝上年结转＋接收和转入−转正−取消和离开",
        f"年末 {flows.after.probationary} 人，按上年结转和各项增减应为 {flows.after.probationary - missing.probationary} 人。"
        if missing.probationary
        else "",
    )
    turned = next((one for one in flows.changes if one.title == LINES[CONVERTED]), None)
    yield Check(
        "转正：预备党员减少的＝正式党员增加的",
        f"预备党员减少 {-turned.probationary} 人，正式党员增加 {turned.full} 人。"
        if turned and turned.members
        else "",
    )


def _groups(tables: Mapping[str, Table], flows: Flows) -> Iterator[Check]:
    came = next((one.members for one in flows.changes if one.title == LINES["admitted"]), 0)
    for of, column, everybody, title in (
        ("members", "members", flows.after.members, "年末党员"),
        ("admitted", "people", came, "全年发展党员"),
    ):
        for one in declared(of):  # type: ignore[arg-type]
            table = tables[one.id]
            counted = table.sum(list(one.columns).index(column))
            yield Check(
                f"{one.title}各组合计＝{title}",
                f"各组合计 {counted} 人，{title} {everybody} 人。" if counted != everybody else "",
            )


def _organisations(tables: Mapping[str, Table]) -> Iterator[Check]:
    for one in declared("organisations"):
        places = {name: place for place, name in enumerate(one.columns)}
        before, founded, dissolved, after = (
            tables[one.id].sum(places[name]) for name in ("before", "founded", "dissolved", "after")
        )
        yield Check(
            "基层组织年末＝年初＋成立−撤销",
            f"年末 {after} 个，年初 {before} 个，成立 {founded} 个，撤销 {dissolved} 个。"
            if after != before + founded - dissolved
            else "",
        )
