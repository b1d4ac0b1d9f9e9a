"""A chart of counts: bars with their figures, dark and light, so that it is read in print and without colour."""

from __future__ import annotations

import sys
from urllib.parse import quote

from pygal import HorizontalStackedBar, PluginImportFixer
from pygal.style import Style

from core.register.values import MEMBERSHIP
from core.statistics.counts import Counts

# pygal looks for its maps by a finder of Python 2, at which whoever asks every finder falls over; no map is drawn here.
sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, PluginImportFixer)]

MOST_BARS = 20
WIDTH, ROW, AROUND, DIGIT = 760, 34, 90, 7
"""Pixels: of the picture, of a bar, of what stands around the bars, of a figure's digit."""

FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'
STYLE = Style(
    background="#ffffff", plot_background="#ffffff", foreground="#1f2329", foreground_strong="#1f2329",
    foreground_subtle="#646a73",
    opacity="1", opacity_hover="1", font_family=FONT, label_font_size=13, major_label_font_size=13, legend_font_size=13,
    value_font_size=12, colors=("#8a1f1b", "#e9b3ac", "#5b6470", "#aab1bb", "#d9dde2"),
    value_colors=("#ffffff", "#1f2329", "#ffffff", "#1f2329", "#1f2329"),
)  # fmt: skip


def chart(found: Counts) -> tuple[str, int, int]:
    """The first lines as an image's address (`data:`), its width and height."""
    lines = found.lines[:MOST_BARS]
    # Chinese letters are twice as wide as pygal reckons: hence the margin.
    longest = max(len(_short(line.title)) for line in lines)
    height = AROUND + ROW * len(lines)
    drawn = HorizontalStackedBar(
        style=STYLE, width=WIDTH, height=height, js=(), disable_xml_declaration=True, print_values=True, print_zeroes=False,
        legend_at_bottom=True, legend_at_bottom_columns=5, x_labels=[_short(line.title) for line in reversed(lines)],
        value_formatter=_figure, margin=8,
        margin_left=12 + 7 * longest, margin_bottom=44, spacing=8,
        show_x_labels=False, truncate_label=-1, show_x_guides=False,
    )  # fmt: skip
    most = max(sum(line.counts.values()) for line in lines)
    for standing in found.standings():
        counts = [line.counts.get(standing, 0) for line in reversed(lines)]
        drawn.add(MEMBERSHIP[standing], [_bar(count, most) for count in counts])
    return f"data:image/svg+xml,{quote(drawn.render(is_unicode=True))}", WIDTH, height


def _bar(count: int, most: int) -> dict[str, object]:
    """A bar; without its figure where that is wider than the bar, and would stand on the next one's (the table has them all)."""
    fits = count * (WIDTH - 2 * AROUND) >= most * DIGIT * (len(_figure(count)) + 1)
    return {"value": count, "formatter": _figure if fits else _nothing}


def _figure(count: float) -> str:
    return f"{count:,.0f}"


def _nothing(_: float) -> str:
    return ""


def _short(title: str) -> str:
    return title if len(title) <= 14 else f"{title[:13]}…"
