"""The tone of a state, from a noun's own table of tones."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def tone(tones: Mapping[str, str], state: str) -> str:
    """Return the tone of a state: `{{ tones|tone:lot.state }}`; an unknown state is idle."""
    return tones.get(state, "idle")
