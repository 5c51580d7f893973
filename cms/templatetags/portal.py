"""What every page of the portal shows of the pages that editors write."""

from django import template

from cms.portal import figures

register = template.Library()


@register.simple_tag
def portal_pages() -> list[dict[str, str]]:
    """Return the texts below the home page in the reader's language: [{title, href}]."""
    return figures.texts()
