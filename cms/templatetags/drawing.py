"""Drawings made on the server: icons, our marks, bars, QR codes. Lengths are SVG attributes, never CSS."""

import functools
from typing import Any

import segno
from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_outline

register = template.Library()

BOWL = '<path d="M8 10h64c0 18-12 28-24 31v4H32v-4C20 38 8 28 8 10z"/><path d="M22 20c6-3 12-3 18 0s12 3 18 0"/>'
MARK = (
    '<path d="M3 9.5h30c0 9.8-4.6 16.3-9.5 18.6V31h-11v-2.9C7.6 25.8 3 19.3 3 9.5z" fill="#17685a"/>'
    '<path d="M6.6 15.2c3.8-2.2 7.6-2.2 11.4 0s7.6 2.2 11.4 0" fill="none" stroke="#cfe6dc" stroke-width="2"'
    ' stroke-linecap="round"/><path d="M9 20.2c3-1.7 6-1.7 9 0s6 1.7 9 0" fill="none" stroke="#9fc7b7"'
    ' stroke-width="2" stroke-linecap="round"/><path d="M3 9.5h30" stroke="#9fc7b7" stroke-width="2.5"'
    ' stroke-linecap="round"/>'
)
CLUSTERS = {
    "eyewear": '<circle cx="9" cy="18" r="5.5"/><circle cx="23" cy="18" r="5.5"/><path d="M14.5 17c1-1.2 2-1.2 3 0'
    'M3.5 17 2 13M28.5 17l1.5-4"/>',
    "locks": '<path d="M7 14.5h18V26H7zM10.5 14.5V11a5.5 5.5 0 0 1 11 0v3.5M16 19v3"/>'
    '<circle cx="16" cy="18.5" r="1.2"/>',
    "valves": '<path d="M4 13v10l12-5 12 5V13l-12 5zM16 18V9M11 9h10"/>',
    "footwear": '<path d="M4.5 8.5v12h23c0-3.2-2.4-4.5-5.5-5-3.5-.6-6-3-7.5-6.5-1.8 1.8-4 2-6 .8C7 9 5.8 8.5 4.5 8.5z'
    'M4.5 20.5V24h23v-3.5M16.2 12.5l2.3-1.6M18.6 15l2-1.7"/>',
    "lasers": '<path d="M4 16h13M17 16l10-8M17 16h11M17 16l10 8M7 12v8"/>',
    "vehicles": '<circle cx="16" cy="16" r="9"/><circle cx="16" cy="16" r="3"/>'
    '<path d="M16 7v6M16 19v6M7 16h6M19 16h6"/>',
    "security": '<path d="M4 11l17-4 3 7-17 5zM10 18v6M6 24h8M24 14l4-1"/>',
}


@functools.lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    drawn = heroicon_outline(name, size=None, **{"class": "icon", "aria-hidden": "true"})
    return mark_safe(drawn)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a heroicon (24 px outline) by its name: `{% icon "magnifying-glass" %}`. Words stand beside it."""
    return _icon(name)


@register.simple_tag
def brand_mark() -> SafeString:
    """Draw the bowl of the platform's name."""
    return mark_safe(f'<svg viewBox="0 0 36 36" aria-hidden="true">{MARK}</svg>')


@register.simple_tag
def bowl() -> SafeString:
    """Draw the empty bowl of empty states."""
    return mark_safe(
        f'<svg viewBox="0 0 80 48" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">{BOWL}</svg>'
    )


@register.simple_tag
def cluster_glyph(name: str) -> SafeString:
    """Draw the glyph of an industry cluster (eyewear, locks, valves, footwear, lasers, vehicles, security).

    An unknown name gets the bowl, so that a new cluster never breaks a page.
    """
    if name not in CLUSTERS:
        return format_html('<svg class="icon" viewBox="0 0 80 48" aria-hidden="true">{}</svg>', mark_safe(BOWL))
    return mark_safe(f'<svg class="icon" viewBox="0 0 32 32" aria-hidden="true">{CLUSTERS[name]}</svg>')


@register.simple_tag
def trl_cells(level: int | None) -> SafeString:
    """Draw the nine cells of a technology readiness level, in three reaches."""
    cells = "".join(
        f'<rect{" class=on" if step <= (level or 0) else ""} x="{(step - 1) * 10 + (step - 1) // 3 * 2}" width="8"'
        ' height="8"/>'
        for step in range(1, 10)
    )
    return mark_safe(f'<svg viewBox="0 0 92 8" preserveAspectRatio="none" aria-hidden="true">{cells}</svg>')


@register.simple_tag
def bar(share: Any, label: str = "", second: Any = None) -> SafeString:
    """Draw a bar filled to `share` (0–1); with `second`, a second part follows in the lighter green.

    `label` says the same in words for readers; without it the bar is decoration.
    """
    first = max(0.0, min(1.0, float(share or 0))) * 100
    parts = f'<rect class="v" width="{first:.1f}" height="8"/>'
    if second is not None:
        rest = max(0.0, min(100 - first, float(second) * 100))
        parts += f'<rect class="w" x="{first:.1f}" width="{rest:.1f}" height="8"/>'
    voice = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(
        f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" {voice}>'
        f'<rect width="100" height="8"/>{parts}</svg>'
    )


@register.simple_tag
def qr_code(text: str, label: str) -> SafeString:
    """Draw a QR code that holds `text`; `label` says what scanning it shows."""
    size, path = _qr_path(text)
    return format_html(
        '<svg viewBox="-2 -2 {0} {0}" role="img" aria-label="{1}"><path d="{2}"/></svg>', size, label, path
    )


@functools.lru_cache(maxsize=256)  # 6 ms each, on pages that many look at and few print
def _qr_path(text: str) -> tuple[int, str]:
    code = segno.make(text, error="m")
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark)
    return len(code.matrix) + 4, path
