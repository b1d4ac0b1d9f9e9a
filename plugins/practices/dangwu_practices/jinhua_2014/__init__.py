"""金华市 2014 年若干意见（政策见 policy.yaml），和统计里的一张表：党员星级的分布（第 14、16 条）。"""

from collections.abc import Iterator

from dangwu import Figures, Report, hookimpl

SCHEME = "five-stars"
STARS = {
    "five-star": "五星",
    "four-star": "四星",
    "three-star": "三星",
    "two-star": "二星",
    "one-star": "一星",
}
LOW = ("two-star", "one-star")
NOTE = (
    "今年各期和去年各期评定的合在一起，一人每期算一次。二星以下为低星级是推断；只供研究，不定比例、不下指标。"
)


@hookimpl
def dangwu_reports(figures: Figures) -> Iterator[Report]:
    """How the stars are spread, once some are decided."""
    found = figures.grades.get(SCHEME, {})
    total = sum(found.get(star, 0) for star in STARS)
    if not total:
        return
    rows = [(title, found.get(star, 0)) for star, title in STARS.items()]
    rows.append(("其中低星级（二星以下）", sum(found.get(star, 0) for star in LOW)))
    shown = tuple((title, str(count), f"{count * 100 / total:.1f}%") for title, count in rows)
    yield Report("党员星级分布", ("星级", "人次", "比例"), shown, NOTE)
