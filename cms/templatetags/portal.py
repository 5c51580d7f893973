"""What every page of the portal shows of the pages that editors write."""

from urllib.parse import urlsplit

from django import template
from django.urls import Resolver404, resolve

from cms.portal import figures
from cms.portal.contact import contact
from cms.portal.places import Place

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


@register.simple_tag(takes_context=True)
def on_the_way(context: template.Context) -> str:
    """Return the name of the place a reader was on the way to when asked to sign in; "" where it has none."""
    request = context.get("request")
    wanted = (request.POST.get("next") or request.GET.get("next", "")) if request else ""
    try:
        name = resolve(urlsplit(wanted).path).url_name
    except (Resolver404, ValueError):
        return ""
    return str(Place(name).label) if name in Place.values else ""
