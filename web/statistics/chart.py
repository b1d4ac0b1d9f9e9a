"""A chart of counts: bars with their figures, dark and light, so that it is read in print and without colour."""

from __future__ import annotations

import sys
from typing import NamedTuple
from urllib.parse import quote

from pygal import HorizontalStackedBar, PluginImportFixer
from pygal.style import Style

from core.register.values import MEMBERSHIP
from core.statistics.counts import Counts

# pygal looks for its maps by a finder of Python 2, at which whoever asks every finder falls over; no map is drawn here.
sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, PluginImportFixer)]

MOST_BARS = 20
ROW, AROUND, DIGIT = 34, 90, 7
"""Pixels: of a bar, of what stands around the bars, of a figure's digit."""


class Shape(NamedTuple):
    """A picture's width in pixels, the letters that a bar's name may have, the columns and the pixels of the legend."""

    width: int
    letters: int
    columns: int
    legend: int


WIDE, NARROW = Shape(760, 14, 5, 44), Shape(330, 7, 2, 78)
"""For an office screen, for a phone."""


FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
STYLE = Style(
    background="#ffffff", plot_background="#ffffff", foreground="#1f2329", foreground_strong="#1f2329",
    foreground_subtle="#646a73",
    opacity="1", opacity_hover="1", font_family=FONT, label_font_size=13, major_label_font_size=13, legend_font_size=13,
    value_font_size=12, colors=("#8a1f1b", "#e9b3ac", "#5b6470", "#aab1bb", "#d9dde2"),
    value_colors=("#ffffff", "#1f2329", "#ffffff", "#1f2329", "#1f2329"),
)  # fmt: skip
CSS = (
    "file://style.css",
    "file://graph.css",
    """inline:@media (prefers-color-scheme: dark) {
  svg { background: #17191d !important; } .background { fill: #17191d !important; }
  .legend text, .axis text { fill: #e6e8eb !important; }
}""",
)
"""pygal's own, and the page's paper and ink at night."""


class Picture(NamedTuple):
    """An image's address (`data:`), its width and height."""

    address: str
    width: int
    height: int


def chart(found: Counts, shape: Shape) -> Picture:
    """The first lines."""
    lines = found.lines[:MOST_BARS]
    names = [_short(line.title, shape.letters) for line in reversed(lines)]
    height = AROUND - WIDE.legend + shape.legend + ROW * len(lines)
    drawn = HorizontalStackedBar(
        style=STYLE, css=CSS, width=shape.width, height=height, js=(), disable_xml_declaration=True, print_values=True,
        print_zeroes=False, legend_at_bottom=True, legend_at_bottom_columns=shape.columns, x_labels=names,
        # Chinese letters are twice as wide as pygal reckons: hence the margin.
        value_formatter=_figure, margin=8, margin_left=12 + 7 * max(map(len, names)), margin_bottom=shape.legend, spacing=8,
        show_x_labels=False, truncate_label=-1, show_x_guides=False,
    )  # fmt: skip
    most = max(sum(line.counts.values()) for line in lines)
    for standing in found.standings():
        counts = [line.counts.get(standing, 0) for line in reversed(lines)]
        drawn.add(MEMBERSHIP[standing], [_bar(count, most, shape.width) for count in counts])
    return Picture(f"data:image/svg+xml,{quote(drawn.render(is_unicode=True))}", shape.width, height)


def _bar(count: int, most: int, width: int) -> dict[str, object]:
    """A bar; without its figure where that is wider than the bar, and would stand on the next one's (the table has them all)."""
    fits = count * (width - 2 * AROUND) >= most * DIGIT * (len(_figure(count)) + 1)
    return {"value": count, "formatter": _figure if fits else _nothing}


def _figure(count: float) -> str:
    return f"{count:,.0f}"


def _nothing(_: float) -> str:
    return ""


def _short(title: str, letters: int) -> str:
    return title if len(title) <= letters else f"{title[: letters - 1]}…"
