"""The search box of the admin's first page."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from wagtail.admin.forms.search import SearchForm

from cms.staff.finding import first_area

register = template.Library()


@register.simple_tag(takes_context=True)
def search_begins(context: template.Context) -> dict[str, Any] | None:
    """Return where the search of this person begins, and the form that asks there; None where they search nothing."""
    area = first_area(context["request"])
    if area is None:
        return None
    return {"area": area, "form": SearchForm(placeholder=_("Search in %(listing)s") % {"listing": area.label})}
