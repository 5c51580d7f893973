"""The tone of a state, from a noun's own table of tones, and the state as a pill."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms.templatetags.languages import lang_of

register = template.Library()


@register.filter
def tone(tones: Mapping[str, str], state: str) -> str:
    """Return the tone of a state: `{{ tones|tone:lot.state }}`; an unknown state is idle."""
    return tones.get(state, "idle")


@register.simple_tag
def pill(text: str, tone: str = "") -> SafeString:
    """Print a state as components/pill.html says: `{% pill lot.get_state_display row.tone %}`."""
    return format_html('<span class="pill" data-tone="{}"{}>{}</span>', tone or "idle", lang_of(text), text)
