"""The search box of the admin's first page."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.staff.finding import first_area

register = template.Library()
BOX = re.compile(r'<form\b[^>]*\brole="search"[^>]*>.*?</form>', re.DOTALL)
ACTION, PLACEHOLDER = re.compile(r'\baction="[^"]*"'), re.compile(r'\bplaceholder="[^"]*"')


@register.simple_tag(takes_context=True)
def search_elsewhere(context: template.Context, page: str) -> SafeString:
    """Return Wagtail's first page with its box leading to where this person's search begins; without it if nowhere."""
    area = first_area(context["request"])
    if area is None:
        return mark_safe(BOX.sub("", page))
    words = escape(_("Search in %(listing)s") % {"listing": area.label})

    def lead(box: re.Match[str]) -> str:
        led = ACTION.sub(lambda _found: f'action="{escape(area.url)}"', box[0], count=1)
        return PLACEHOLDER.sub(lambda _found: f'placeholder="{words}"', led, count=1)

    return mark_safe(BOX.sub(lead, page))
