"""What every page of the portal shows of the pages that editors write."""

from django import template

from cms.portal import figures
from cms.portal.contact import contact

register = template.Library()


@register.simple_tag
def portal_pages() -> list[dict[str, str]]:
    """Return the texts below the home page in the reader's language: [{title, href}]."""
    return figures.texts()


@register.simple_tag
def portal_news() -> str:
    """Return the address of the list of news in the reader's language; "" where it has none."""
    return str(figures.news_list())


@register.simple_tag
def portal_contact() -> dict[str, str]:
    """Return what editors filled in about how to reach the house: {telephone, email, address, hours}."""
    return contact()
