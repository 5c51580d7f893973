"""Charts as server-side SVG: from zero, labelled directly, bars are links; the page shows a table beside them."""

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template

register = template.Library()

GAP = 4  # between two labels
LEFT, RIGHT, TOP, BOTTOM = 44, 710, 22, 190
PLAIN, PHONE = 226, 23  # height without years under the labels; the largest type (figures.css), in units of the drawing
STEPS = (1, 2, 2.5, 5, 10)
MIDDLE, WIDEST, HAIRLINE = 75, 70, 0.6


def _top_of(values: Iterable[float]) -> tuple[float, float]:
    """Return (highest grid line, distance of grid lines) for three to five lines over zero."""
    most = max([*values, 0]) or 1
    rough = most / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * step for step in STEPS if size * step >= rough)
    return math.ceil(most / step) * step, step


def _height(value: float, top: float) -> float:
    return round(value / top * (BOTTOM - TOP), 1)


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _rounded(value: float) -> str:
    """Print what stands over a bar: from a hundred on without decimals, for the table beside has them."""
    return _number(round(value) if value >= 100 else value)


@register.inclusion_tag("components/chart_bar.html")
def bar_chart(rows: Iterable[Mapping[str, Any]], *, title: str, id: str, unit: str = "") -> dict[str, Any]:
    """Draw bars: rows [{label, value, text, href, spoken, second, previous}] in the unit printed.

    `second` is a part of `value` beside it in the lighter green, `previous` a dashed line (the year before).
    `under` stands below the label (a year). `title` says the finding in one sentence; `id` is unique on the page.
    What would run into its neighbour on a phone is left out: labels at even steps, numbers of the lower bars first.
    """
    rows = list(rows)
    numbers = [
        float(row[name]) for row in rows for name in ("value", "second", "previous") if row.get(name) is not None
    ]
    top, step = _top_of(numbers)
    cell = (RIGHT - LEFT) / max(len(rows), 1)
    paired = any(row.get("second") is not None for row in rows)
    width = round(min(36, cell * (0.38 if paired else 0.5)), 1)
    bars = [_bar(row, LEFT + cell * (index + 0.5), width, top, paired=paired) for index, row in enumerate(rows)]
    _leave_out(bars, cell)
    line = [
        f"{'L' if index else 'M'}{bar['x']} {BOTTOM - _height(float(row['previous']), top)}"
        for index, (bar, row) in enumerate(zip(bars, rows, strict=True))
        if row.get("previous") is not None
    ]
    grid = [{"y": BOTTOM - _height(n * step, top), "text": _number(n * step)} for n in range(round(top / step) + 1)]
    height = PLAIN + (PHONE if any(bar.get("under") for bar in bars) else 0)
    frame = {"title": title, "id": id, "unit": unit, "width": width, "height": height}
    return {"bars": bars, "grid": grid, "line": " ".join(line), **frame}


def wide(text: str) -> float:
    """Return about how wide a text is in the chart's largest type: Hanzi are square, the rest a little over half."""
    return sum(PHONE * (1 if unicodedata.east_asian_width(each) in "WF" else 0.58) for each in text)


def _leave_out(bars: Sequence[dict[str, Any]], cell: float) -> None:
    """Empty every label and number that would touch another."""
    step = max(1, math.ceil(max((wide(bar["label"]) for bar in bars), default=0) / (cell - GAP)))
    kept: list[dict[str, Any]] = []
    for place, bar in enumerate(bars):
        if place % step:
            bar["label"] = ""
    for bar in sorted(bars, key=lambda each: each["high"], reverse=True):
        if not bar["high"] or any(_touch(bar, other) for other in kept):
            bar["text"] = ""
        else:
            kept.append(bar)


def _touch(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    apart = abs(one["text_x"] - other["text_x"])
    is_beside = apart < (wide(one["text"]) + wide(other["text"])) / 2
    return bool(is_beside and abs(one["text_y"] - other["text_y"]) < PHONE)


def _bar(row: Mapping[str, Any], middle: float, width: float, top: float, *, paired: bool) -> dict[str, Any]:
    """Place one bar (and its second) around the middle of its cell."""
    high = _height(float(row["value"]), top)
    first = middle - width - 2 if paired else middle - width / 2
    placed = {
        **row,
        "x": round(middle, 1),
        "left": round(first, 1),
        "y": round(BOTTOM - high, 1),
        "high": high,
        "label": str(row["label"]),
        "text": row.get("text") or _rounded(float(row["value"])),
        "text_x": round(first + width / 2, 1),
        "text_y": round(BOTTOM - high - 7, 1),
    }
    if row.get("second") is not None:
        second = _height(float(row["second"]), top)
        placed |= {"second_left": round(middle + 2, 1), "second_y": round(BOTTOM - second, 1), "second_high": second}
    return placed


@register.filter
def stream_path(stages: Iterable[Mapping[str, Any]]) -> str:
    """Return the path of the home page's stream: width in true proportion to each stage's count, zero a hairline."""
    counts = [stage["count"] for stage in stages]
    most = max([*counts, 1])
    halves = [max(HAIRLINE, WIDEST * count / most) for count in counts]
    width = 1000 / max(len(counts), 1)
    upper, lower = [f"M0 {MIDDLE - halves[0]:.1f}"], []
    for index, half in enumerate(halves):
        flat, end = index * width + width * 0.72, (index + 1) * width
        bend = (flat + end) / 2
        following = halves[index + 1] if index + 1 < len(halves) else half
        upper.append(
            f"L{flat:.0f} {MIDDLE - half:.1f}C{bend:.0f} {MIDDLE - half:.1f} {bend:.0f} {MIDDLE - following:.1f}"
            f" {end:.0f} {MIDDLE - following:.1f}"
        )
        lower.append(
            f"L{end:.0f} {MIDDLE + following:.1f}C{bend:.0f} {MIDDLE + following:.1f} {bend:.0f} {MIDDLE + half:.1f}"
            f" {flat:.0f} {MIDDLE + half:.1f}"
        )
    return "".join(upper) + "".join(reversed(lower)) + f"L0 {MIDDLE + halves[0]:.1f}Z"
