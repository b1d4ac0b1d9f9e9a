"""金华市 2014 若干意见（20 条）与「五星管理」（政策见 policy.yaml）；星级分布和年度计划的使用另成统计里的表。"""

from collections.abc import Iterator
from datetime import date

from dangwu import Figures, Report, hookimpl

STARS = {
    "five-star": "五星", "four-star": "四星", "three-star": "三星", "two-star": "二星", "one-star": "一星",
}  # fmt: skip
NOTE = "星级由党组织研究评定，不是国家规定的正式等次；没有人数比例的要求。"


@hookimpl
def dangwu_reports(figures: Figures, today: date) -> Iterator[Report]:
    """五星管理（第 14 条）的星级分布，年度计划（第 13 条）的使用情况；没有评过、没有计划的不列。"""
    stars = figures.grades.get("five-stars", {})
    if rated := sum(stars.values()):
        rows = (
            (title, str(stars.get(one, 0)), _share(stars.get(one, 0), rated)) for one, title in STARS.items()
        )
        yield Report("五星管理星级分布", ("星级", "人次", "占已评的"), tuple(rows), NOTE)
    if plan := figures.plans.get("admission-plan"):
        row = (plan.total, plan.named, plan.admitted, max(plan.total - plan.admitted, 0))
        columns = ("计划数", "列入人选", "已接收", "尚余")
        yield Report(f"{today.year} 年发展党员计划使用情况", columns, (tuple(map(str, row)),))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}"
